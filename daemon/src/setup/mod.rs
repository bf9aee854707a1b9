//! Setting the box up: what a technician has answered, how that is kept over a power cut, and how
//! it becomes the box's network on trial.
//!
//! No page is written here. What is kept is the [`Draft`], each answer checked or absent, and
//! beside it the answers that are in force. A change of the network may cut off the browser that
//! asked for it; so it is a task of its own ([`change`]), which pages only follow.
//!
//! May use: `base`, `store`, `network`, `host`, `hotspot`, `i18n`, `auth`, `names`, `tasks`. Used by: `backup`, `site`, `run`.
//!
//! Architecture invariant: a passphrase is never logged; types that hold one do not print it.

mod change;
mod conduct;
mod draft;
mod handle;
mod kept;
mod moved;
mod passphrase;
mod progress;
mod step;
mod takeover;
#[cfg(test)]
mod tests;
mod wanted;

pub(crate) use draft::{CertificateAnswer, Draft, OwnWifi, School, TimeAnswer, WifiAnswer, WiredAnswer};
pub(crate) use handle::{Parts, Proof, Setup, names};
pub(crate) use kept::Kept;
pub(crate) use moved::{Goal, arrive, school};
pub(crate) use progress::{Progress, Stage};
pub(crate) use step::Step;
