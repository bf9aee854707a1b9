//! A connection of ours as NetworkManager's settings, and back.
//!
//! May use: the model, zbus. Used by: `reading` and `change`.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use zbus::{OwnedVariant, Variant};

use super::proxies::Settings;
use crate::model::{
    AccessPoint, Band, Channel, Connection, DeviceName, Passphrase, Protection, Role, Ssid, Subnet, Uplink,
    WiredAddress,
};

pub(super) const WIFI: &str = "802-11-wireless";
pub(super) const SECURITY: &str = "802-11-wireless-security";
const WIRED: &str = "802-3-ethernet";

/// Properties that NetworkManager leaves out when it tells the settings, because what we set is
/// its default; and the passphrase, which it tells only when asked for secrets.
const NOT_TOLD: [(&str, &str); 3] = [("connection", "autoconnect"), (WIFI, "hidden"), (SECURITY, "psk")];

type Group = BTreeMap<String, OwnedVariant>;

/// Whether a connection is to stay.
///
/// NetworkManager remembers it in the connection itself: one on trial does not come up by itself,
/// so that what remains of it when it has been taken back does no harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Until somebody confirms it.
    OnTrial,
    /// For good.
    Kept,
}

/// By their UUIDs our connections are known again, whatever somebody named theirs.
pub(super) const fn uuid(role: Role) -> &'static str {
    match role {
        Role::AccessPoint => "6b656c61-7300-4000-8000-6b656c617301",
        Role::Uplink => "6b656c61-7300-4000-8000-6b656c617302",
    }
}

/// Which of ours has this UUID.
pub(super) fn role(uuid_found: &str) -> Option<Role> {
    Role::ALL.into_iter().find(|role| uuid(*role) == uuid_found)
}

/// The settings that `connection` is written as.
pub(super) fn write(connection: &Connection, stage: Stage) -> Settings {
    let mut settings = match connection {
        Connection::AccessPoint(access_point) => write_access_point(access_point),
        Connection::Uplink(uplink) => write_uplink(uplink),
    };
    let head = settings.get_mut("connection").expect("every connection is written with its head");
    head.insert("autoconnect".to_owned(), value(stage == Stage::Kept));
    settings
}

fn write_access_point(access_point: &AccessPoint) -> Settings {
    let band = match access_point.channel.band() {
        Band::Ghz2 => "bg",
        Band::Ghz5 => "a",
    };
    let (low, high) = access_point.subnet.pool();
    let mut settings = Settings::from([
        ("connection".into(), head(Role::AccessPoint, WIFI, &access_point.device)),
        (
            WIFI.into(),
            group([
                ("ssid", value(access_point.ssid.as_bytes().to_vec())),
                ("mode", value("ap")),
                // Band and channel together: the Pi's firmware cannot choose one by itself.
                ("band", value(band)),
                ("channel", value(u32::from(access_point.channel.number()))),
                ("hidden", value(false)),
                // Browsers in the class talk to each other, so stations must reach each other.
                ("ap-isolation", value(0_i32)),
                // 2 is "off": a sleeping radio makes calls stutter.
                ("powersave", value(2_u32)),
            ]),
        ),
        (
            "ipv4".into(),
            group([
                // NetworkManager gives out addresses and names through its own dnsmasq.
                ("method", value("shared")),
                ("address-data", addresses(access_point.subnet)),
                ("shared-dhcp-range", value(format!("{low},{high}"))),
                // Seconds: a school day and more, so that a phone keeps its address through it.
                ("shared-dhcp-lease-time", value(43_200_i32)),
            ]),
        ),
        ("ipv6".into(), no_ipv6()),
    ]);
    if let Protection::Wpa2(passphrase) = &access_point.protection {
        settings.insert(SECURITY.into(), write_protection(passphrase));
    }
    settings
}

