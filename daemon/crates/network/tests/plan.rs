//! The plan: refused where it cannot work, empty once carried out, and blind to what others own.

use std::net::Ipv4Addr;

use base::Code;
use network::fake::{carry_out, settle};
use network::model::*;
use network::{Plan, Settling, Step, plan};
use proptest::prelude::*;

fn name(raw: &str) -> DeviceName {
    DeviceName::parse(raw).expect("a device's name")
}

fn subnet(third: u8) -> Subnet {
    Subnet::new(Ipv4Addr::new(10, 42, third, 1), 24).expect("usable")
}

fn access_point(device: &str) -> AccessPoint {
    AccessPoint {
        device: name(device),
        ssid: Ssid::parse("Kelas").expect("a name"),
        protection: Protection::Wpa2(Passphrase::parse("rahasia sekali").expect("a passphrase")),
        channel: Channel::usual(),
        subnet: subnet(0),
    }
}

fn wired(address: WiredAddress) -> Uplink {
    Uplink::Wired { device: name("eth0"), address }
}

fn wifi(device: &str) -> Uplink {
    Uplink::Wifi { device: name(device), ssid: Ssid::parse("Sekolah").expect("a name"), passphrase: None }
}

fn device(raw: &str, kind: DeviceKind) -> Device {
    Device { name: name(raw), kind, hardware_address: None }
}

/// A Pi with a USB radio that has 2.4 GHz only, and one that cannot open a Wi-Fi.
fn board() -> Observed {
    let radio = |access_point, bands: &[Band]| {
        DeviceKind::Wireless(Radio { access_point, bands: bands.to_vec(), seats: None })
    };
    Observed {
        radios: Switch::On,
        devices: vec![
            device("eth0", DeviceKind::Wired { carrier: true }),
            device("wlan0", radio(true, &[Band::Ghz2, Band::Ghz5])),
            device("wlan1", radio(true, &[Band::Ghz2])),
            device("wlan2", radio(false, &[Band::Ghz2])),
        ],
        profiles: vec![Profile {
            uuid: "somebody-else".into(),
            ours: None,
            kept: true,
            activity: Activity::Active,
        }],
    }
}

fn refused(observed: &Observed, wanted: &Wanted) -> Code {
    plan(observed, wanted).expect_err("refused").code
}

fn carried_out(observed: &mut Observed, plan: Plan) {
    plan.steps.into_iter().for_each(|step| carry_out(observed, step));
    plan.settling.into_iter().for_each(|settling| settle(observed, settling));
}

#[test]
fn a_new_box_writes_and_activates_both() {
    let connection = Connection::AccessPoint(access_point("wlan0"));
    let uplink = wired(WiredAddress::Dynamic);
    let wanted = Wanted { access_point: Some(access_point("wlan0")), uplink: Some(uplink.clone()) };
    let mut observed = board();
    observed.radios = Switch::Off;
    let plan = plan(&observed, &wanted).expect("possible");
    let steps = [
        Step::SwitchOn,
        Step::Write(connection),
        Step::Activate(Role::AccessPoint),
        Step::Write(Connection::Uplink(uplink)),
        Step::Activate(Role::Uplink),
    ];
    assert_eq!(plan.steps, steps);
    assert_eq!(plan.settling, [Settling::Keep(Role::AccessPoint), Settling::Keep(Role::Uplink)]);
}

#[test]
fn one_radio_is_not_both_at_once() {
    let wanted = Wanted { access_point: Some(access_point("wlan0")), uplink: Some(wifi("wlan0")) };
    assert_eq!(refused(&board(), &wanted), Code::NetworkDeviceShared);
    let two = Wanted { uplink: Some(wifi("wlan2")), ..wanted };
    assert!(plan(&board(), &two).is_ok(), "a radio of its own");
}

#[test]
fn what_goes_makes_room_first() {
    let mut observed = board();
    let before = Wanted { access_point: Some(access_point("wlan1")), uplink: Some(wifi("wlan0")) };
    let first = plan(&observed, &before).expect("possible");
    carried_out(&mut observed, first);
    let after = Wanted { access_point: Some(access_point("wlan0")), uplink: None };
    let plan = plan(&observed, &after).expect("possible");
    assert_eq!(plan.steps[0], Step::Deactivate(Role::Uplink));
    assert_eq!(plan.settling, [Settling::Remove(Role::Uplink), Settling::Keep(Role::AccessPoint)]);
}

#[test]
fn what_the_radio_cannot_do_is_named() {
    let wanted = |access_point| Wanted { access_point: Some(access_point), uplink: None };
    assert_eq!(refused(&board(), &wanted(access_point("wlan2"))), Code::RadioWithoutAccessPoint);
    assert_eq!(refused(&board(), &wanted(access_point("wlan9"))), Code::NetworkDeviceUnknown);
    assert_eq!(refused(&board(), &wanted(access_point("eth0"))), Code::NetworkDeviceUnknown);
    let channel = Channel::new(Band::Ghz5, 36).expect("a channel");
    let five = AccessPoint { channel, ..access_point("wlan1") };
    assert_eq!(refused(&board(), &wanted(five)), Code::RadioWithoutBand);
    let blocked = Observed { radios: Switch::Blocked, ..board() };
    assert_eq!(refused(&blocked, &wanted(access_point("wlan0"))), Code::RadioBlocked);
    let mut without = board();
    without.devices.truncate(1);
    assert_eq!(refused(&without, &wanted(access_point("wlan0"))), Code::RadioMissing);
}

