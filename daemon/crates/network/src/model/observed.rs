//! What is there: devices, what radios can do, connections, and who has joined.

use std::net::Ipv4Addr;

use base::Code;

use super::{Band, Connection, DeviceName, HardwareAddress, Role};

/// Everything that the plan looks at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Observed {
    /// Whether radios may send.
    pub radios: Switch,
    /// The devices that are managed, by name.
    pub devices: Vec<Device>,
    /// The connections that are known.
    pub profiles: Vec<Profile>,
}

impl Observed {
    /// The device of that name.
    pub fn device(&self, name: &DeviceName) -> Option<&Device> {
        self.devices.iter().find(|device| device.name == *name)
    }

    /// Our connection for `role`.
    pub fn ours(&self, role: Role) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.ours.as_ref().is_some_and(|ours| ours.role == role))
    }

    /// What keeps a Wi-Fi from being opened, whatever is wanted.
    pub fn problems(&self) -> Vec<Problem> {
        let radios = || self.devices.iter().filter_map(|device| device.kind.radio());
        let mut problems = Vec::new();
        if self.radios == Switch::Blocked {
            problems.push(Problem::RadioBlocked);
        }
        if radios().next().is_none() {
            problems.push(Problem::RadioMissing);
        } else if !radios().any(|radio| radio.access_point) {
            problems.push(Problem::RadioWithoutAccessPoint);
        }
        problems
    }
}

/// Whether radios may send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Switch {
    /// They may.
    #[default]
    On,
    /// Switched off by software; it can be switched on.
    Off,
    /// Blocked by a switch or by the firmware: nobody can switch it on from here.
    Blocked,
}

/// A network device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its interface.
    pub name: DeviceName,
    /// What it is.
    pub kind: DeviceKind,
    /// Its own address, if it told one.
    pub hardware_address: Option<HardwareAddress>,
}

/// What a device is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceKind {
    /// For a cable.
    Wired {
        /// Whether a cable with something alive at its end is plugged in.
        carrier: bool,
    },
    /// A radio.
    Wireless(Radio),
}

impl DeviceKind {
    /// The radio, if it is one.
    pub const fn radio(&self) -> Option<&Radio> {
        match self {
            Self::Wireless(radio) => Some(radio),
            Self::Wired { .. } => None,
        }
    }
}

/// What a radio can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Radio {
    /// Whether it can open a Wi-Fi.
    pub access_point: bool,
    /// Its bands.
    pub bands: Vec<Band>,
    /// How many stations it takes at once; none if nobody has counted that for it.
    pub seats: Option<u16>,
}

/// A connection that is known, ours or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its UUID.
    pub uuid: String,
    /// Which of ours it is; none if it is somebody else's, and then it is never touched.
    pub ours: Option<Ours>,
    /// Whether it would survive a restart exactly as it is.
    pub kept: bool,
    /// Whether it is in use.
    pub activity: Activity,
}

/// Whether a connection is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// Not.
    Idle,
    /// On its way, in either direction.
    Changing,
    /// In use.
    Active,
}

/// A connection of ours as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ours {
    /// What it is for.
    pub role: Role,
    /// What it says; none if somebody changed it to something that we would not write.
    pub connection: Option<Connection>,
}

/// A device that has joined the box's Wi-Fi.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Station {
    /// Its address on the air, which many phones invent for each Wi-Fi.
    pub hardware_address: HardwareAddress,
    /// The address that it was given, once it has been heard of with it.
    pub address: Option<Ipv4Addr>,
}

/// What keeps the network from being as it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Problem {
    /// NetworkManager does not answer.
    Away,
    /// There is no radio.
    RadioMissing,
    /// The radio is blocked.
    RadioBlocked,
    /// No radio here can open a Wi-Fi.
    RadioWithoutAccessPoint,
}

impl Problem {
    /// Its code, whose sentence people read.
    pub const fn code(self) -> Code {
        match self {
            Self::Away => Code::NetworkUnavailable,
            Self::RadioMissing => Code::RadioMissing,
            Self::RadioBlocked => Code::RadioBlocked,
            Self::RadioWithoutAccessPoint => Code::RadioWithoutAccessPoint,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(name: &str, kind: DeviceKind) -> Device {
        Device { name: DeviceName::parse(name).expect("a name"), kind, hardware_address: None }
    }

    #[test]
    fn what_keeps_a_wifi_from_being_opened_is_named() {
        let wired = device("eth0", DeviceKind::Wired { carrier: true });
        let station = Radio { access_point: false, bands: vec![Band::Ghz2], seats: None };
        let able = Radio { access_point: true, ..station.clone() };
        let mut observed = Observed { devices: vec![wired], ..Observed::default() };
        assert_eq!(observed.problems(), [Problem::RadioMissing]);
        observed.devices.push(device("wlan0", DeviceKind::Wireless(station)));
        observed.radios = Switch::Blocked;
        assert_eq!(observed.problems(), [Problem::RadioBlocked, Problem::RadioWithoutAccessPoint]);
        observed.devices.push(device("wlan1", DeviceKind::Wireless(able)));
        observed.radios = Switch::Off;
        assert_eq!(observed.problems(), []);
    }
}