/// WPA2 and nothing else: the Pi's firmware has no SAE, and with TKIP or WPA1 offered beside it
/// old phones choose the weaker.
fn write_protection(passphrase: &Passphrase) -> Group {
    group([
        ("key-mgmt", value("wpa-psk")),
        ("psk", value(passphrase.reveal().to_owned())),
        ("proto", value(vec!["rsn".to_owned()])),
        ("pairwise", value(vec!["ccmp".to_owned()])),
        ("group", value(vec!["ccmp".to_owned()])),
        // 1 is "disable": protected management frames make the Pi's access point refuse stations.
        ("pmf", value(1_i32)),
        // 1 is "disabled": joining by pressing a button is a way around the passphrase.
        ("wps-method", value(1_u32)),
    ])
}

fn write_uplink(uplink: &Uplink) -> Settings {
    match uplink {
        Uplink::Wired { device, address } => Settings::from([
            ("connection".into(), head(Role::Uplink, WIRED, device)),
            (WIRED.into(), Group::new()),
            ("ipv4".into(), write_address(address)),
            ("ipv6".into(), no_ipv6()),
        ]),
        Uplink::Wifi { device, ssid, passphrase } => {
            let wifi = [("ssid", value(ssid.as_bytes().to_vec())), ("mode", value("infrastructure"))];
            let mut settings = Settings::from([
                ("connection".into(), head(Role::Uplink, WIFI, device)),
                (WIFI.into(), group(wifi)),
                ("ipv4".into(), by_dhcp()),
                ("ipv6".into(), no_ipv6()),
            ]);
            if let Some(passphrase) = passphrase {
                let security =
                    [("key-mgmt", value("wpa-psk")), ("psk", value(passphrase.reveal().to_owned()))];
                settings.insert(SECURITY.into(), group(security));
            }
            settings
        }
    }
}

fn write_address(address: &WiredAddress) -> Group {
    match address {
        WiredAddress::Dynamic => by_dhcp(),
        WiredAddress::Fixed { subnet, gateway, resolvers } => {
            let mut fixed = group([
                ("method", value("manual")),
                ("address-data", addresses(*subnet)),
                ("gateway", value(gateway.to_string())),
            ]);
            if !resolvers.is_empty() {
                let resolvers: Vec<String> = resolvers.iter().map(ToString::to_string).collect();
                fixed.insert("dns-data".into(), value(resolvers));
            }
            fixed
        }
    }
}

/// For as long as it takes: after a power cut a school's router is often up later than the box.
fn by_dhcp() -> Group {
    group([("method", value("auto")), ("dhcp-timeout", value(i32::MAX))])
}

fn head(role: Role, kind: &str, device: &DeviceName) -> Group {
    let (id, priority) = match role {
        // Above whatever else may want the radio, so that the class has its Wi-Fi after a restart.
        Role::AccessPoint => ("Kelas access point", 100_i32),
        Role::Uplink => ("Kelas uplink", 50_i32),
    };
    group([
        ("id", value(id)),
        ("uuid", value(uuid(role))),
        ("type", value(kind.to_owned())),
        ("interface-name", value(device.as_str().to_owned())),
        ("autoconnect-priority", value(priority)),
        // Without end: by default NetworkManager rests for five minutes after four failures.
        ("autoconnect-retries", value(0_i32)),
    ])
}

/// The site, its names and the firewall are IPv4; a second family would be a way past them.
fn no_ipv6() -> Group {
    group([("method", value("disabled"))])
}

fn addresses(subnet: Subnet) -> OwnedVariant {
    let address = BTreeMap::from([
        ("address".to_owned(), Variant::from(subnet.address().to_string())),
        ("prefix".to_owned(), Variant::from(u32::from(subnet.prefix()))),
    ]);
    value(vec![address])
}

