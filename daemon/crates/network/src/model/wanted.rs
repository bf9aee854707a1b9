//! What a technician wants of the network.

use std::net::Ipv4Addr;

use base::limits::UPLINK_RESOLVERS;
use base::{Code, Error, Result};

use super::{Channel, DeviceName, Passphrase, Protection, Ssid, Subnet};

/// The two connections that are ours. Whatever else there is belongs to somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The Wi-Fi that the box opens for the class.
    AccessPoint,
    /// How the box itself reaches another network.
    Uplink,
}

impl Role {
    /// Both.
    pub const ALL: [Self; 2] = [Self::AccessPoint, Self::Uplink];
}

/// The Wi-Fi that the box opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessPoint {
    /// The radio.
    pub device: DeviceName,
    /// Its name.
    pub ssid: Ssid,
    /// Who may join.
    pub protection: Protection,
    /// Where it is found.
    pub channel: Channel,
    /// The box's address in it.
    pub subnet: Subnet,
}

/// How the box reaches another network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Uplink {
    /// Through a cable.
    Wired {
        /// The wired device.
        device: DeviceName,
        /// Where its address comes from.
        address: WiredAddress,
    },
    /// As a station of the school's Wi-Fi, on a radio of its own.
    Wifi {
        /// The second radio.
        device: DeviceName,
        /// The school's Wi-Fi.
        ssid: Ssid,
        /// Its passphrase, if it has one.
        passphrase: Option<Passphrase>,
    },
}

impl Uplink {
    /// The device that it needs for itself.
    pub const fn device(&self) -> &DeviceName {
        match self {
            Self::Wired { device, .. } | Self::Wifi { device, .. } => device,
        }
    }
}

/// Where the address of a wired uplink comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WiredAddress {
    /// From that network's DHCP server.
    Dynamic,
    /// From the school's administrator; made by [`WiredAddress::fixed`].
    Fixed {
        /// The box's address.
        subnet: Subnet,
        /// The next hop.
        gateway: Ipv4Addr,
        /// The resolvers, the first tried first.
        resolvers: Vec<Ipv4Addr>,
    },
}

impl WiredAddress {
    /// A fixed address, its gateway and up to [`UPLINK_RESOLVERS`] resolvers.
    ///
    /// # Errors
    /// `network_address_invalid` if the gateway is the box itself or not its neighbour, if a
    /// resolver is no host, or if there are too many.
    pub fn fixed(subnet: Subnet, gateway: Ipv4Addr, resolvers: Vec<Ipv4Addr>) -> Result<Self> {
        let is_host = |address: &Ipv4Addr| {
            !address.is_unspecified() && !address.is_multicast() && !address.is_broadcast()
        };
        let neighbour = gateway != subnet.address() && Subnet::new(gateway, subnet.prefix()).is_ok();
        let fits = neighbour
            && subnet.contains(gateway)
            && resolvers.len() <= UPLINK_RESOLVERS
            && resolvers.iter().all(is_host);
        if fits {
            Ok(Self::Fixed { subnet, gateway, resolvers })
        } else {
            Err(Error::new(Code::NetworkAddressInvalid))
        }
    }
}

/// A connection of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connection {
    /// The Wi-Fi that the box opens.
    AccessPoint(AccessPoint),
    /// The way out.
    Uplink(Uplink),
}

impl Connection {
    /// What it is for.
    pub const fn role(&self) -> Role {
        match self {
            Self::AccessPoint(_) => Role::AccessPoint,
            Self::Uplink(_) => Role::Uplink,
        }
    }

    /// The device that it needs for itself.
    pub const fn device(&self) -> &DeviceName {
        match self {
            Self::AccessPoint(access_point) => &access_point.device,
            Self::Uplink(uplink) => uplink.device(),
        }
    }
}

/// The whole of what is wanted. Without an access point the class uses the school's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The Wi-Fi to open.
    pub access_point: Option<AccessPoint>,
    /// The way out.
    pub uplink: Option<Uplink>,
}

impl Wanted {
    /// The connection for `role`, if there is to be one.
    pub fn connection(&self, role: Role) -> Option<Connection> {
        match role {
            Role::AccessPoint => self.access_point.clone().map(Connection::AccessPoint),
            Role::Uplink => self.uplink.clone().map(Connection::Uplink),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_is_a_neighbour() {
        let subnet = Subnet::new(Ipv4Addr::new(192, 168, 7, 20), 24).expect("usable");
        let resolver = Ipv4Addr::new(192, 168, 7, 1);
        assert!(WiredAddress::fixed(subnet, resolver, vec![resolver]).is_ok());
        let refused = [
            (Ipv4Addr::new(192, 168, 8, 1), vec![]),
            (Ipv4Addr::new(192, 168, 7, 20), vec![]),
            (Ipv4Addr::new(192, 168, 7, 255), vec![]),
            (resolver, vec![Ipv4Addr::UNSPECIFIED]),
            (resolver, vec![resolver; 4]),
        ];
        for (gateway, resolvers) in refused {
            let error = WiredAddress::fixed(subnet, gateway, resolvers).expect_err("refused");
            assert_eq!(error.code, Code::NetworkAddressInvalid);
        }
    }
}
