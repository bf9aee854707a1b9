//! By which addresses other devices reach this machine.
//!
//! May use: nix. Used by: `certificate`, `announcement`.

use std::net::IpAddr;

use nix::ifaddrs::getifaddrs;
use nix::net::if_::InterfaceFlags;

/// The private addresses of all interfaces that are up, IPv4 first, without loopback and
/// link-local ones.
pub(crate) fn private() -> Vec<IpAddr> {
    let interfaces = match getifaddrs() {
        Ok(interfaces) => interfaces,
        Err(error) => {
            tracing::warn!(%error, "the machine's addresses cannot be read");
            return Vec::new();
        }
    };
    let mut addresses: Vec<IpAddr> = interfaces
        .filter(|interface| {
            interface.flags.contains(InterfaceFlags::IFF_UP)
                && !interface.flags.contains(InterfaceFlags::IFF_LOOPBACK)
        })
        .filter_map(|interface| {
            let address = interface.address?;
            let v4 = address.as_sockaddr_in().map(|address| IpAddr::V4(address.ip()));
            v4.or_else(|| address.as_sockaddr_in6().map(|address| IpAddr::V6(address.ip())))
        })
        .filter(|address| is_private(*address))
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}

/// RFC 1918 and RFC 4193.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private(),
        IpAddr::V6(address) => address.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_and_local_addresses_are_not_private() {
        for text in ["8.8.8.8", "127.0.0.1", "169.254.1.1", "::1", "fe80::1", "2001:db8::1", "172.32.0.1"] {
            assert!(!is_private(text.parse().expect("an address")), "{text}");
        }
        for text in ["10.42.0.1", "172.16.0.1", "192.168.1.1", "fd00::1"] {
            assert!(is_private(text.parse().expect("an address")), "{text}");
        }
    }
}