#[test]
fn a_cable_that_is_not_in_keeps_nobody_waiting() {
    let mut observed = board();
    observed.devices[0].kind = DeviceKind::Wired { carrier: false };
    let wanted = Wanted { access_point: None, uplink: Some(wired(WiredAddress::Dynamic)) };
    let plan = plan(&observed, &wanted).expect("possible");
    assert_eq!(plan.steps, [Step::Write(Connection::Uplink(wired(WiredAddress::Dynamic)))]);
}

#[test]
fn the_same_addresses_on_both_sides_are_refused() {
    let fixed = WiredAddress::fixed(
        Subnet::new(Ipv4Addr::new(10, 42, 0, 9), 16).expect("usable"),
        Ipv4Addr::new(10, 42, 3, 4),
        vec![],
    );
    let uplink = Some(wired(fixed.expect("an address")));
    let wanted = Wanted { access_point: Some(access_point("wlan0")), uplink };
    assert_eq!(refused(&board(), &wanted), Code::NetworkAddressShared);
}

#[test]
fn what_somebody_altered_is_written_anew() {
    let mut observed = board();
    observed.profiles.push(Profile {
        uuid: "ours".into(),
        ours: Some(Ours { role: Role::AccessPoint, connection: None }),
        kept: true,
        activity: Activity::Active,
    });
    let wanted = Wanted { access_point: Some(access_point("wlan0")), uplink: None };
    let plan = plan(&observed, &wanted).expect("possible");
    assert!(matches!(plan.steps[..], [Step::Write(_), Step::Activate(Role::AccessPoint)]), "{plan:?}");
}

fn any_wanted() -> impl Strategy<Value = Wanted> {
    let devices = || prop::sample::select(vec!["eth0", "wlan0", "wlan1", "wlan2", "wlan9"]);
    let channels = vec![(Band::Ghz2, 1), (Band::Ghz2, 6), (Band::Ghz5, 44)];
    let open =
        (devices(), "[a-z]{1,32}", prop::sample::select(channels)).prop_map(|(device, ssid, channel)| {
            AccessPoint {
                ssid: Ssid::parse(&ssid).expect("a name"),
                protection: Protection::Open,
                channel: Channel::new(channel.0, channel.1).expect("a channel"),
                ..access_point(device)
            }
        });
    let uplink = prop_oneof![
        Just(wired(WiredAddress::Dynamic)),
        (1u8..200).prop_map(|third| {
            let gateway = Ipv4Addr::new(10, 42, third, 254);
            wired(WiredAddress::fixed(subnet(third), gateway, vec![gateway]).expect("an address"))
        }),
        devices().prop_map(wifi),
    ];
    (prop::option::of(open), prop::option::of(uplink))
        .prop_map(|(access_point, uplink)| Wanted { access_point, uplink })
}

fn any_board() -> impl Strategy<Value = Observed> {
    let switch = prop::sample::select(vec![Switch::On, Switch::Off, Switch::Blocked]);
    (switch, any::<bool>(), 1usize..=4).prop_map(|(radios, carrier, count)| {
        let mut observed = Observed { radios, ..board() };
        observed.devices[0].kind = DeviceKind::Wired { carrier };
        observed.devices.truncate(count);
        observed
    })
}

proptest! {
    #[test]
    fn carried_out_there_is_nothing_left_to_do(
        mut observed in any_board(),
        history in prop::collection::vec(any_wanted(), 1..6),
    ) {
        let foreign = |observed: &Observed| -> Vec<Profile> {
            observed.profiles.iter().filter(|profile| profile.ours.is_none()).cloned().collect()
        };
        let strangers = foreign(&observed);
        for wanted in history {
            let before = observed.clone();
            if let Ok(steps) = plan(&observed, &wanted) {
                carried_out(&mut observed, steps);
                prop_assert_eq!(plan(&observed, &wanted).expect("it was possible"), Plan::default());
                for role in Role::ALL {
                    let says = observed.ours(role).and_then(|profile| profile.ours.clone());
                    prop_assert_eq!(says.and_then(|ours| ours.connection), wanted.connection(role));
                }
            } else {
                prop_assert_eq!(&observed, &before);
            }
            prop_assert_eq!(foreign(&observed), strangers.clone());
        }
    }

    #[test]
    fn no_device_is_ever_used_twice(observed in any_board(), wanted in any_wanted()) {
        if plan(&observed, &wanted).is_ok()
            && let (Some(access_point), Some(uplink)) = (&wanted.access_point, &wanted.uplink)
        {
            prop_assert_ne!(&access_point.device, uplink.device());
        }
    }
}
