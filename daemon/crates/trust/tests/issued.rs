//! Every field of what is issued, read back by x509-parser, and what devices accept.

#![allow(clippy::unwrap_used, reason = "a test stops at its first surprise")]

mod support;

use std::sync::Arc;

use rcgen::{CertificateParams, Issuer, KeyPair};
use rustls::CertificateError;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use support::{BUILT, Board, DAY_MS, NAMES, der_of, handshake, ips, verify};
use trust::{LeafResolver, ProfileText};
use x509_parser::extensions::GeneralName;
use x509_parser::oid_registry::{OID_EC_P256, OID_SIG_ECDSA_WITH_SHA256};
use x509_parser::prelude::*;

fn parse(der: &[u8]) -> X509Certificate<'_> {
    let (rest, certificate) = X509Certificate::from_der(der).unwrap();
    assert!(rest.is_empty());
    certificate
}

fn critical(certificate: &X509Certificate<'_>) -> Vec<(String, bool)> {
    certificate
        .extensions()
        .iter()
        .map(|extension| (extension.oid.to_id_string(), extension.critical))
        .collect()
}

#[test]
fn the_authority_can_sign_for_the_box_and_private_addresses_alone() {
    let mut board = Board::new();
    let authority = board.authority().unwrap();
    let certificate = parse(authority.certificate_der());

    assert_eq!(certificate.version(), X509Version::V3);
    assert_eq!(certificate.signature_algorithm.algorithm, OID_SIG_ECDSA_WITH_SHA256);
    let curve = certificate.public_key().algorithm.parameters.as_ref().unwrap().as_oid().unwrap();
    assert_eq!(curve, OID_EC_P256);
    assert!(certificate.verify_signature(None).is_ok());
    assert_eq!(certificate.subject(), certificate.issuer());
    assert_eq!(certificate.subject().to_string(), format!("O=Kelas, CN={}", authority.name()));
    assert_eq!(authority.name().len(), "Kelas ABC234".len());
    assert_eq!(certificate.raw_serial().len(), 16);

    assert_eq!(certificate.validity().not_before.timestamp(), BUILT.0 / 1_000);
    let years = (certificate.validity().not_after.timestamp() - board.times.now.0 / 1_000) / (365 * 86_400);
    assert_eq!(years, 20);

    let basic = certificate.basic_constraints().unwrap().unwrap();
    assert!(basic.critical && basic.value.ca);
    assert_eq!(basic.value.path_len_constraint, Some(0));
    let usage = certificate.key_usage().unwrap().unwrap();
    assert!(usage.critical);
    assert_eq!(usage.value.to_string(), "Key Cert Sign, CRL Sign");
    let extended = certificate.extended_key_usage().unwrap().unwrap().value;
    assert!(
        extended.server_auth && !extended.client_auth && !extended.email_protection && !extended.code_signing
    );
    assert!(!extended.any && extended.other.is_empty());

    let constraints = certificate.name_constraints().unwrap().unwrap();
    assert!(constraints.critical);
    assert_eq!(constraints.value.excluded_subtrees, None);
    let permitted: Vec<String> = constraints
        .value
        .permitted_subtrees
        .as_ref()
        .unwrap()
        .iter()
        .map(|subtree| match &subtree.base {
            GeneralName::DNSName(name) => format!("DNS {name}"),
            GeneralName::RFC822Name(name) => format!("mail {name}"),
            GeneralName::IPAddress(bytes) => {
                let (base, mask) = bytes.split_at(bytes.len() / 2);
                let ones: u32 = mask.iter().map(|byte| byte.count_ones()).sum();
                let base = data_encoding::HEXLOWER.encode(base);
                format!("IP {base}/{ones}")
            }
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(
        permitted,
        [
            "mail kelas.internal",
            "DNS kelas.internal",
            "DNS kelas.local",
            "DNS localhost",
            "DNS internal",
            "DNS local",
            "IP 0a000000/8",
            "IP ac100000/12",
            "IP c0a80000/16",
            "IP a9fe0000/16",
            "IP 7f000000/8",
            "IP fc000000000000000000000000000000/7",
            "IP fe800000000000000000000000000000/10",
            "IP 00000000000000000000000000000001/128",
        ]
    );
    // Key usage, extended key usage, subject key id, basic and name constraints.
    assert_eq!(certificate.extensions().len(), 5, "{:?}", critical(&certificate));
}

#[test]
fn two_boxes_have_different_authorities() {
    let (mut one, mut other) = (Board::new(), Board::new());
    other.random = base::random::SeededRandom(2);
    let (one, other) = (one.authority().unwrap(), other.authority().unwrap());
    assert_ne!(one.name(), other.name());
    assert_ne!(one.fingerprint(), other.fingerprint());
    assert_ne!(parse(one.certificate_der()).raw_serial(), parse(other.certificate_der()).raw_serial());
    assert_ne!(
        parse(one.certificate_der()).public_key().subject_public_key,
        parse(other.certificate_der()).public_key().subject_public_key
    );
}

#[test]
fn the_leaf_is_for_the_names_and_addresses_and_serves_only() {
    let mut board = Board::new();
    let leaf = board
        .leaf(&["Kelas.Internal", "sman1.kelas.internal"], &["10.42.0.1", "fd00::1", "::ffff:192.168.1.2"]);
    let leaf = leaf.unwrap();
    assert_eq!(leaf.names, ["kelas.internal", "kelas.local", "localhost", "sman1.kelas.internal"]);
    assert_eq!(leaf.addresses, ips(&["10.42.0.1", "fd00::1", "192.168.1.2"]));
    assert!(leaf.left_out.is_empty());

    let authority = board.authority().unwrap();
    let der = der_of(&board.path().join("leaf.pem"));
    let certificate = parse(&der);
    let issuer = parse(authority.certificate_der());
    assert!(certificate.verify_signature(Some(issuer.public_key())).is_ok());
    assert_eq!(certificate.issuer(), issuer.subject());
    assert_eq!(certificate.subject().to_string(), "CN=kelas.internal");
    assert_eq!(certificate.raw_serial().len(), 16);
    assert!(!certificate.is_ca() && certificate.basic_constraints().unwrap().unwrap().critical);
    let usage = certificate.key_usage().unwrap().unwrap();
    assert!(usage.critical);
    assert_eq!(usage.value.to_string(), "Digital Signature");
    let extended = certificate.extended_key_usage().unwrap().unwrap().value;
    assert!(extended.server_auth && !extended.client_auth && !extended.any);
    let validity = certificate.validity();
    assert_eq!(validity.not_after.timestamp() - validity.not_before.timestamp() + 1, 825 * 86_400);
    assert_eq!(validity.not_before.timestamp(), board.times.now.plus(-90 * DAY_MS).0 / 1_000);
    assert_eq!(validity.not_after.timestamp() * 1_000, leaf.valid_until.0);
    let key_id = |extension: &ParsedExtension<'_>| match extension {
        ParsedExtension::SubjectKeyIdentifier(id) => Some(id.0.to_vec()),
        ParsedExtension::AuthorityKeyIdentifier(id) => id.key_identifier.as_ref().map(|id| id.0.to_vec()),
        _ => None,
    };
    let of = |certificate: &X509Certificate<'_>, oid: &str| {
        let found = certificate.extensions().iter().find(|extension| extension.oid.to_id_string() == oid);
        key_id(found.unwrap().parsed_extension()).unwrap()
    };
    assert_eq!(of(&certificate, "2.5.29.35"), of(&issuer, "2.5.29.14"));
}

