//! Reads `systemd/` and `buildroot-overlay/` as an image does: installs them into a root of its own,
//! lets systemd's own programs judge it, and runs the programs of the overlay in it. No service
//! manager has to run. A network of its own with a station, the box and an uplink tries the firewall.
//!
//! May use: systemd's programs, `BusyBox`. Used by: the tests beside it.

mod card;
mod lan;
mod power;
mod root;
mod unit;

pub use card::Card;
pub use lan::{Lan, Program, Reply, with_lan};
pub use root::Root;
pub use unit::{Unit, overlay, services, sockets, units};
