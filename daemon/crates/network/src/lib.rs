//! The box's network in our own words: what there is, what is wanted, the steps from one to the
//! other, and NetworkManager, which carries them out.
//!
//! `model` has the checked values, `plan` decides without doing, `port` is what the rest of the
//! daemon sees, `nm` is the only code that knows D-Bus, and `fake` stands in for it in tests.
//!
//! Tested against a fake NetworkManager on the far end of a real D-Bus connection (every byte of
//! the calls, the order of the steps), and against NetworkManager itself in namespaces with a wire
//! (`tests/networkmanager.rs`): that it gives back what it was given, that a change is taken back,
//! and that it may be killed at any moment. The access point needs a radio and belongs to the
//! booted card.
//!
//! May use: `base`, tokio, zbus (in `nm` only). Used by: the daemon's hotspot.

pub mod fake;
pub mod model;
pub mod nm;
mod plan;
mod port;

pub use plan::{Plan, Settling, Step, plan};
pub use port::{Answer, Applied, Network, Status};
