//! Reading what there is.
//!
//! May use: the model, the proxies. Used by: `nm`.

use base::limits::NETWORK_OBJECTS;
use zbus::proxy::CacheProperties;
use zbus::{Connection as Bus, OwnedObjectPath};

use super::proxies::{
    ActiveProxy, DeviceProxy, ManagerProxy, ProfileProxy, ProfilesProxy, WiredProxy, WirelessProxy,
};
use super::seats;
use super::settings::{self, Stage};
use crate::model::{
    Activity, Band, Device, DeviceKind, DeviceName, HardwareAddress, Observed, Ours, Profile, Radio, Role,
    Switch,
};

/// `NMDeviceType`.
const ETHERNET: u32 = 1;
const WIFI: u32 = 2;
/// A wire between two networks of one machine; it takes the same profiles as any wire.
const VETH: u32 = 20;
/// `NMDeviceWifiCapabilities`.
const ACCESS_POINT: u32 = 0x40;
const GHZ_2: u32 = 0x200;
const GHZ_5: u32 = 0x400;
/// `NMActiveConnectionState`.
pub(super) const ACTIVATED: u32 = 2;

/// What there is, and where it is on the bus.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) observed: Observed,
    pub(super) devices: Vec<(DeviceName, OwnedObjectPath)>,
    pub(super) profiles: Vec<(Role, OwnedObjectPath)>,
    pub(super) active: Vec<(Role, OwnedObjectPath)>,
}

impl Reading {
    /// Where the device `name` is.
    pub(super) fn device(&self, name: &DeviceName) -> Option<&OwnedObjectPath> {
        self.devices.iter().find(|(known, _)| known == name).map(|(_, path)| path)
    }
}

/// A proxy that asks each time; values of before a restart would be lies.
macro_rules! proxy {
    ($proxy:ident, $bus:expr) => {
        $proxy::builder($bus).cache_properties(CacheProperties::No).build().await?
    };
    ($proxy:ident, $bus:expr, $path:expr) => {
        $proxy::builder($bus).path($path.clone()).cache_properties(CacheProperties::No).build().await?
    };
}
pub(super) use proxy;

/// Reads all of it. An object that goes away meanwhile is left out.
pub(super) async fn read(bus: &Bus) -> zbus::Result<Reading> {
    let manager = proxy!(ManagerProxy, bus);
    let mut reading = Reading::default();
    reading.observed.radios =
        match (manager.wireless_hardware_enabled().await?, manager.wireless_enabled().await?) {
            (false, _) => Switch::Blocked,
            (true, false) => Switch::Off,
            (true, true) => Switch::On,
        };
    for path in manager.devices().await?.into_iter().take(NETWORK_OBJECTS) {
        if let Some(device) = still_there(read_device(bus, &path).await)?.flatten() {
            reading.devices.push((device.name.clone(), path));
            reading.observed.devices.push(device);
        }
    }
    let mut active = Vec::new();
    for path in manager.active_connections().await?.into_iter().take(NETWORK_OBJECTS) {
        if let Some((uuid, activity)) = still_there(read_active(bus, &path).await)? {
            reading.active.extend(settings::role(&uuid).map(|role| (role, path)));
            active.push((uuid, activity));
        }
    }
    for path in proxy!(ProfilesProxy, bus).list_connections().await?.into_iter().take(NETWORK_OBJECTS) {
        if let Some((profile, stage)) = still_there(read_profile(bus, &path, &active).await)? {
            reading.profiles.extend(profile.ours.as_ref().map(|ours| (ours.role, path)));
            // What remains of a change that was taken back is nothing but a place to write to.
            if stage == Stage::Kept || profile.activity != Activity::Idle {
                reading.observed.profiles.push(profile);
            }
        }
    }
    reading.observed.devices.sort_by(|one, other| one.name.cmp(&other.name));
    reading.observed.profiles.sort_by(|one, other| one.uuid.cmp(&other.uuid));
    Ok(reading)
}

async fn read_device(bus: &Bus, path: &OwnedObjectPath) -> zbus::Result<Option<Device>> {
    let device = proxy!(DeviceProxy, bus, path);
    let kind = device.device_type().await?;
    let Ok(name) = DeviceName::parse(&device.interface().await?) else { return Ok(None) };
    if !device.managed().await? {
        return Ok(None);
    }
    let kind = match kind {
        ETHERNET | VETH => DeviceKind::Wired { carrier: proxy!(WiredProxy, bus, path).carrier().await? },
        WIFI => {
            let capabilities = proxy!(WirelessProxy, bus, path).wireless_capabilities().await?;
            DeviceKind::Wireless(radio(capabilities, seats::here(&name)))
        }
        _ => return Ok(None),
    };
    let hardware_address = HardwareAddress::parse(&device.hw_address().await?);
    Ok(Some(Device { name, kind, hardware_address }))
}

fn radio(capabilities: u32, seats: Option<u16>) -> Radio {
    let bands = [(GHZ_2, Band::Ghz2), (GHZ_5, Band::Ghz5)];
    Radio {
        access_point: capabilities & ACCESS_POINT != 0,
        bands: bands.into_iter().filter(|(bit, _)| capabilities & bit != 0).map(|(_, band)| band).collect(),
        seats,
    }
}

async fn read_active(bus: &Bus, path: &OwnedObjectPath) -> zbus::Result<(String, Activity)> {
    let active = proxy!(ActiveProxy, bus, path);
    let activity = if active.state().await? == ACTIVATED { Activity::Active } else { Activity::Changing };
    Ok((active.uuid().await?, activity))
}

async fn read_profile(
    bus: &Bus,
    path: &OwnedObjectPath,
    active: &[(String, Activity)],
) -> zbus::Result<(Profile, Stage)> {
    let profile = proxy!(ProfileProxy, bus, path);
    let told = profile.get_settings().await?;
    let uuid = settings::text(&told, "connection", "uuid").unwrap_or_default();
    let activity = active.iter().find(|(known, _)| *known == uuid).map_or(Activity::Idle, |(_, it)| *it);
    let Some(role) = settings::role(&uuid) else {
        let kept = !profile.unsaved().await?;
        return Ok((Profile { uuid, ours: None, kept, activity }, Stage::Kept));
    };
    // The passphrases of others are not even asked for.
    let secrets = if told.contains_key(settings::SECURITY) {
        profile.get_secrets(settings::SECURITY).await?
    } else {
        super::proxies::Settings::new()
    };
    let psk = settings::text(&secrets, settings::SECURITY, "psk");
    let (connection, stage) = settings::read(role, &told, psk.as_deref()).unzip();
    let stage = stage.unwrap_or(Stage::Kept);
    // Whether it is unsaved says nothing: after a change was taken back NetworkManager holds in
    // memory what the card has as well.
    let kept = stage == Stage::Kept;
    Ok((Profile { uuid, ours: Some(Ours { role, connection }), kept, activity }, stage))
}

/// None for an object that has gone since it was listed.
fn still_there<T>(result: zbus::Result<T>) -> zbus::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(zbus::Error::FDO(error))
            if matches!(
                *error,
                zbus::fdo::Error::UnknownObject(_)
                    | zbus::fdo::Error::UnknownMethod(_)
                    | zbus::fdo::Error::UnknownInterface(_)
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
