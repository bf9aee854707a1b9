//! STUN over the air: a station asks the box for its own address, as its browser does (RFC 8489).

use std::net::Ipv4Addr;

use data_encoding::BASE64;

use crate::Outcome;
use crate::air::{Lease, Station};
use crate::checks::hotspot::BOX;
use crate::guest::Guest;

const COOKIE: u32 = 0x2112_a442;
const TRANSACTION: [u8; 12] = *b"kelas-di-ud.";
/// A datagram may be lost, so it is asked again; netcat waits some seconds each time.
const TRIES: usize = 6;

/// The box tells the station the address that it has in the Wi-Fi. Asked inside: QEMU's network lets
/// no UDP out of a machine that it keeps to itself.
pub(crate) async fn tells_the_stations_address(
    guest: &mut Guest,
    station: Station,
    lease: &Lease,
) -> Outcome<()> {
    let request = BASE64.encode(&request());
    let ask = format!("echo {request} | busybox base64 -d | nc.openbsd -u -w 5 {BOX} 3478 | busybox base64");
    for _ in 0..TRIES {
        let told = station.asks(guest, &format!("sh -c '{ask}'")).await?.text;
        let reply = BASE64.decode(told.split_whitespace().collect::<String>().as_bytes());
        let reply = reply.map_err(|_| format!("netcat says {told}"))?;
        if reply.is_empty() {
            continue;
        }
        let told = mapped(&reply)?;
        return if told.to_string() == lease.address {
            Ok(())
        } else {
            Err(format!("the box told {told}, and the station has {}", lease.address).into())
        };
    }
    Err(format!("no answer to {TRIES} requests").into())
}

/// A Binding request without attributes.
fn request() -> Vec<u8> {
    [&[0, 1, 0, 0], &COOKIE.to_be_bytes()[..], &TRANSACTION[..]].concat()
}

/// The IPv4 address in a success response to it.
fn mapped(reply: &[u8]) -> Outcome<Ipv4Addr> {
    let wrong = || format!("not the answer to a Binding request: {reply:02x?}");
    let (head, mut rest) = reply.split_at_checked(20).ok_or_else(wrong)?;
    if head[..2] != [1, 1] || head[4..] != request()[4..] {
        return Err(wrong().into());
    }
    while let [kind_high, kind_low, length_high, length_low, after @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*length_high, *length_low]));
        let value = after.get(..length).ok_or_else(wrong)?;
        // XOR-MAPPED-ADDRESS of family IPv4.
        if let ([0, 0x20], [0, 1, _, _, address @ ..]) = ([*kind_high, *kind_low], value) {
            let address: [u8; 4] = address.try_into().map_err(|_| wrong())?;
            return Ok(Ipv4Addr::from_bits(u32::from_be_bytes(address) ^ COOKIE));
        }
        rest = after.get(length.next_multiple_of(4)..).ok_or_else(wrong)?;
    }
    Err(wrong().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_and_another_answer_is_none() {
        let mut reply = request();
        reply[..4].copy_from_slice(&[1, 1, 0, 20]);
        reply.extend([0x80, 0x22, 0, 3, b'k', b'e', b'l', 0]);
        reply.extend([0, 0x20, 0, 8, 0, 1, 0x12, 0x34]);
        let address = Ipv4Addr::new(10, 42, 0, 20);
        reply.extend((address.to_bits() ^ COOKIE).to_be_bytes());
        assert_eq!(mapped(&reply).expect("an address"), address);
        reply[8] ^= 1;
        assert!(mapped(&reply).is_err(), "to another request");
        assert!(mapped(&request()).is_err() && mapped(b"").is_err());
    }
}
