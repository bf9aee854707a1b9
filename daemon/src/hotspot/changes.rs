//! Changes of the network, each in the log with who asked for it, what it was and what came of it.
//! A passphrase is never among it.
//!
//! May use: `network`. Used by: `hotspot`.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use base::{Code, Result};
use network::model::{AccessPoint, Protection, Uplink, Wanted, WiredAddress};
use network::{Applied, Network};

/// The network behind a log.
pub(super) struct Changes {
    network: Arc<dyn Network>,
}

impl Changes {
    pub(super) const fn new(network: Arc<dyn Network>) -> Self {
        Self { network }
    }

    pub(super) fn network(&self) -> &dyn Network {
        &*self.network
    }

    pub(super) async fn apply(&self, who: &str, wanted: &Wanted) -> Result<Applied> {
        let result = self.network.apply(wanted).await;
        let what = What(wanted);
        match &result {
            Ok(Applied::Unchanged) => tracing::info!(who, %what, "the network is as wanted already"),
            Ok(Applied::OnTrial) => tracing::info!(who, %what, "the network is changed, on trial"),
            Err(error) => tracing::warn!(who, %what, %error, "the network could not be changed"),
        }
        result
    }

    pub(super) async fn take_up(&self, who: &str, wanted: &Wanted) -> Result<Option<u32>> {
        let result = self.network.take_up(wanted).await;
        let what = What(wanted);
        match &result {
            Ok(Some(left_s)) => tracing::info!(who, %what, left_s, "the changed network is on trial still"),
            Ok(None) => tracing::warn!(who, %what, "the changed network is taken back"),
            Err(error) => {
                tracing::warn!(who, %what, %error, "what became of the changed network is not known");
            }
        }
        result
    }

    pub(super) async fn confirm(&self, who: &str) -> Result<()> {
        let result = self.network.confirm().await;
        match &result {
            Ok(()) => tracing::info!(who, "the changed network is kept"),
            Err(error) if error.code == Code::NetworkTrialOver => {
                tracing::warn!(who, "too late to keep the changed network: what was before is back");
            }
            Err(error) => tracing::warn!(who, %error, "the changed network could not be kept"),
        }
        result
    }

    pub(super) async fn roll_back(&self, who: &str) -> Result<()> {
        let result = self.network.roll_back().await;
        match &result {
            Ok(()) => tracing::info!(who, "the changed network is taken back"),
            Err(error) if error.code == Code::NetworkTrialOver => {
                tracing::info!(who, "the changed network was taken back by itself");
            }
            Err(error) => tracing::warn!(who, %error, "the changed network could not be taken back"),
        }
        result
    }
}

/// What is wanted, in a line without secrets.
struct What<'a>(&'a Wanted);

impl Display for What<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match &self.0.access_point {
            None => formatter.write_str("no access point")?,
            Some(access_point) => write_access_point(formatter, access_point)?,
        }
        formatter.write_str(", ")?;
        match &self.0.uplink {
            None => formatter.write_str("no uplink"),
            Some(Uplink::Wifi { device, ssid, .. }) => {
                write!(formatter, "uplink {device} Wi-Fi {:?}", ssid.to_string())
            }
            Some(Uplink::Wired { device, address: WiredAddress::Dynamic }) => {
                write!(formatter, "uplink {device} by DHCP")
            }
            Some(Uplink::Wired { device, address: WiredAddress::Fixed { subnet, gateway, .. } }) => {
                let (address, prefix) = (subnet.address(), subnet.prefix());
                write!(formatter, "uplink {device} {address}/{prefix} through {gateway}")
            }
        }
    }
}

fn write_access_point(formatter: &mut Formatter<'_>, access_point: &AccessPoint) -> fmt::Result {
    let AccessPoint { device, ssid, protection, channel, subnet } = access_point;
    let protection = match protection {
        Protection::Open => "open",
        Protection::Wpa2(_) => "WPA2",
    };
    let (ssid, channel) = (ssid.to_string(), channel.number());
    let (address, prefix) = (subnet.address(), subnet.prefix());
    write!(formatter, "access point {device} {ssid:?} {protection} channel {channel} {address}/{prefix}")
}

#[cfg(test)]
mod tests {
    use network::model::{DeviceName, Passphrase, Ssid, Subnet};

    use super::*;
    use crate::hotspot::opening;

    #[test]
    fn the_line_in_the_log_says_all_but_the_secrets() {
        let secret = || Passphrase::parse("rahasia sekali").expect("fits");
        let device = |name| DeviceName::parse(name).expect("a name");
        let access_point = AccessPoint {
            device: device("wlan0"),
            ssid: Ssid::parse("Kelas \"7B\"").expect("fits"),
            protection: Protection::Wpa2(secret()),
            channel: network::model::Channel::usual(),
            subnet: opening::subnet(),
        };
        let ssid = Ssid::parse("Guru").expect("fits");
        let uplink = Uplink::Wifi { device: device("wlan1"), ssid, passphrase: Some(secret()) };
        let wanted = Wanted { access_point: Some(access_point), uplink: Some(uplink) };
        let line = What(&wanted).to_string();
        assert_eq!(
            line,
            "access point wlan0 \"Kelas \\\"7B\\\"\" WPA2 channel 6 10.42.0.1/24, uplink wlan1 Wi-Fi \"Guru\""
        );
        let subnet = Subnet::new([192, 168, 7, 20].into(), 24).expect("usable");
        let address = WiredAddress::fixed(subnet, [192, 168, 7, 1].into(), Vec::new()).expect("a neighbour");
        let wanted =
            Wanted { access_point: None, uplink: Some(Uplink::Wired { device: device("eth0"), address }) };
        assert_eq!(
            What(&wanted).to_string(),
            "no access point, uplink eth0 192.168.7.20/24 through 192.168.7.1"
        );
    }
}
