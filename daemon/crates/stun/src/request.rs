//! Reading a Binding request.

use crate::REQUEST_BYTES;
use crate::fingerprint::fingerprint;

/// The fixed value that begins every transaction id since RFC 5389.
pub(crate) const MAGIC_COOKIE: u32 = 0x2112_a442;

/// Bytes of a message's header.
pub(crate) const HEADER_BYTES: usize = 20;

/// Bytes of an attribute's type and length.
pub(crate) const ATTRIBUTE_HEADER_BYTES: usize = 4;

/// Unknown attributes that a 420 names at most; a client that still has others hears of them
/// the next time.
pub(crate) const UNKNOWN_NAMED: usize = 8;

const BINDING_REQUEST: u16 = 0x0001;
const MESSAGE_INTEGRITY: u16 = 0x0008;
const MESSAGE_INTEGRITY_SHA256: u16 = 0x001c;
pub(crate) const FINGERPRINT: u16 = 0x8028;

/// Attributes from here on may be skipped by who does not know them.
const COMPREHENSION_OPTIONAL: u16 = 0x8000;

/// The comprehension-required attributes of RFC 8489, 18.3. Here they mean nothing and are
/// skipped, as the RFC wants it of what is known but not expected (6.3.1).
const KNOWN: [u16; 11] = [
    0x0001, // MAPPED-ADDRESS
    0x0006, // USERNAME
    MESSAGE_INTEGRITY,
    0x0009, // ERROR-CODE
    0x000a, // UNKNOWN-ATTRIBUTES
    0x0014, // REALM
    0x0015, // NONCE
    MESSAGE_INTEGRITY_SHA256,
    0x001d, // PASSWORD-ALGORITHM
    0x001e, // USERHASH
    0x0020, // XOR-MAPPED-ADDRESS
];

/// Why a datagram gets no reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ignored {
    /// The source is not one sender's address: unspecified, multicast, broadcast or port 0.
    SourceUnusable,
    /// Shorter than a header.
    TooShort,
    /// Longer than [`REQUEST_BYTES`].
    TooLong,
    /// The first two bits are not zero: another protocol.
    NotStun,
    /// No magic cookie: another protocol, or a client of the withdrawn RFC 3489, which no
    /// browser is.
    NoMagicCookie,
    /// STUN, but not a Binding request: an indication, a response, or TURN.
    NotBindingRequest,
    /// The header's length is not that of the datagram, or not a multiple of four.
    LengthWrong,
    /// An attribute that does not fit, or stands after FINGERPRINT.
    AttributeMalformed,
    /// FINGERPRINT does not match: damaged, or another protocol after all.
    FingerprintWrong,
}

/// A well-formed Binding request.
#[derive(Debug)]
pub(crate) struct Request {
    /// Magic cookie and transaction id, as they are returned.
    pub(crate) id: [u8; 16],
    unknown: [u16; UNKNOWN_NAMED],
    unknown_count: usize,
}

impl Request {
    /// Reads a datagram.
    pub(crate) fn parse(datagram: &[u8]) -> Result<Self, Ignored> {
        let first = datagram.first().ok_or(Ignored::TooShort)?;
        if first & 0b1100_0000 != 0 {
            return Err(Ignored::NotStun);
        }
        let (header, attributes) = datagram.split_first_chunk::<HEADER_BYTES>().ok_or(Ignored::TooShort)?;
        let [kind_high, kind_low, length_high, length_low, id @ ..] = *header;
        if id[..4] != MAGIC_COOKIE.to_be_bytes() {
            return Err(Ignored::NoMagicCookie);
        }
        if u16::from_be_bytes([kind_high, kind_low]) != BINDING_REQUEST {
            return Err(Ignored::NotBindingRequest);
        }
        if datagram.len() > REQUEST_BYTES {
            return Err(Ignored::TooLong);
        }
        let length = usize::from(u16::from_be_bytes([length_high, length_low]));
        if length != attributes.len() || length % 4 != 0 {
            return Err(Ignored::LengthWrong);
        }
        let mut request = Self { id, unknown: [0; UNKNOWN_NAMED], unknown_count: 0 };
        request.read_attributes(datagram, attributes)?;
        Ok(request)
    }

    /// The comprehension-required attributes that are not known here: each once, in the order
    /// they came, at most [`UNKNOWN_NAMED`].
    pub(crate) fn unknown(&self) -> &[u16] {
        &self.unknown[..self.unknown_count]
    }

    fn read_attributes(&mut self, datagram: &[u8], attributes: &[u8]) -> Result<(), Ignored> {
        let mut rest = attributes;
        let mut after_integrity = false;
        while !rest.is_empty() {
            let before = datagram.len() - rest.len();
            let (kind, value, following) = split_attribute(rest).ok_or(Ignored::AttributeMalformed)?;
            if kind == FINGERPRINT {
                if value.len() != 4 || !following.is_empty() {
                    return Err(Ignored::AttributeMalformed);
                }
                if value != fingerprint(&datagram[..before]).to_be_bytes() {
                    return Err(Ignored::FingerprintWrong);
                }
            }
            // What follows MESSAGE-INTEGRITY was not signed by who sent it (RFC 8489, 14.5).
            if kind == MESSAGE_INTEGRITY || kind == MESSAGE_INTEGRITY_SHA256 {
                after_integrity = true;
            }
            if !after_integrity && kind < COMPREHENSION_OPTIONAL && !KNOWN.contains(&kind) {
                self.note_unknown(kind);
            }
            rest = following;
        }
        Ok(())
    }

    fn note_unknown(&mut self, kind: u16) {
        if self.unknown_count < UNKNOWN_NAMED && !self.unknown().contains(&kind) {
            self.unknown[self.unknown_count] = kind;
            self.unknown_count += 1;
        }
    }
}

/// The first attribute's type and value, and what follows its padding.
fn split_attribute(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let ([kind_high, kind_low, length_high, length_low], rest) =
        bytes.split_first_chunk::<ATTRIBUTE_HEADER_BYTES>()?;
    let length = usize::from(u16::from_be_bytes([*length_high, *length_low]));
    let value = rest.get(..length)?;
    let following = rest.get(length.next_multiple_of(4)..)?;
    Some((u16::from_be_bytes([*kind_high, *kind_low]), value, following))
}
