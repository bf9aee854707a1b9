//! A STUN Binding responder (RFC 8489): the bytes of a datagram in, the bytes of the reply out.
//!
//! A browser asks it "what address do you see me at?" and so learns its own address on the
//! classroom's network, which lets two phones meet where Wi-Fi drops multicast.
//!
//! May use: nothing, not even `base`; no runtime, no socket, no clock, no heap. Used by:
//! `stun_task` in the daemon, which owns the socket.
//!
//! Architecture invariant: only a Binding request is ever answered, always to its source, and
//! with at most 3.2 times its bytes (64 for 20; 1.7 times with IP and UDP headers counted), so that
//! forging somebody's address gains an attacker next to nothing. Nothing that a datagram
//! holds moves the reply elsewhere: CHANGE-REQUEST and RESPONSE-PORT are refused as unknown.

mod fingerprint;
mod reply;
mod request;

use std::net::SocketAddr;

pub use request::Ignored;
use request::Request;

/// Bytes that any reply fits in.
pub const REPLY_BYTES: usize = 128;

/// Bytes of the longest request that is looked at: the least that every IPv6 path carries
/// (RFC 8200, 5), which RFC 8489, 6.1 sets as the limit. A longer one that was cut off on
/// receiving contradicts its own length and is ignored too.
pub const REQUEST_BYTES: usize = 1_280;

/// The port that STUN has by convention (RFC 8489, 18.6).
pub const PORT: u16 = 3_478;

/// What to do with a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Send this many bytes of the buffer to where the datagram came from.
    Reply(usize, Outcome),
    /// Send nothing.
    Ignore(Ignored),
}

/// What the reply says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Binding success: the address that the request came from.
    Success,
    /// Binding error 420: the request needs an attribute understood that is not known here.
    UnknownAttributes,
}

/// Decides about one datagram that came from `source`, and writes the reply, if any, into `out`.
///
/// An IPv4 address in IPv6 form (`::ffff:192.0.2.1`, what a dual-stack socket reports) is told
/// as the IPv4 address it is.
#[must_use]
pub fn answer(datagram: &[u8], source: SocketAddr, out: &mut [u8; REPLY_BYTES]) -> Answer {
    let source = SocketAddr::new(source.ip().to_canonical(), source.port());
    if let Some(reason) = unusable(source) {
        return Answer::Ignore(reason);
    }
    match Request::parse(datagram) {
        Err(reason) => Answer::Ignore(reason),
        Ok(request) if request.unknown().is_empty() => {
            Answer::Reply(reply::success(&request, source, out), Outcome::Success)
        }
        Ok(request) => Answer::Reply(reply::unknown_attributes(&request, out), Outcome::UnknownAttributes),
    }
}

/// A source that cannot be one sender: replying there would go nowhere, or to many.
fn unusable(source: SocketAddr) -> Option<Ignored> {
    let many = match source.ip() {
        std::net::IpAddr::V4(address) => address.is_multicast() || address.is_broadcast(),
        std::net::IpAddr::V6(address) => address.is_multicast(),
    };
    (many || source.ip().is_unspecified() || source.port() == 0).then_some(Ignored::SourceUnusable)
}