fn group<const COUNT: usize>(properties: [(&str, OwnedVariant); COUNT]) -> Group {
    properties.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn value(raw: impl Into<Variant<'static>>) -> OwnedVariant {
    raw.into().try_into_owned().expect("only a file descriptor can fail to be owned, and there is none")
}

/// What `settings` of ours say, with the passphrase that was asked for apart. None if it is not
/// exactly what we would write: then somebody altered it.
pub(super) fn read(role: Role, settings: &Settings, psk: Option<&str>) -> Option<(Connection, Stage)> {
    let connection = match role {
        Role::AccessPoint => Connection::AccessPoint(read_access_point(settings, psk)?),
        Role::Uplink => Connection::Uplink(read_uplink(settings, psk)?),
    };
    let by_itself = find(settings, "connection", "autoconnect");
    let stage = match by_itself.map(|value| value.downcast_ref::<bool>()) {
        None | Some(Ok(true)) => Stage::Kept,
        Some(Ok(false)) => Stage::OnTrial,
        Some(Err(_)) => return None,
    };
    let told = |group: &str, name: &str, expected: &OwnedVariant| match find(settings, group, name) {
        Some(found) => found == expected,
        None => NOT_TOLD.contains(&(group, name)),
    };
    let as_written = write(&connection, stage)
        .iter()
        .all(|(group, properties)| properties.iter().all(|(name, expected)| told(group, name, expected)));
    as_written.then_some((connection, stage))
}

fn read_access_point(settings: &Settings, psk: Option<&str>) -> Option<AccessPoint> {
    let band = match text(settings, WIFI, "band")?.as_str() {
        "bg" => Band::Ghz2,
        "a" => Band::Ghz5,
        _ => return None,
    };
    let number: u32 = find(settings, WIFI, "channel")?.downcast_ref().ok()?;
    let protection = match (settings.contains_key(SECURITY), psk) {
        (false, _) => Protection::Open,
        (true, psk) => Protection::Wpa2(Passphrase::parse(psk?).ok()?),
    };
    Some(AccessPoint {
        device: device(settings)?,
        ssid: ssid(settings)?,
        protection,
        channel: Channel::new(band, u8::try_from(number).ok()?).ok()?,
        subnet: subnet(settings)?,
    })
}

fn read_uplink(settings: &Settings, psk: Option<&str>) -> Option<Uplink> {
    let device = device(settings)?;
    if text(settings, "connection", "type")? == WIFI {
        let passphrase =
            if settings.contains_key(SECURITY) { Some(Passphrase::parse(psk?).ok()?) } else { None };
        return Some(Uplink::Wifi { device, ssid: ssid(settings)?, passphrase });
    }
    let address = if text(settings, "ipv4", "method")? == "auto" {
        WiredAddress::Dynamic
    } else {
        let gateway = text(settings, "ipv4", "gateway")?.parse().ok()?;
        WiredAddress::fixed(subnet(settings)?, gateway, resolvers(settings)?).ok()?
    };
    Some(Uplink::Wired { device, address })
}

fn resolvers(settings: &Settings) -> Option<Vec<Ipv4Addr>> {
    let Some(found) = find(settings, "ipv4", "dns-data") else { return Some(Vec::new()) };
    let names: Vec<String> = found.try_clone().ok()?.try_into().ok()?;
    names.iter().map(|name| name.parse().ok()).collect()
}

fn device(settings: &Settings) -> Option<DeviceName> {
    DeviceName::parse(&text(settings, "connection", "interface-name")?).ok()
}

fn ssid(settings: &Settings) -> Option<Ssid> {
    let bytes: Vec<u8> = find(settings, WIFI, "ssid")?.try_clone().ok()?.try_into().ok()?;
    Ssid::from_bytes(&bytes)
}

fn subnet(settings: &Settings) -> Option<Subnet> {
    let all: Vec<BTreeMap<String, OwnedVariant>> =
        find(settings, "ipv4", "address-data")?.try_clone().ok()?.try_into().ok()?;
    let [only] = all.as_slice() else { return None };
    let address: String = only.get("address")?.downcast_ref().ok()?;
    let prefix: u32 = only.get("prefix")?.downcast_ref().ok()?;
    Subnet::new(address.parse().ok()?, u8::try_from(prefix).ok()?).ok()
}

/// A property that is text.
pub(super) fn text(settings: &Settings, group: &str, name: &str) -> Option<String> {
    find(settings, group, name)?.downcast_ref().ok()
}

fn find<'a>(settings: &'a Settings, group: &str, name: &str) -> Option<&'a OwnedVariant> {
    settings.get(group)?.get(name)
}
