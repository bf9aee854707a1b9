//! What a network is in our own words: checked values on the way in, observations on the way out.
//!
//! May use: `base`. Used by: the plan, the port and everything behind it.

mod address;
mod country;
mod observed;
mod radio;
mod wanted;
mod wifi;

pub use address::{DeviceName, HardwareAddress, Subnet};
pub use country::Country;
pub use observed::{Activity, Device, DeviceKind, Observed, Ours, Problem, Profile, Radio, Station, Switch};
pub use radio::{Band, Channel};
pub use wanted::{AccessPoint, Connection, Role, Uplink, Wanted, WiredAddress};
pub use wifi::{Passphrase, Protection, Ssid};
