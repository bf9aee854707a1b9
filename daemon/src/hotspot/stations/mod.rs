//! Who is on the box's Wi-Fi, by the kernel's word: the radio's list of stations (nl80211), and
//! which hardware address an IP address belongs to (rtnetlink). Neither needs a privilege.
//!
//! May use: `network`, nix. Used by: `hotspot`.

mod message;
mod netlink;

use std::io;
use std::net::{IpAddr, Ipv4Addr};

use network::model::{DeviceName, HardwareAddress, Station};
use nix::net::if_::if_nametoindex;
use nix::sys::socket::SockProtocol;

use message::{attributes, neighbour_request, text_attribute};
use netlink::Netlink;

/// `RTM_GETNEIGH` of linux/rtnetlink.h.
const GET_NEIGHBOURS: u16 = 30;
/// Bytes of `struct ndmsg` (linux/neighbour.h) before the attributes.
const NEIGHBOUR_HEAD: usize = 12;
const NEIGHBOUR_ADDRESS: u16 = 1;
const NEIGHBOUR_HARDWARE_ADDRESS: u16 = 2;

/// linux/genetlink.h: the family that knows the numbers of the others.
const CONTROL: u16 = 0x10;
const CONTROL_GET_FAMILY: u8 = 3;
const CONTROL_FAMILY_ID: u16 = 1;
const CONTROL_FAMILY_NAME: u16 = 2;
/// Bytes of `struct genlmsghdr` before the attributes.
const GENERIC_HEAD: usize = 4;

/// linux/nl80211.h.
const GET_STATION: u8 = 17;
const WIRELESS_INTERFACE: u16 = 3;
const WIRELESS_HARDWARE_ADDRESS: u16 = 6;
const WIRELESS_STATION: u16 = 21;
const STATION_SIGNAL: u16 = 7;
const STATION_RATE: u16 = 8;
/// In steps of 100 kbit/s, in two bytes and in four.
const RATE_SHORT: u16 = 1;
const RATE_LONG: u16 = 5;

/// How well a station and we hear each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reception {
    /// Whose.
    pub(crate) hardware_address: HardwareAddress,
    /// The signal that we hear, in dBm, where the radio tells.
    pub(crate) signal_dbm: Option<i8>,
    /// How fast we send, in kbit/s, where the radio tells.
    pub(crate) rate_kbit_per_second: Option<u32>,
}

/// The hardware address of the neighbour with this IP address; none if the kernel has not heard
/// of it, or if it is our own.
pub(super) fn hardware_address(address: IpAddr) -> io::Result<Option<HardwareAddress>> {
    let address = address.to_canonical();
    let found = neighbours(address)?.into_iter().find(|neighbour| neighbour.address == address);
    Ok(found.map(|neighbour| neighbour.hardware_address))
}

/// Who has joined the Wi-Fi of `device`, in order of their hardware addresses, and how well each is
/// heard.
pub(super) fn joined(device: &DeviceName) -> io::Result<(Vec<Station>, Vec<Reception>)> {
    let index = if_nametoindex(device.as_str())?;
    let mut netlink = Netlink::open(SockProtocol::NetlinkGeneric)?;
    let family = wireless_family(&mut netlink)?;
    let mut request = vec![GET_STATION, 0, 0, 0];
    request.extend(message::attribute(WIRELESS_INTERFACE, &index.to_ne_bytes()));
    let mut joined: Vec<Reception> =
        netlink.list(family, &request)?.iter().filter_map(|answer| station(answer)).collect();
    joined.sort_unstable();
    joined.dedup_by_key(|reception| reception.hardware_address);
    let neighbours = neighbours(Ipv4Addr::UNSPECIFIED.into())?;
    let address = |hardware_address: HardwareAddress| {
        let known = neighbours.iter().filter(|neighbour| neighbour.interface == index);
        let mut known = known.filter(|neighbour| neighbour.hardware_address == hardware_address);
        known.find_map(|neighbour| match neighbour.address {
            IpAddr::V4(address) => Some(address),
            IpAddr::V6(_) => None,
        })
    };
    let station = |reception: &Reception| {
        let hardware_address = reception.hardware_address;
        Station { hardware_address, address: address(hardware_address) }
    };
    Ok((joined.iter().map(station).collect(), joined))
}

fn station(answer: &[u8]) -> Option<Reception> {
    let body = answer.get(GENERIC_HEAD..)?;
    let told = attribute_of(body, WIRELESS_STATION).unwrap_or_default();
    let rate = attribute_of(told, STATION_RATE).unwrap_or_default();
    let short = || attribute_of(rate, RATE_SHORT)?.try_into().ok().map(u16::from_ne_bytes).map(u32::from);
    let long = attribute_of(rate, RATE_LONG).and_then(|value| value.try_into().ok().map(u32::from_ne_bytes));
    Some(Reception {
        hardware_address: attribute_of(body, WIRELESS_HARDWARE_ADDRESS)?
            .try_into()
            .ok()
            .map(HardwareAddress)?,
        // A radio that cannot tell says 0, which no signal is.
        signal_dbm: attribute_of(told, STATION_SIGNAL)
            .and_then(|value| value.first().map(|byte| byte.cast_signed()))
            .filter(|signal| *signal < 0),
        rate_kbit_per_second: long
            .or_else(short)
            .map(|steps| steps.saturating_mul(100))
            .filter(|rate| *rate > 0),
    })
}

