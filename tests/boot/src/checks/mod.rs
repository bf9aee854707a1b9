//! What must hold on a booted card, each asked of the guest or of the site.

pub(crate) mod binding;
pub(crate) mod clock;
pub(crate) mod hotspot;
pub(crate) mod network;
pub(crate) mod portal;
pub(crate) mod sharing;
pub(crate) mod storage;
pub(crate) mod system;
pub(crate) mod trust;
