//! The box's network in our own words: what there is, what is wanted, the steps from one to the
//! other, and NetworkManager, which carries them out.
//!
//! `model` has the checked values, `plan` decides without doing, `port` is what the rest of the
//! daemon sees, `nm` is the only code that knows D-Bus, and `fake` stands in for it in tests.
//!
//! Tested against a fake NetworkManager on the far end of a real D-Bus connection: every byte of
//! the calls, the order of the steps, rolling back, and that the service may go and come. Not yet
//! tried against NetworkManager itself, which belongs to the booted image with virtual radios:
//! that it takes each property and gives it back so that the connection is recognised as
//! unchanged, that its checkpoint brings back a profile that was changed in memory only, and
//! that the access point is heard in the air.
//!
//! May use: `base`, tokio, zbus (in `nm` only). Used by: the daemon's hotspot.

pub mod fake;
pub mod model;
pub mod nm;
mod plan;
mod port;

pub use plan::{Plan, Settling, Step, plan};
pub use port::{Answer, Applied, Network, Status};