fn attribute_of(body: &[u8], kind: u16) -> Option<&[u8]> {
    attributes(body).find(|(known, _)| *known == kind).map(|(_, value)| value)
}

/// Somebody on one of our networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Neighbour {
    interface: u32,
    address: IpAddr,
    hardware_address: HardwareAddress,
}

/// All that the kernel knows, of the family of `address`.
fn neighbours(address: IpAddr) -> io::Result<Vec<Neighbour>> {
    let request = neighbour_request(address);
    let answers = Netlink::open(SockProtocol::NetlinkRoute)?.list(GET_NEIGHBOURS, &request)?;
    Ok(answers.iter().filter_map(|answer| neighbour(answer)).collect())
}

/// The neighbour in `answer`. Our own addresses and those of a device without hardware addresses
/// stand there too, with zeros.
fn neighbour(answer: &[u8]) -> Option<Neighbour> {
    let (head, body) = answer.split_at_checked(NEIGHBOUR_HEAD)?;
    let interface = u32::from_ne_bytes(head.get(4..8)?.try_into().ok()?);
    let of = |kind| attributes(body).find(|(known, _)| *known == kind).map(|(_, value)| value);
    let address = of(NEIGHBOUR_ADDRESS)?;
    let address = <[u8; 4]>::try_from(address)
        .map(IpAddr::from)
        .or_else(|_| <[u8; 16]>::try_from(address).map(IpAddr::from))
        .ok()?;
    let hardware_address = of(NEIGHBOUR_HARDWARE_ADDRESS)?.try_into().ok().map(HardwareAddress)?;
    (hardware_address.0 != [0; 6]).then_some(Neighbour { interface, address, hardware_address })
}

/// The number that nl80211 has on this machine. A kernel without radios does not know it.
fn wireless_family(netlink: &mut Netlink) -> io::Result<u16> {
    let mut request = vec![CONTROL_GET_FAMILY, 1, 0, 0];
    request.extend(text_attribute(CONTROL_FAMILY_NAME, "nl80211"));
    let answer = netlink.ask(CONTROL, &request)?;
    attributes(answer.get(GENERIC_HEAD..).unwrap_or_default())
        .find(|(kind, _)| *kind == CONTROL_FAMILY_ID)
        .and_then(|(_, value)| value.try_into().ok().map(u16::from_ne_bytes))
        .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_is_asked_and_knows_no_neighbour_of_that_address() {
        // TEST-NET-3 (RFC 5737): nobody's neighbour.
        let nobody = "203.0.113.77".parse().expect("an address");
        assert_eq!(hardware_address(nobody).expect("the kernel answers"), None);
        let loopback = "::1".parse().expect("an address");
        assert_eq!(hardware_address(loopback).expect("the kernel answers"), None);
    }

    #[test]
    fn a_neighbour_is_known_by_the_kernels_list() {
        // linux/neighbour.h: family, padding, interface, state, flags, kind; then the attributes.
        let mut head = [2, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 1];
        head[4..8].copy_from_slice(&2_u32.to_ne_bytes());
        let hardware = [0x02, 0xfc, 0, 0, 0, 0x05];
        let answer = |address: &[u8], hardware: &[u8]| {
            let attributes = [message::attribute(1, address), message::attribute(2, hardware)];
            [head.to_vec(), attributes.concat()].concat()
        };
        let known = Neighbour {
            interface: 2,
            address: IpAddr::from([10, 42, 0, 21]),
            hardware_address: HardwareAddress(hardware),
        };
        assert_eq!(neighbour(&answer(&[10, 42, 0, 21], &hardware)), Some(known));
        let v6 = neighbour(&answer(&[0xfd; 16], &hardware)).expect("a neighbour");
        assert_eq!(v6.address, IpAddr::from([0xfd; 16]));
        assert_eq!(neighbour(&answer(&[10, 42, 0, 1], &[0; 6])), None);
        assert_eq!(neighbour(&answer(&[10, 42, 0, 2], &[1; 8])), None);
        assert_eq!(neighbour(&answer(&[10, 42, 0], &hardware)), None);
        assert_eq!(neighbour(&head), None);
    }

    #[test]
    fn a_station_tells_how_it_is_heard_as_far_as_the_radio_knows() {
        let address = message::attribute(6, &[2, 0, 0, 0, 0, 9]);
        let rate = message::attribute(8, &message::attribute(1, &540_u16.to_ne_bytes()));
        let told = [message::attribute(7, &[(-61_i8).cast_unsigned()]), rate].concat();
        let answer = |attributes: &[&[u8]]| [&[0; 4], attributes.concat().as_slice()].concat();
        let hardware_address = HardwareAddress([2, 0, 0, 0, 0, 9]);
        assert_eq!(
            station(&answer(&[&address, &message::attribute(21, &told)])),
            Some(Reception { hardware_address, signal_dbm: Some(-61), rate_kbit_per_second: Some(54_000) })
        );
        let silent = Reception { hardware_address, signal_dbm: None, rate_kbit_per_second: None };
        assert_eq!(station(&answer(&[&address])), Some(silent));
        assert_eq!(station(&answer(&[&address, &message::attribute(21, &[1, 2])])), Some(silent));
        assert_eq!(station(&answer(&[&message::attribute(21, &told)])), None);
    }

    #[test]
    fn where_there_is_no_radio_it_is_an_error_and_not_an_empty_list() {
        assert!(joined(&DeviceName::parse("lo").expect("a name")).is_err());
        assert!(joined(&DeviceName::parse("absent0").expect("a name")).is_err());
    }
}
