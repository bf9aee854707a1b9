//! Connections as they are written for NetworkManager, and read again.

use std::net::Ipv4Addr;

use proptest::prelude::*;
use zbus::OwnedVariant;

use super::{access_point, name};
use crate::model::*;
use crate::nm::proxies::Settings;
use crate::nm::settings::{self, Stage};

#[test]
fn each_property_of_the_access_point_has_its_type_and_value() {
    let told = settings::write(&Connection::AccessPoint(access_point()), Stage::Kept);
    let mut lines: Vec<String> = told
        .iter()
        .flat_map(|(group, properties)| {
            properties
                .iter()
                .map(move |(name, value)| format!("{group}.{name} {} {}", value.value_signature(), &**value))
        })
        .collect();
    lines.sort();
    let expected = [
        "802-11-wireless-security.group as [\"ccmp\"]",
        "802-11-wireless-security.key-mgmt s \"wpa-psk\"",
        "802-11-wireless-security.pairwise as [\"ccmp\"]",
        "802-11-wireless-security.pmf i 1",
        "802-11-wireless-security.proto as [\"rsn\"]",
        "802-11-wireless-security.psk s \"rahasia sekali\"",
        "802-11-wireless-security.wps-method u uint32 1",
        "802-11-wireless.ap-isolation i 0",
        "802-11-wireless.band s \"bg\"",
        "802-11-wireless.channel u uint32 6",
        "802-11-wireless.hidden b false",
        "802-11-wireless.mode s \"ap\"",
        "802-11-wireless.powersave u uint32 2",
        "802-11-wireless.ssid ay [byte 0x4b, 0x65, 0x6c, 0x61, 0x73, 0x20, 0x37, 0x42]",
        "connection.autoconnect b true",
        "connection.autoconnect-priority i 100",
        "connection.autoconnect-retries i 0",
        "connection.id s \"Kelas access point\"",
        "connection.interface-name s \"wlan0\"",
        "connection.type s \"802-11-wireless\"",
        "connection.uuid s \"6b656c61-7300-4000-8000-6b656c617301\"",
        "ipv4.address-data aa{sv} [{\"address\": <\"10.42.0.1\">, \"prefix\": <uint32 24>}]",
        "ipv4.method s \"shared\"",
        "ipv4.shared-dhcp-lease-time i 43200",
        "ipv4.shared-dhcp-range s \"10.42.0.20,10.42.0.250\"",
        "ipv6.method s \"disabled\"",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn an_open_access_point_has_no_security_at_all() {
    let open = AccessPoint { protection: Protection::Open, ..access_point() };
    assert!(!settings::write(&Connection::AccessPoint(open), Stage::Kept).contains_key(settings::SECURITY));
}

#[test]
fn what_somebody_altered_is_not_ours_any_more() {
    let written = settings::write(&Connection::AccessPoint(access_point()), Stage::Kept);
    let read = |told: &Settings, psk| settings::read(Role::AccessPoint, told, psk);
    assert_eq!(
        read(&written, Some("rahasia sekali")),
        Some((Connection::AccessPoint(access_point()), Stage::Kept))
    );
    assert_eq!(read(&written, None), None);
    for (group, properties) in &written {
        for name in properties.keys().filter(|name| *name != "psk") {
            let mut altered = written.clone();
            let other = OwnedVariant::try_from(zbus::Variant::from(77_u64)).expect("a number");
            altered.get_mut(group).expect("it is there").insert(name.clone(), other);
            assert_eq!(read(&altered, Some("rahasia sekali")), None, "{group}.{name}");
        }
    }
}

fn any_connection() -> impl Strategy<Value = Connection> {
    let ssid = "[a-zA-Z 😀]{1,8}".prop_filter_map("not blank", |raw| Ssid::parse(&raw).ok());
    let passphrase = prop::option::of("[ -~]{8,63}".prop_map(|raw| Passphrase::parse(&raw).expect("fits")));
    let channels = [Band::Ghz2, Band::Ghz5]
        .into_iter()
        .flat_map(|band| band.channels().iter().map(move |it| Channel::new(band, *it).expect("a channel")));
    let channel = prop::sample::select(channels.collect::<Vec<_>>());
    let subnet = (any::<u32>(), 8u8..=30)
        .prop_filter_map("usable", |(bits, prefix)| Subnet::new(Ipv4Addr::from_bits(bits), prefix).ok());
    (ssid, passphrase, channel, subnet, 0u8..4).prop_map(|(ssid, passphrase, channel, subnet, kind)| {
        let device = name("dev0");
        let (gateway, _) = subnet.pool();
        match kind {
            0 => Connection::AccessPoint(AccessPoint {
                device,
                ssid,
                protection: passphrase.map_or(Protection::Open, Protection::Wpa2),
                channel,
                subnet,
            }),
            1 => Connection::Uplink(Uplink::Wifi { device, ssid, passphrase }),
            2 => Connection::Uplink(Uplink::Wired { device, address: WiredAddress::Dynamic }),
            _ => {
                let resolvers = vec![gateway; usize::from(subnet.prefix() % 3)];
                let address = WiredAddress::fixed(subnet, gateway, resolvers).expect("a neighbour");
                Connection::Uplink(Uplink::Wired { device, address })
            }
        }
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(connection in any_connection(), kept in any::<bool>()) {
        let stage = if kept { Stage::Kept } else { Stage::OnTrial };
        let told = settings::write(&connection, stage);
        let psk = settings::text(&told, settings::SECURITY, "psk");
        prop_assert_eq!(settings::read(connection.role(), &told, psk.as_deref()), Some((connection, stage)));
    }
}
