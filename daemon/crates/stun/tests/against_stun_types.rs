//! The same datagrams through an independent implementation, and through the grinder.

#![allow(clippy::unwrap_used, reason = "a test stops at its first surprise")]

use std::net::{IpAddr, SocketAddr};

use proptest::prelude::*;
use stun::{Answer, Ignored, Outcome, REPLY_BYTES, REQUEST_BYTES, answer};
use stun_types::attribute::{
    AttributeStaticType, ErrorCode, Fingerprint, Software, UnknownAttributes, XorMappedAddress,
};
use stun_types::message::{BINDING, Message, MessageClass, MessageType, MessageWriteVec};
use stun_types::prelude::*;

/// A Binding request as the other implementation writes it.
fn request(id: u128, software: Option<&str>, unknown: &[u16], fingerprint: bool) -> Vec<u8> {
    let kind = MessageType::from_class_method(MessageClass::Request, BINDING);
    let mut writer = Message::builder(kind, id.into(), MessageWriteVec::new());
    if let Some(software) = software {
        writer.add_attribute(&Software::new(software).unwrap()).unwrap();
    }
    for kind in unknown {
        writer.add_attribute(&stun_types::attribute::RawAttribute::new((*kind).into(), &[1, 2, 3])).unwrap();
    }
    if fingerprint {
        writer.add_fingerprint().unwrap();
    }
    writer.finish()
}

fn addresses() -> impl Strategy<Value = SocketAddr> {
    let ip = prop_oneof![any::<[u8; 4]>().prop_map(IpAddr::from), any::<[u8; 16]>().prop_map(IpAddr::from)];
    (ip, any::<u16>()).prop_map(|(ip, port)| SocketAddr::new(ip, port))
}

/// Checks what must hold for whatever came in.
fn holds(datagram: &[u8], source: SocketAddr) -> Result<(), TestCaseError> {
    let mut out = [0; REPLY_BYTES];
    let Answer::Reply(length, outcome) = answer(datagram, source, &mut out) else { return Ok(()) };
    prop_assert!(length <= REPLY_BYTES);
    prop_assert!(5 * length <= 16 * datagram.len(), "amplified: {length} bytes for {}", datagram.len());
    prop_assert_eq!(&datagram[..2], &[0, 1]);
    prop_assert_eq!(&out[4..20], &datagram[4..20]);
    let reply = Message::from_bytes(&out[..length]).expect("the other implementation reads the reply");
    let class = match outcome {
        Outcome::Success => MessageClass::Success,
        Outcome::UnknownAttributes => MessageClass::Error,
    };
    prop_assert!(reply.has_class(class) && reply.has_method(BINDING));
    prop_assert!(reply.has_attribute(Fingerprint::TYPE), "whose value the other one has checked");
    Ok(())
}

proptest! {
    #[test]
    fn the_other_implementation_reads_its_own_address_back(
        id in 0..1_u128 << 96,
        source in addresses(),
        software in proptest::option::of("[a-zA-Z ]{0,40}"),
        fingerprint: bool,
    ) {
        let datagram = request(id, software.as_deref(), &[], fingerprint);
        let mut out = [0; REPLY_BYTES];
        match answer(&datagram, source, &mut out) {
            Answer::Reply(length, outcome) => {
                prop_assert_eq!(outcome, Outcome::Success);
                let reply = Message::from_bytes(&out[..length]).unwrap();
                prop_assert_eq!(reply.transaction_id(), id.into());
                let told = reply.attribute::<XorMappedAddress>().unwrap().addr(reply.transaction_id());
                prop_assert_eq!(told, SocketAddr::new(source.ip().to_canonical(), source.port()));
                let software = reply.attribute::<Software>().unwrap();
                prop_assert_eq!(software.software(), "kelas");
            }
            Answer::Ignore(reason) => prop_assert_eq!(reason, Ignored::SourceUnusable),
        }
    }

    #[test]
    fn the_other_implementation_finds_the_same_attributes_unknown(
        id in 0..1_u128 << 96,
        unknown in proptest::collection::vec(0x0028_u16..0x8000, 1..8),
        fingerprint: bool,
    ) {
        let datagram = request(id, None, &unknown, fingerprint);
        let mut out = [0; REPLY_BYTES];
        let source = "10.1.2.3:4567".parse().unwrap();
        let Answer::Reply(length, Outcome::UnknownAttributes) = answer(&datagram, source, &mut out) else {
            return Err(TestCaseError::fail("no 420"));
        };
        let ours = Message::from_bytes(&out[..length]).unwrap();
        let asked = Message::from_bytes(&datagram).unwrap();
        let theirs = Message::check_attribute_types(&asked, &[], &[], MessageWriteVec::new()).unwrap().finish();
        let theirs = Message::from_bytes(&theirs).unwrap();
        prop_assert_eq!(ours.attribute::<ErrorCode>().unwrap().code(), 420);
        prop_assert_eq!(theirs.attribute::<ErrorCode>().unwrap().code(), 420);
        let (ours, theirs) = (
            ours.attribute::<UnknownAttributes>().unwrap(),
            theirs.attribute::<UnknownAttributes>().unwrap(),
        );
        for kind in unknown {
            prop_assert!(ours.has_attribute(kind.into()) && theirs.has_attribute(kind.into()));
        }
    }

    #[test]
    fn any_bytes_are_survived(
        datagram in proptest::collection::vec(any::<u8>(), 0..REQUEST_BYTES + 40),
        source in addresses(),
    ) {
        holds(&datagram, source)?;
    }

    #[test]
    fn any_attributes_after_a_good_header_are_survived(
        body in proptest::collection::vec(any::<[u8; 4]>(), 0..330),
        source in addresses(),
    ) {
        let mut datagram = vec![0, 1];
        datagram.extend(u16::try_from(4 * body.len()).unwrap().to_be_bytes());
        datagram.extend([0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        datagram.extend(body.as_flattened());
        holds(&datagram, source)?;
    }

    #[test]
    fn mutated_requests_are_survived(
        unknown in proptest::collection::vec(any::<u16>().prop_filter("goes last", |kind| *kind != 0x8028), 0..12),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..6),
        keep in any::<proptest::sample::Index>(),
        cut: bool,
        fingerprint: bool,
    ) {
        let mut datagram = request(7, Some("mutant"), &[], false);
        for kind in &unknown {
            datagram.extend(kind.to_be_bytes());
            datagram.extend([0, 0]);
        }
        let length = u16::try_from(datagram.len() - 20).unwrap();
        datagram[2..4].copy_from_slice(&length.to_be_bytes());
        if fingerprint {
            datagram = request(7, Some("mutant"), &[], true);
        }
        for (index, value) in changes {
            let position = index.index(datagram.len());
            datagram[position] = value;
        }
        if cut {
            datagram.truncate(keep.index(datagram.len() + 1));
        }
        holds(&datagram, "192.168.1.9:40000".parse().unwrap())?;
    }
}
