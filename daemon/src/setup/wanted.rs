//! From the answers to the network that they ask for, on the devices that there are.
//!
//! May use: `draft`, `network`. Used by: `setup`.

use std::net::Ipv4Addr;

use base::{Code, Error, Result};
use network::model::{AccessPoint, Band, Device, DeviceKind, DeviceName, Observed, Subnet, Uplink, Wanted};

use super::draft::{Draft, WifiAnswer};

/// The box's address in its own Wi-Fi: the same before and after the wizard, so that the page that
/// asked for the change is still a page of the box after it.
pub(super) const ADDRESS: (Ipv4Addr, u8) = (Ipv4Addr::new(10, 42, 0, 1), 24);

/// The network of the box's own Wi-Fi.
pub(super) fn own_subnet() -> Subnet {
    Subnet::new(ADDRESS.0, ADDRESS.1).expect("a private address that one device can have")
}

impl Draft {
    /// What the network shall be; nothing if it stays as it is.
    ///
    /// # Errors
    /// `setup_incomplete`; `radio_missing`, `cable_missing`, `cable_needed`. Whether the rest is
    /// possible is the plan's to say.
    pub(super) fn wanted(&self, observed: &Observed) -> Result<Option<Wanted>> {
        let incomplete = || Error::new(Code::SetupIncomplete);
        let access_point = match self.wifi.as_ref().ok_or_else(incomplete)? {
            WifiAnswer::Leave => return Ok(None),
            WifiAnswer::Schools => None,
            WifiAnswer::Own(wifi) => Some(AccessPoint {
                device: radio(observed, wifi.channel.band())?,
                ssid: wifi.ssid.clone(),
                protection: wifi.protection.clone(),
                channel: wifi.channel,
                subnet: own_subnet(),
            }),
        };
        let uplink = match &self.wired.as_ref().ok_or_else(incomplete)?.address {
            None if access_point.is_none() => return Err(Error::new(Code::CableNeeded)),
            None => None,
            Some(address) => Some(Uplink::Wired { device: cable(observed)?, address: address.clone() }),
        };
        Ok(Some(Wanted { access_point, uplink }))
    }
}

/// The radio that suits best; if none does, one of which the plan can say why not.
fn radio(observed: &Observed, band: Band) -> Result<DeviceName> {
    let radios = || observed.devices.iter().filter_map(|device| Some((device, device.kind.radio()?)));
    let opens = |band: Option<Band>| {
        radios().find(|(_, radio)| radio.access_point && band.is_none_or(|band| radio.bands.contains(&band)))
    };
    let found = opens(Some(band)).or_else(|| opens(None)).or_else(|| radios().next());
    found.map(|(device, _)| device.name.clone()).ok_or_else(|| Error::new(Code::RadioMissing))
}

/// The wired device with something at its end, else the first.
fn cable(observed: &Observed) -> Result<DeviceName> {
    let wired = |device: &&Device| matches!(device.kind, DeviceKind::Wired { .. });
    let live = |device: &&Device| device.kind == DeviceKind::Wired { carrier: true };
    let mut devices = observed.devices.iter();
    let found = devices.clone().find(live).or_else(|| devices.find(wired));
    found.map(|device| device.name.clone()).ok_or_else(|| Error::new(Code::CableMissing))
}