#[test]
fn a_device_with_the_authority_accepts_the_leaf_for_its_names_and_no_other() {
    let mut board = Board::new();
    let leaf = board.leaf(&NAMES, &["10.42.0.1", "192.168.1.2", "fe80::1"]).unwrap();
    let authority = board.authority().unwrap();
    let resolver = Arc::new(LeafResolver::new(&leaf));
    let now = board.times.now;
    for name in ["kelas.internal", "kelas.local", "localhost", "10.42.0.1", "192.168.1.2", "fe80::1"] {
        let shown = handshake(authority.certificate_der(), &resolver, name, now).unwrap();
        assert_eq!(shown.len(), 2, "leaf and authority");
        assert_eq!(&*shown[1], authority.certificate_der());
    }
    for name in ["example.com", "internal", "smpn3.local", "10.42.0.2", "::1"] {
        let refused = handshake(authority.certificate_der(), &resolver, name, now).unwrap_err();
        assert!(
            matches!(
                refused,
                rustls::Error::InvalidCertificate(
                    CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }
                )
            ),
            "{name}: {refused}"
        );
    }
    let other = Board::new().authority().unwrap();
    handshake(other.certificate_der(), &resolver, "kelas.internal", now).unwrap_err();
    for (days, accepted) in [(-91, false), (-89, true), (734, true), (736, false)] {
        let shown =
            handshake(authority.certificate_der(), &resolver, "kelas.internal", now.plus(days * DAY_MS));
        assert_eq!(shown.is_ok(), accepted, "{days} days from now");
    }
}

