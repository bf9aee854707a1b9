//! Writing the two replies there are.

use std::net::{IpAddr, SocketAddr};

use crate::REPLY_BYTES;
use crate::fingerprint::fingerprint;
use crate::request::{
    ATTRIBUTE_HEADER_BYTES, FINGERPRINT, HEADER_BYTES, MAGIC_COOKIE, Request, UNKNOWN_NAMED,
};

const BINDING_SUCCESS: u16 = 0x0101;
const BINDING_ERROR: u16 = 0x0111;

const ERROR_CODE: u16 = 0x0009;
const UNKNOWN_ATTRIBUTES: u16 = 0x000a;
const XOR_MAPPED_ADDRESS: u16 = 0x0020;
const SOFTWARE: u16 = 0x8022;

const FAMILY_IPV4: u8 = 1;
const FAMILY_IPV6: u8 = 2;

/// Who answers. Without a version, which would help only an attacker.
const SOFTWARE_NAME: &[u8] = b"kelas";

/// The reason phrase of 420 (RFC 8489, 14.8).
const UNKNOWN_REASON: &[u8] = b"Unknown Attribute";

/// Class (hundreds) and number of error 420, after two reserved bytes.
const ERROR_420: [u8; 4] = [0, 0, 4, 20];

/// The longest reply of all: an error that names [`UNKNOWN_NAMED`] attributes.
const LONGEST: usize = HEADER_BYTES
    + attribute_bytes(ERROR_420.len() + UNKNOWN_REASON.len())
    + attribute_bytes(2 * UNKNOWN_NAMED)
    + attribute_bytes(SOFTWARE_NAME.len())
    + attribute_bytes(4);
const _: () = assert!(LONGEST <= REPLY_BYTES, "every reply fits, so that the writer never runs out");

const fn attribute_bytes(value: usize) -> usize {
    ATTRIBUTE_HEADER_BYTES + value.next_multiple_of(4)
}

/// Tells the address that the request came from. Returns the reply's length.
pub(crate) fn success(request: &Request, source: SocketAddr, out: &mut [u8; REPLY_BYTES]) -> usize {
    let mut writer = Writer::start(BINDING_SUCCESS, request, out);
    let [port_high, port_low] = mixed_port(source.port());
    match source.ip() {
        IpAddr::V4(address) => {
            let [a, b, c, d] = (address.to_bits() ^ MAGIC_COOKIE).to_be_bytes();
            writer.attribute(XOR_MAPPED_ADDRESS, &[&[0, FAMILY_IPV4, port_high, port_low, a, b, c, d]]);
        }
        IpAddr::V6(address) => {
            let mixed = (address.to_bits() ^ u128::from_be_bytes(request.id)).to_be_bytes();
            writer.attribute(XOR_MAPPED_ADDRESS, &[&[0, FAMILY_IPV6, port_high, port_low], &mixed]);
        }
    }
    writer.finish()
}

/// Error 420 with the attributes that were not understood. Returns the reply's length.
pub(crate) fn unknown_attributes(request: &Request, out: &mut [u8; REPLY_BYTES]) -> usize {
    let mut writer = Writer::start(BINDING_ERROR, request, out);
    writer.attribute(ERROR_CODE, &[&ERROR_420, UNKNOWN_REASON]);
    let mut names = [[0; 2]; UNKNOWN_NAMED];
    for (name, kind) in names.iter_mut().zip(request.unknown()) {
        *name = kind.to_be_bytes();
    }
    writer.attribute(UNKNOWN_ATTRIBUTES, &[names[..request.unknown().len()].as_flattened()]);
    writer.finish()
}

/// A port as XOR-MAPPED-ADDRESS has it: mixed with the cookie's upper half (RFC 8489, 14.2).
fn mixed_port(port: u16) -> [u8; 2] {
    let [high, low, ..] = MAGIC_COOKIE.to_be_bytes();
    (port ^ u16::from_be_bytes([high, low])).to_be_bytes()
}

struct Writer<'a> {
    out: &'a mut [u8; REPLY_BYTES],
    length: usize,
}

impl<'a> Writer<'a> {
    fn start(kind: u16, request: &Request, out: &'a mut [u8; REPLY_BYTES]) -> Self {
        let mut writer = Self { out, length: 0 };
        writer.put(&kind.to_be_bytes());
        writer.put(&[0, 0]);
        writer.put(&request.id);
        writer
    }

    fn put(&mut self, bytes: &[u8]) {
        self.out[self.length..][..bytes.len()].copy_from_slice(bytes);
        self.length += bytes.len();
    }

    /// Appends an attribute whose value is `parts` one after the other, and its padding.
    fn attribute(&mut self, kind: u16, parts: &[&[u8]]) {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        self.put(&kind.to_be_bytes());
        self.put(&low_half(length));
        for part in parts {
            self.put(part);
        }
        self.put(&[0; 3][..length.next_multiple_of(4) - length]);
    }

    /// Appends SOFTWARE and FINGERPRINT and fills in the length.
    fn finish(mut self) -> usize {
        self.attribute(SOFTWARE, &[SOFTWARE_NAME]);
        let attributes = self.length - HEADER_BYTES + attribute_bytes(4);
        self.out[2..4].copy_from_slice(&low_half(attributes));
        let check = fingerprint(&self.out[..self.length]);
        self.attribute(FINGERPRINT, &[&check.to_be_bytes()]);
        self.length
    }
}

/// A length as the wire has it; every length here is under [`REPLY_BYTES`].
fn low_half(length: usize) -> [u8; 2] {
    u16::try_from(length).expect("a reply is at most REPLY_BYTES long").to_be_bytes()
}
