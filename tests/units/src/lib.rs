//! Reads `systemd/` as systemd does: installs it into a root of its own and lets systemd's own
//! programs judge it. No service manager has to run.
//!
//! May use: systemd's programs. Used by: the tests beside it.

mod root;
mod unit;

pub use root::Root;
pub use unit::{Unit, overlay, services, sockets, units};