#[test]
fn a_stolen_authority_signs_nothing_that_devices_believe_outside_the_classroom() {
    let mut board = Board::new();
    let authority = board.authority().unwrap();
    let stolen = PrivatePkcs8KeyDer::from_pem_file(board.path().join("authority.pem")).unwrap();
    let stolen = KeyPair::from_pkcs8_der_and_sign_algo(&stolen, &rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    let der = CertificateDer::from(authority.certificate_der());
    let issuer = Issuer::from_ca_cert_der(&der, stolen).unwrap();
    let key = KeyPair::generate().unwrap();
    let verdict = |name: &str| {
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        let forged = params.signed_by(&key, &issuer).unwrap();
        verify(authority.certificate_der(), forged.der(), name, board.times.now)
    };
    assert_eq!(verdict("kelas.internal"), Ok(()), "the forgery itself is sound");
    assert_eq!(verdict("192.168.7.7"), Ok(()));
    assert_eq!(verdict("smpn3.local"), Ok(()), "as the school may call the box one day");
    for name in
        ["example.com", "google.com", "kelas.internal.example.com", "alocal", "8.8.8.8", "2001:db8::1"]
    {
        let refused = verdict(name).unwrap_err();
        assert!(format!("{refused:?}").contains("NameConstraintViolation"), "{name}: {refused:?}");
    }
}

#[test]
fn what_the_authority_may_not_sign_is_left_out_and_told() {
    let mut board = Board::new();
    let leaf = board.leaf(
        &["kelas.internal", "sekolah.sch.id", "*.kelas.local", ""],
        &["10.42.0.1", "8.8.8.8", "2001:db8::1"],
    );
    let leaf = leaf.unwrap();
    assert_eq!(leaf.left_out, ["sekolah.sch.id", "*.kelas.local", "", "8.8.8.8", "2001:db8::1"]);
    assert_eq!(leaf.addresses, ips(&["10.42.0.1"]));
    let authority = board.authority().unwrap();
    handshake(authority.certificate_der(), &Arc::new(LeafResolver::new(&leaf)), "10.42.0.1", board.times.now)
        .unwrap();
}

#[test]
fn a_box_that_gets_another_name_serves_it_to_who_trusts_it_already() {
    let mut board = Board::new();
    board.leaf(&NAMES, &["10.42.0.1"]).unwrap();
    let named = [&NAMES[..], &["smpn3.internal", "smpn3.local"]].concat();
    let leaf = board.leaf(&named, &["10.42.0.1"]).unwrap();
    assert_eq!(leaf.left_out, Vec::<String>::new());
    assert_eq!(leaf.names, ["kelas.internal", "kelas.local", "localhost", "smpn3.internal", "smpn3.local"]);
    let authority = board.authority().unwrap();
    let resolver = Arc::new(LeafResolver::new(&leaf));
    for name in ["smpn3.local", "smpn3.internal", "kelas.local", "10.42.0.1"] {
        handshake(authority.certificate_der(), &resolver, name, board.times.now).unwrap();
    }
}

#[test]
fn a_swapped_leaf_serves_the_next_handshake() {
    let mut board = Board::new();
    let first = board.leaf(&NAMES, &["10.42.0.1"]).unwrap();
    let resolver = Arc::new(LeafResolver::new(&first));
    let authority = board.authority().unwrap();
    handshake(authority.certificate_der(), &resolver, "192.168.1.2", board.times.now).unwrap_err();
    let second = board.leaf(&NAMES, &["192.168.1.2"]).unwrap();
    resolver.swap(&second);
    handshake(authority.certificate_der(), &resolver, "192.168.1.2", board.times.now).unwrap();
    handshake(authority.certificate_der(), &resolver, "10.42.0.1", board.times.now).unwrap();
}

#[test]
fn a_clock_that_never_ran_still_serves_devices_that_know_the_time() {
    let mut board = Board::new();
    board.times.now = base::clock::Timestamp(0);
    let leaf = board.leaf(&NAMES, &["10.42.0.1"]).unwrap();
    let authority = board.authority().unwrap();
    let resolver = Arc::new(LeafResolver::new(&leaf));
    for day in [1, 400, 800] {
        handshake(authority.certificate_der(), &resolver, "10.42.0.1", BUILT.plus(day * DAY_MS)).unwrap();
    }
}

#[test]
fn the_fingerprint_is_that_of_the_certificate() {
    let mut board = Board::new();
    let authority = board.authority().unwrap();
    let fingerprint = authority.fingerprint();
    let digest = sha256_by_rustls(authority.certificate_der());
    assert_eq!(fingerprint, digest.map(|byte| format!("{byte:02X}")).join(":"));
    assert_eq!(board.authority().unwrap().fingerprint(), fingerprint, "and stays");
    let pem = authority.certificate_pem();
    let read = CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    assert_eq!(&*read, authority.certificate_der());
}

/// SHA-256 from another implementation than the one under test.
fn sha256_by_rustls(bytes: &[u8]) -> [u8; 32] {
    let provider = rustls::crypto::ring::default_provider();
    let suite = provider.cipher_suites.iter().find_map(|suite| match suite {
        rustls::SupportedCipherSuite::Tls13(suite) if suite.common.hash_provider.output_len() == 32 => {
            Some(suite)
        }
        _ => None,
    });
    suite.unwrap().common.hash_provider.hash(bytes).as_ref().try_into().unwrap()
}

#[test]
fn the_apple_profile_holds_the_certificate_and_keeps_its_identifiers() {
    let mut board = Board::new();
    let authority = board.authority().unwrap();
    let text = ProfileText { title: "Kelas <IPA> & \"kawan\"", description: "Untuk\u{0} kelas 'X'" };
    let profile = authority.mobile_profile(text);
    assert_eq!(profile, board.authority().unwrap().mobile_profile(text), "the same each time");
    assert!(profile.contains(&format!(
        "<string>Kelas &lt;IPA&gt; &amp; &quot;kawan&quot; ({})</string>",
        authority.name()
    )));
    assert!(profile.contains("<string>Untuk kelas &apos;X&apos;</string>"));
    let data = profile.split("<data>").nth(1).unwrap().split("</data>").next().unwrap();
    let certificate = data_encoding::BASE64.decode(data.as_bytes()).unwrap();
    assert_eq!(certificate, authority.certificate_der());
    let uuids: Vec<&str> = profile
        .split("<key>PayloadUUID</key>")
        .skip(1)
        .map(|rest| rest.split("<string>").nth(1).unwrap().split('<').next().unwrap())
        .collect();
    assert_eq!(uuids.len(), 2);
    assert_ne!(uuids[0], uuids[1]);
    for uuid in uuids {
        let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert_eq!(&uuid[14..15], "8", "version");
        assert!("89AB".contains(&uuid[19..20]), "variant");
    }
}
