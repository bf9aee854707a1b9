//! From the answers to the network that they ask for, on the devices that there are.
//!
//! May use: `draft`, `network`. Used by: `setup`.

use base::{Code, Error, Result};
use network::model::{AccessPoint, Band, Device, DeviceKind, DeviceName, Observed, Uplink, Wanted};

use super::draft::{Draft, OwnWifi, WifiAnswer};
use crate::hotspot;

impl Draft {
    /// What the network shall be.
    ///
    /// # Errors
    /// `setup_incomplete`; `radio_missing`, `cable_missing`, `cable_needed`. Whether the rest is
    /// possible is the plan's to say.
    pub(super) fn wanted(&self, observed: &Observed) -> Result<Wanted> {
        if self.wifi.is_none() || self.wired.is_none() {
            return Err(Error::new(Code::SetupIncomplete));
        }
        self.wanted_in_part(observed)
    }

    /// The same of what is answered so far.
    pub(super) fn wanted_in_part(&self, observed: &Observed) -> Result<Wanted> {
        let access_point = self.own_wifi().map(|wifi| access_point(observed, wifi)).transpose()?;
        let address = self.wired.as_ref().map(|wired| wired.address.as_ref());
        let uplink = match address {
            Some(None) if self.wifi == Some(WifiAnswer::Schools) => {
                return Err(Error::new(Code::CableNeeded));
            }
            Some(Some(address)) => Some(Uplink::Wired { device: cable(observed)?, address: address.clone() }),
            Some(None) | None => None,
        };
        if self.wifi == Some(WifiAnswer::Schools) {
            cable(observed)?;
        }
        Ok(Wanted { access_point, uplink })
    }
}

fn access_point(observed: &Observed, wifi: &OwnWifi) -> Result<AccessPoint> {
    Ok(AccessPoint {
        device: radio(observed, wifi.channel.band())?,
        ssid: wifi.ssid.clone(),
        protection: wifi.protection.clone(),
        channel: wifi.channel,
        subnet: hotspot::subnet(),
    })
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
