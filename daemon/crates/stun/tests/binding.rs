//! What the responder answers, byte by byte, and what it ignores.

#![allow(clippy::unwrap_used, reason = "a test stops at its first surprise")]

use std::net::SocketAddr;

use stun::{Answer, Ignored, Outcome, REPLY_BYTES, REQUEST_BYTES, answer};

/// Sample request of RFC 5769, 2.1: SOFTWARE, PRIORITY, ICE-CONTROLLED, USERNAME,
/// MESSAGE-INTEGRITY, FINGERPRINT.
const RFC_5769_REQUEST: &str = "
    00010058 2112a442 b7e7a701 bc34d686 fa87dfae
    80220010 5354554e 20746573 7420636c 69656e74
    00240004 6e0001ff
    80290008 932ff9b1 51263b36
    00060009 6576746a 3a683676 59202020
    00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2
    80280004 e57a3bcf";

/// The request of RFC 5769, 2.4: USERNAME, NONCE, REALM, MESSAGE-INTEGRITY with a long-term
/// credential.
const RFC_5769_LONG_TERM: &str = "
    00010060 2112a442 78ad3433 c6ad72c0 29da412e
    00060012 e3839ee3 8388e383 aae38383 e382afe3 82b90000
    0015001c 662f2f34 39396b39 35346436 4f4c3334 6f4c3946 53547679 36347341
    0014000b 6578616d 706c652e 6f726700
    00080014 f6702465 6dd64a3e 02b8e071 2e85c9a2 8ca89666";

const BARE: &str = "00010000 2112a442 b7e7a701 bc34d686 fa87dfae";

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| u8::try_from(character.to_digit(16).unwrap()).unwrap())
        .collect();
    assert_eq!(digits.len() % 2, 0);
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

fn from(source: &str) -> SocketAddr {
    source.parse().unwrap()
}

fn reply_to(datagram: &[u8], source: &str) -> (Outcome, Vec<u8>) {
    let mut out = [0xaa; REPLY_BYTES];
    match answer(datagram, from(source), &mut out) {
        Answer::Reply(length, outcome) => (outcome, out[..length].to_vec()),
        Answer::Ignore(reason) => panic!("ignored: {reason:?}"),
    }
}

fn ignored(datagram: &[u8]) -> Ignored {
    let mut out = [0xaa; REPLY_BYTES];
    match answer(datagram, from("192.168.10.20:5000"), &mut out) {
        Answer::Ignore(reason) => {
            assert_eq!(out, [0xaa; REPLY_BYTES], "the buffer of an ignored datagram is left alone");
            reason
        }
        reply @ Answer::Reply(..) => panic!("answered: {reply:?}"),
    }
}

/// A Binding request with these attributes, given as type and value.
fn request(attributes: &[(u16, &[u8])]) -> Vec<u8> {
    let mut message = bytes(BARE);
    for (kind, value) in attributes {
        message.extend(kind.to_be_bytes());
        message.extend(u16::try_from(value.len()).unwrap().to_be_bytes());
        message.extend(*value);
        message.resize(message.len().next_multiple_of(4), 0);
    }
    let length = u16::try_from(message.len() - 20).unwrap();
    message[2..4].copy_from_slice(&length.to_be_bytes());
    message
}

#[test]
fn an_ipv4_source_is_told_as_in_rfc_5769_2_2() {
    let (outcome, reply) = reply_to(&bytes(BARE), "192.0.2.1:32853");
    assert_eq!(outcome, Outcome::Success);
    assert_eq!(reply[..20], bytes("01010020 2112a442 b7e7a701 bc34d686 fa87dfae"));
    assert_eq!(reply[20..32], bytes("00200008 0001a147 e112a643"));
    assert_eq!(reply[32..44], bytes("80220005 6b656c61 73000000"));
    assert_eq!(reply[44..48], bytes("80280004"));
    assert_eq!(reply.len(), 52);
}

#[test]
fn an_ipv6_source_is_told_as_in_rfc_5769_2_3() {
    let (outcome, reply) = reply_to(&bytes(BARE), "[2001:db8:1234:5678:11:2233:4455:6677]:32853");
    assert_eq!(outcome, Outcome::Success);
    assert_eq!(reply[20..44], bytes("00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9"));
    assert_eq!(reply.len(), 64);
}

#[test]
fn an_ipv4_source_of_a_dual_stack_socket_is_told_as_ipv4() {
    let (_, mapped) = reply_to(&bytes(BARE), "[::ffff:192.0.2.1]:32853");
    let (_, plain) = reply_to(&bytes(BARE), "192.0.2.1:32853");
    assert_eq!(mapped, plain);
}

#[test]
fn rfc_5769_sample_request_needs_priority_understood() {
    let (outcome, reply) = reply_to(&bytes(RFC_5769_REQUEST), "192.0.2.1:32853");
    assert_eq!(outcome, Outcome::UnknownAttributes);
    assert_eq!(reply[..20], bytes("01110038 2112a442 b7e7a701 bc34d686 fa87dfae"));
    assert_eq!(reply[20..28], bytes("00090015 00000414"));
    assert_eq!(&reply[28..45], b"Unknown Attribute");
    assert_eq!(reply[45..56], bytes("000000 000a0002 00240000"));
}

