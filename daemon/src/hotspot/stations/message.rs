//! Netlink's messages and attributes as bytes (netlink(7)): each begins with its length and its
//! kind in the machine's own byte order, and is padded to four bytes.
//!
//! May use: nothing of ours. Used by: `stations`.

use std::net::IpAddr;

use nix::libc::{AF_INET, AF_INET6};

/// Bytes of `struct nlmsghdr`: length, kind, flags, number, sender.
const MESSAGE_HEAD: usize = 16;
/// Bytes of `struct nlattr`: length, kind.
const ATTRIBUTE_HEAD: usize = 4;
/// The two highest bits of an attribute's kind say how it is written and are no part of it.
const KIND: u16 = 0x3fff;

/// A message to the kernel.
pub(super) fn request(kind: u16, flags: u16, number: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(MESSAGE_HEAD + body.len()).expect("a request of a few bytes");
    let mut message = Vec::with_capacity(MESSAGE_HEAD + body.len());
    message.extend(length.to_ne_bytes());
    message.extend(kind.to_ne_bytes());
    message.extend(flags.to_ne_bytes());
    message.extend(number.to_ne_bytes());
    message.extend(0_u32.to_ne_bytes());
    message.extend(body);
    message
}

/// `struct ndmsg` (linux/neighbour.h) that asks for all neighbours of the family of `address`.
pub(super) fn neighbour_request(address: IpAddr) -> Vec<u8> {
    let family = if address.is_ipv4() { AF_INET } else { AF_INET6 };
    let mut body = vec![0; 12];
    body[0] = u8::try_from(family).expect("families of addresses are small numbers");
    body
}

/// An attribute, padded.
pub(super) fn attribute(kind: u16, value: &[u8]) -> Vec<u8> {
    let length = u16::try_from(ATTRIBUTE_HEAD + value.len()).expect("an attribute of a few bytes");
    let mut bytes = Vec::new();
    bytes.extend(length.to_ne_bytes());
    bytes.extend(kind.to_ne_bytes());
    bytes.extend(value);
    bytes.resize(padded(bytes.len()), 0);
    bytes
}

/// An attribute that is text, closed by a zero.
pub(super) fn text_attribute(kind: u16, text: &str) -> Vec<u8> {
    let mut value = text.as_bytes().to_vec();
    value.push(0);
    attribute(kind, &value)
}

/// The messages in a datagram, each as kind, number and body. Ends at the first that is broken.
pub(super) fn messages(datagram: &[u8]) -> impl Iterator<Item = (u16, u32, &[u8])> {
    let mut rest = datagram;
    std::iter::from_fn(move || {
        let length = u32::from_ne_bytes(rest.get(..4)?.try_into().ok()?) as usize;
        let kind = u16::from_ne_bytes(rest.get(4..6)?.try_into().ok()?);
        let number = u32::from_ne_bytes(rest.get(8..12)?.try_into().ok()?);
        let body = rest.get(MESSAGE_HEAD..length)?;
        rest = rest.get(padded(length)..).unwrap_or_default();
        Some((kind, number, body))
    })
}

/// The attributes in `body`, each as kind and value. Ends at the first that is broken.
pub(super) fn attributes(body: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = body;
    std::iter::from_fn(move || {
        let length = usize::from(u16::from_ne_bytes(rest.get(..2)?.try_into().ok()?));
        let kind = u16::from_ne_bytes(rest.get(2..4)?.try_into().ok()?) & KIND;
        let value = rest.get(ATTRIBUTE_HEAD..length)?;
        rest = rest.get(padded(length)..).unwrap_or_default();
        Some((kind, value))
    })
}

const fn padded(length: usize) -> usize {
    (length + 3) & !3
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let body = [text_attribute(2, "nl80211"), attribute(0x8003, &[1, 2, 3, 4])].concat();
        assert_eq!(body.len() % 4, 0);
        let found: Vec<(u16, &[u8])> = attributes(&body).collect();
        assert_eq!(found, [(2, &b"nl80211\0"[..]), (3, &[1, 2, 3, 4][..])]);
        let datagram = [request(16, 1, 7, &body), request(3, 0, 7, &[0; 4])].concat();
        let found: Vec<(u16, u32, &[u8])> = messages(&datagram).collect();
        assert_eq!(found, [(16, 7, &body[..]), (3, 7, &[0; 4][..])]);
    }

    #[test]
    fn a_length_that_lies_ends_the_reading() {
        for length in [0_u16, 3, 200] {
            let mut bytes = attribute(1, &[9; 4]);
            bytes[..2].copy_from_slice(&length.to_ne_bytes());
            assert_eq!(attributes(&bytes).next(), None, "{length}");
        }
        assert_eq!(messages(&[0; 16]).next(), None);
        assert_eq!(messages(&[255; 40]).next(), None);
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_to_its_end(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(messages(&bytes).count() <= bytes.len());
            prop_assert!(attributes(&bytes).count() <= bytes.len());
        }
    }
}
