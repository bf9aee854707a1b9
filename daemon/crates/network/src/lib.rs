//! The box's network in our own words: what there is, what is wanted, and the steps from one to
//! the other.
//!
//! `model` has the checked values, `plan` decides without doing, `port` is what the rest of the
//! daemon sees, and `fake` stands in for the network in tests.
//!
//! May use: `base`, tokio. Used by: nothing yet; the daemon's setup will.

pub mod fake;
pub mod model;
mod plan;
mod port;

pub use plan::{Plan, Settling, Step, plan};
pub use port::{Answer, Applied, Network, Status};
