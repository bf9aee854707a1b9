//! Names of devices and addresses on their two layers.

use std::fmt;
use std::net::Ipv4Addr;

use base::{Code, Error, Result};

/// Bytes of an interface's name that the kernel takes (IFNAMSIZ without the closing zero).
const DEVICE_NAME_BYTES: usize = 15;

/// A device by the name of its interface, for example `wlan0`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeviceName(String);

impl DeviceName {
    /// A name that the kernel would take.
    ///
    /// # Errors
    /// `network_device_unknown` if it would not.
    pub fn parse(raw: &str) -> Result<Self> {
        let fits = (1..=DEVICE_NAME_BYTES).contains(&raw.len())
            && raw.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'/' && byte != b':')
            && raw != "."
            && raw != "..";
        if fits { Ok(Self(raw.to_owned())) } else { Err(Error::new(Code::NetworkDeviceUnknown)) }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DeviceName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A device's address on its network, six bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HardwareAddress(pub [u8; 6]);

impl HardwareAddress {
    /// Six pairs of hexadecimal digits with colons between; `None` for anything else.
    pub fn parse(raw: &str) -> Option<Self> {
        let mut bytes = [0; 6];
        let mut pairs = raw.split(':');
        for byte in &mut bytes {
            let pair = pairs.next().filter(|pair| pair.len() == 2 && !pair.starts_with('+'))?;
            *byte = u8::from_str_radix(pair, 16).ok()?;
        }
        pairs.next().is_none().then_some(Self(bytes))
    }
}

impl fmt::Display for HardwareAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            let colon = if index == 0 { "" } else { ":" };
            write!(formatter, "{colon}{byte:02x}")?;
        }
        Ok(())
    }
}

/// An address of ours together with the network around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subnet {
    address: Ipv4Addr,
    prefix: u8,
}

impl Subnet {
    /// An address that one device can have in a network of 8 to 30 bits: neither the network's
    /// own nor its broadcast address, and not of the loopback, of a group or of nobody.
    ///
    /// # Errors
    /// `network_address_invalid`.
    pub fn new(address: Ipv4Addr, prefix: u8) -> Result<Self> {
        let subnet = Self { address, prefix };
        let usable = (8..=30).contains(&prefix)
            && !address.is_loopback()
            && !address.is_multicast()
            && address.octets()[0] != 0
            && address.octets()[0] < 240
            && address != subnet.first()
            && address != subnet.last();
        if usable { Ok(subnet) } else { Err(Error::new(Code::NetworkAddressInvalid)) }
    }

    /// The address itself.
    pub const fn address(self) -> Ipv4Addr {
        self.address
    }

    /// How many leading bits are the network's.
    pub const fn prefix(self) -> u8 {
        self.prefix
    }

    /// Whether `other` lies in the same network.
    pub fn contains(self, other: Ipv4Addr) -> bool {
        (self.first()..=self.last()).contains(&other)
    }

    /// Whether the two networks have an address in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.contains(other.first()) || other.contains(self.first())
    }

    /// The addresses to give out, the first and the last: up to a thousand, away from both ends of
    /// the network, where people put printers and routers by hand, and without our own.
    pub fn pool(self) -> (Ipv4Addr, Ipv4Addr) {
        const MOST: u32 = 1_000;
        let (own, first, last) = (self.address.to_bits(), self.first().to_bits(), self.last().to_bits());
        let size = last - first + 1;
        let (low, high) = (first + (size / 256 * 20).max(1), last - (size / 256 * 5).max(1));
        let (low, high) = match own {
            _ if own < low || own > high => (low, high),
            _ if own - low > high - own => (low, own - 1),
            _ => (own + 1, high),
        };
        (Ipv4Addr::from_bits(low), Ipv4Addr::from_bits(high.min(low + MOST - 1)))
    }

    fn first(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.address.to_bits() & self.mask())
    }

    fn last(self) -> Ipv4Addr {
        Ipv4Addr::from_bits(self.address.to_bits() | !self.mask())
    }

    fn mask(self) -> u32 {
        u32::MAX.checked_shl(32 - u32::from(self.prefix.min(32))).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_has_a_name_that_the_kernel_takes() {
        assert!(DeviceName::parse("wlan0").is_ok());
        for raw in ["", ".", "..", "a/b", "a b", "a:1", "sixteen-letters-"] {
            assert_eq!(DeviceName::parse(raw).expect_err(raw).code, Code::NetworkDeviceUnknown);
        }
    }

    #[test]
    fn hardware_addresses_are_read_as_they_are_written() {
        let address = HardwareAddress::parse("02:00:00:AB:cd:0f").expect("an address");
        assert_eq!(HardwareAddress::parse(&address.to_string()), Some(address));
        for raw in [
            "",
            "02:00:00:ab:cd",
            "02:00:00:ab:cd:0f:00",
            "2:0:0:0:0:0",
            "+2:00:00:00:00:00",
            "gg:00:00:00:00:00",
        ] {
            assert_eq!(HardwareAddress::parse(raw), None, "{raw}");
        }
    }

    #[test]
    fn the_pool_lies_inside_and_leaves_our_own_address_out() {
        let pool = |address: [u8; 4], prefix| {
            let (low, high) = Subnet::new(address.into(), prefix).expect("usable").pool();
            (low.octets(), high.octets())
        };
        assert_eq!(pool([10, 42, 0, 1], 24), ([10, 42, 0, 20], [10, 42, 0, 250]));
        assert_eq!(pool([10, 42, 0, 100], 24), ([10, 42, 0, 101], [10, 42, 0, 250]));
        assert_eq!(pool([10, 42, 0, 200], 24), ([10, 42, 0, 20], [10, 42, 0, 199]));
        assert_eq!(pool([10, 42, 0, 1], 30), ([10, 42, 0, 2], [10, 42, 0, 2]));
        assert_eq!(pool([10, 42, 0, 2], 30), ([10, 42, 0, 1], [10, 42, 0, 1]));
        let (low, high) = Subnet::new(Ipv4Addr::new(10, 0, 0, 1), 8).expect("usable").pool();
        assert_eq!(high.to_bits() - low.to_bits(), 999);
    }

    #[test]
    fn a_subnet_has_an_address_that_one_device_can_have() {
        let ours = Subnet::new(Ipv4Addr::new(10, 42, 0, 1), 24).expect("usable");
        assert!(ours.contains(Ipv4Addr::new(10, 42, 0, 255)) && !ours.contains(Ipv4Addr::new(10, 42, 1, 0)));
        assert!(ours.overlaps(Subnet::new(Ipv4Addr::new(10, 1, 2, 3), 8).expect("usable")));
        assert!(!ours.overlaps(Subnet::new(Ipv4Addr::new(192, 168, 1, 2), 24).expect("usable")));
        let refused = [
            ([10, 42, 0, 0], 24),
            ([10, 42, 0, 255], 24),
            ([127, 0, 0, 1], 8),
            ([224, 0, 0, 1], 24),
            ([0, 0, 0, 1], 8),
            ([255, 255, 255, 254], 24),
            ([10, 42, 0, 1], 31),
            ([10, 42, 0, 1], 0),
            ([10, 42, 0, 1], 200),
        ];
        for (address, prefix) in refused {
            let error = Subnet::new(address.into(), prefix).expect_err("unusable");
            assert_eq!(error.code, Code::NetworkAddressInvalid);
        }
    }
}
