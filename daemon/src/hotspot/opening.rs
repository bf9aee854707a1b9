//! Which setup hotspot to open, if any: decides and does nothing.
//!
//! May use: `network`. Used by: `keeper`, `status`.

use std::net::Ipv4Addr;

use network::model::{
    AccessPoint, Activity, Band, Channel, Connection, Device, HardwareAddress, Observed, Protection, Role,
    Ssid, Subnet, Wanted,
};

/// The box's address in its own Wi-Fi, also in the one that a technician sets up: whoever has
/// opened a page by it finds the box there again.
const ADDRESS: Ipv4Addr = Ipv4Addr::new(10, 42, 0, 1);
const PREFIX: u8 = 24;
const NAME_PREFIX: &str = "Kelas-";

/// The subnet of every Wi-Fi that the box opens.
pub(crate) fn subnet() -> Subnet {
    Subnet::new(ADDRESS, PREFIX).expect("an address in the middle of a private network is usable")
}

/// Whether this is a setup hotspot: open, and named by a radio.
pub(crate) fn is_setup(access_point: &AccessPoint) -> bool {
    let digits = access_point.ssid.as_bytes().strip_prefix(NAME_PREFIX.as_bytes());
    let named = digits.is_some_and(|digits| digits.len() == 4 && digits.iter().all(u8::is_ascii_hexdigit));
    named && access_point.protection == Protection::Open
}

/// What to make of the network of a box that nobody has claimed; none if it is right already, if
/// it cannot be made right, or if a class's access point is there.
pub(super) fn wanted(observed: &Observed) -> Option<Wanted> {
    let access_point = setup_hotspot(observed)?;
    if let Some(profile) = observed.ours(Role::AccessPoint) {
        let known = match profile.ours.as_ref().and_then(|ours| ours.connection.as_ref()) {
            Some(Connection::AccessPoint(known)) if is_setup(known) => known,
            // A class's, or somebody altered it: both were somebody's will.
            _ => return None,
        };
        if *known == access_point && profile.kept && profile.activity != Activity::Idle {
            return None;
        }
    }
    let uplink = observed.ours(Role::Uplink).and_then(|profile| profile.ours.as_ref()?.connection.clone());
    let uplink = match uplink {
        Some(Connection::Uplink(uplink)) if *uplink.device() != access_point.device => Some(uplink),
        _ => None,
    };
    Some(Wanted { access_point: Some(access_point), uplink })
}

/// The setup hotspot on the first radio that can open one and has the band that every phone has.
fn setup_hotspot(observed: &Observed) -> Option<AccessPoint> {
    if !observed.problems().is_empty() {
        return None;
    }
    let able = |device: &&Device| {
        device.kind.radio().is_some_and(|radio| radio.access_point && radio.bands.contains(&Band::Ghz2))
    };
    let device = observed.devices.iter().find(able)?;
    Some(AccessPoint {
        device: device.name.clone(),
        ssid: ssid(device.hardware_address),
        protection: Protection::Open,
        channel: Channel::usual(),
        subnet: subnet(),
    })
}

/// A name that tells two boxes in one hall apart.
fn ssid(hardware_address: Option<HardwareAddress>) -> Ssid {
    let HardwareAddress([.., first, last]) = hardware_address.unwrap_or(HardwareAddress([0; 6]));
    Ssid::parse(&format!("{NAME_PREFIX}{first:02X}{last:02X}")).expect("ten letters and digits are a name")
}

#[cfg(test)]
mod tests {
    use network::fake;
    use network::model::{DeviceKind, DeviceName, Passphrase, Radio, Switch};
    use network::{Settling, Step};

    use super::*;

    fn device(name: &str, kind: DeviceKind) -> Device {
        let hardware_address = HardwareAddress::parse("b8:27:eb:01:a2:0f");
        Device { name: DeviceName::parse(name).expect("a name"), kind, hardware_address }
    }

    fn radio(access_point: bool) -> DeviceKind {
        DeviceKind::Wireless(Radio { access_point, bands: vec![Band::Ghz2, Band::Ghz5], seats: None })
    }

    fn board() -> Observed {
        let devices = vec![
            device("eth0", DeviceKind::Wired { carrier: true }),
            device("wlan0", radio(false)),
            device("wlan1", radio(true)),
        ];
        Observed { devices, ..Observed::default() }
    }

    /// As it is once `access_point` has been applied and confirmed.
    fn with(mut observed: Observed, access_point: AccessPoint) -> Observed {
        fake::carry_out(&mut observed, Step::Write(Connection::AccessPoint(access_point)));
        fake::carry_out(&mut observed, Step::Activate(Role::AccessPoint));
        fake::settle(&mut observed, Settling::Keep(Role::AccessPoint));
        observed
    }

    fn opened(observed: &Observed) -> AccessPoint {
        wanted(observed).expect("something to do").access_point.expect("an access point")
    }

    #[test]
    fn it_is_open_named_by_its_radio_and_on_the_first_that_is_able() {
        let access_point = opened(&board());
        assert_eq!(access_point.device.as_str(), "wlan1");
        assert_eq!(access_point.ssid.to_string(), "Kelas-A20F");
        assert_eq!(access_point.protection, Protection::Open);
        assert_eq!(access_point.channel.frequency_mhz(), 2_437);
        assert!(is_setup(&access_point));
    }

    #[test]
    fn once_open_nothing_is_left_to_do_until_it_goes_down_or_its_radio_is_another() {
        let mut observed = with(board(), opened(&board()));
        assert_eq!(wanted(&observed), None);
        observed.profiles[0].activity = Activity::Changing;
        assert_eq!(wanted(&observed), None);
        observed.profiles[0].activity = Activity::Idle;
        assert_eq!(opened(&observed), opened(&board()));
        let mut observed = with(board(), opened(&board()));
        observed.devices[2].hardware_address = HardwareAddress::parse("b8:27:eb:01:00:01");
        assert_eq!(opened(&observed).ssid.to_string(), "Kelas-0001");
    }

    #[test]
    fn without_a_radio_that_may_send_there_is_nothing_to_open() {
        let mut observed = board();
        observed.radios = Switch::Blocked;
        assert_eq!(wanted(&observed), None);
        observed.radios = Switch::Off;
        assert!(wanted(&observed).is_some());
        observed.devices.truncate(2);
        assert_eq!(wanted(&observed), None);
        assert_eq!(wanted(&Observed::default()), None);
    }

    #[test]
    fn a_classs_access_point_is_left_alone_also_when_it_is_down_or_altered() {
        let passphrase = Passphrase::parse("rahasia sekali").expect("fits");
        let class = AccessPoint { protection: Protection::Wpa2(passphrase), ..opened(&board()) };
        let named = AccessPoint { ssid: Ssid::parse("Kelas-7B").expect("fits"), ..opened(&board()) };
        for access_point in [class, named] {
            let mut observed = with(board(), access_point);
            assert_eq!(wanted(&observed), None);
            observed.profiles[0].activity = Activity::Idle;
            assert_eq!(wanted(&observed), None);
            observed.profiles[0].ours.as_mut().expect("ours").connection = None;
            assert_eq!(wanted(&observed), None);
        }
    }
}