#[test]
fn a_fingerprint_that_does_not_match_is_ignored() {
    let mut message = bytes(RFC_5769_REQUEST);
    assert_eq!(message.len(), 108);
    for position in 20..message.len() - 8 {
        message[position] ^= 1;
        let reason = ignored(&message);
        assert!(
            matches!(reason, Ignored::FingerprintWrong | Ignored::AttributeMalformed),
            "byte {position}: {reason:?}"
        );
        message[position] ^= 1;
    }
    message[107] ^= 1;
    assert_eq!(ignored(&message), Ignored::FingerprintWrong);
}

#[test]
fn credentials_are_known_and_not_needed() {
    let (outcome, _) = reply_to(&bytes(RFC_5769_LONG_TERM), "192.0.2.1:32853");
    assert_eq!(outcome, Outcome::Success);
}

#[test]
fn an_attribute_after_message_integrity_is_not_looked_at() {
    let priority: (u16, &[u8]) = (0x0024, &[0; 4]);
    let integrity: (u16, &[u8]) = (0x0008, &[0; 20]);
    assert_eq!(reply_to(&request(&[integrity, priority]), "10.0.0.9:9").0, Outcome::Success);
    assert_eq!(reply_to(&request(&[priority, integrity]), "10.0.0.9:9").0, Outcome::UnknownAttributes);
}

#[test]
fn comprehension_optional_attributes_are_skipped() {
    let (outcome, _) = reply_to(&request(&[(0x8022, b"test"), (0xffff, b""), (0x8fff, b"x")]), "10.0.0.9:9");
    assert_eq!(outcome, Outcome::Success);
}

#[test]
fn a_request_to_answer_elsewhere_is_refused() {
    for kind in [0x0002, 0x0003, 0x0027] {
        let (outcome, reply) = reply_to(&request(&[(kind, &[0, 0, 0, 6])]), "10.0.0.9:9");
        assert_eq!(outcome, Outcome::UnknownAttributes, "{kind:#06x}");
        assert_eq!(reply[52..54], kind.to_be_bytes());
    }
}

#[test]
fn unknown_attributes_are_named_once_and_eight_at_most() {
    let many: Vec<(u16, &[u8])> = (0x0100..0x0120).flat_map(|kind| [(kind, &b""[..]); 2]).collect();
    let (outcome, reply) = reply_to(&request(&many), "10.0.0.9:9");
    assert_eq!(outcome, Outcome::UnknownAttributes);
    assert_eq!(reply[48..68], bytes("000a0010 01000101 01020103 01040105 01060107"));
    assert_eq!(reply.len(), 88);
}

#[test]
fn everything_else_is_ignored_with_its_reason() {
    let bare = bytes(BARE);
    assert_eq!(ignored(b""), Ignored::TooShort);
    assert_eq!(ignored(&bare[..19]), Ignored::TooShort);
    assert_eq!(ignored(&request(&[(0x8022, &[b'x'; REQUEST_BYTES])])), Ignored::TooLong);
    assert_eq!(ignored(&[0x80; 40]), Ignored::NotStun, "RTP");
    assert_eq!(ignored(&[0x16; 40]), Ignored::NoMagicCookie, "DTLS has zero bits too");
    assert_eq!(
        ignored(&bytes("00010000 00000000 b7e7a701 bc34d686 fa87dfae")),
        Ignored::NoMagicCookie,
        "RFC 3489"
    );
    for (kind, what) in [(0x0011, "indication"), (0x0101, "success"), (0x0111, "error"), (0x0003, "Allocate")]
    {
        let mut message = bare.clone();
        message[..2].copy_from_slice(&u16::to_be_bytes(kind));
        assert_eq!(ignored(&message), Ignored::NotBindingRequest, "{what}");
    }
    let mut longer = bare.clone();
    longer.push(0);
    assert_eq!(ignored(&longer), Ignored::LengthWrong);
    longer[3] = 1;
    assert_eq!(ignored(&longer), Ignored::LengthWrong, "not a multiple of four");
    assert_eq!(ignored(&bytes("00010004 2112a442 b7e7a701 bc34d686 fa87dfae")), Ignored::LengthWrong);
    assert_eq!(
        ignored(&bytes("00010004 2112a442 b7e7a701 bc34d686 fa87dfae 80220004")),
        Ignored::AttributeMalformed
    );
    assert_eq!(ignored(&request(&[(0x8028, b"123")])), Ignored::AttributeMalformed);
    assert_eq!(ignored(&request(&[(0x8028, b"1234"), (0x8022, b"")])), Ignored::AttributeMalformed);
}

#[test]
fn a_source_that_is_not_one_sender_gets_nothing() {
    for source in
        ["0.0.0.0:1", "255.255.255.255:1", "224.0.0.251:5353", "[::]:1", "[ff02::fb]:5353", "192.168.1.2:0"]
    {
        let mut out = [0; REPLY_BYTES];
        assert_eq!(
            answer(&bytes(BARE), from(source), &mut out),
            Answer::Ignore(Ignored::SourceUnusable),
            "{source}"
        );
    }
}
