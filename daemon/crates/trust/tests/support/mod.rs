//! A box to issue on, and a client to connect to it.

#![allow(
    clippy::unwrap_used,
    dead_code,
    reason = "a test stops at its first surprise, and uses what it needs"
)]

pub(crate) mod school;

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base::Result;
use base::clock::Timestamp;
use base::random::SeededRandom;
use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, ClientConnection, RootCertStore, ServerConnection};
use tempfile::TempDir;
use trust::{Authority, Leaf, LeafResolver, Times, server_config};

pub(crate) const BUILT: Timestamp = Timestamp(1_790_000_000_500);
pub(crate) const NAMES: [&str; 2] = ["kelas.internal", "kelas.local"];
pub(crate) const DAY_MS: i64 = 86_400_000;

/// A folder for keys, and the clock.
pub(crate) struct Board {
    pub(crate) folder: TempDir,
    pub(crate) times: Times,
    pub(crate) random: SeededRandom,
}

impl Board {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            times: Times { now: BUILT.plus(200 * DAY_MS), built: BUILT },
            random: SeededRandom(1),
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("trust")
    }

    pub(crate) fn authority(&mut self) -> Result<Authority> {
        Authority::load_or_create(&self.path(), &NAMES, self.times, &mut self.random)
    }

    pub(crate) fn leaf(&mut self, names: &[&str], addresses: &[&str]) -> Result<Leaf> {
        let authority = self.authority()?;
        authority.ensure_leaf(names, &ips(addresses), self.times, &mut self.random)
    }

    pub(crate) fn on_day(&mut self, day: i64) {
        self.times.now = BUILT.plus(day * DAY_MS);
    }
}

pub(crate) fn ips(addresses: &[&str]) -> Vec<IpAddr> {
    addresses.iter().map(|address| address.parse().unwrap()).collect()
}

pub(crate) fn der_of(path: &Path) -> CertificateDer<'static> {
    use rustls::pki_types::pem::PemObject;
    CertificateDer::from_pem_file(path).unwrap()
}

fn roots(authority: &[u8]) -> Arc<RootCertStore> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority.to_vec())).unwrap();
    Arc::new(roots)
}

/// Whether a device that trusts `authority` accepts `leaf` for `name` on that moment.
pub(crate) fn verify(
    authority: &[u8],
    leaf: &CertificateDer<'_>,
    name: &str,
    at: Timestamp,
) -> Result<(), CertificateError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = rustls::client::WebPkiServerVerifier::builder_with_provider(roots(authority), provider)
        .build()
        .unwrap();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let at = UnixTime::since_unix_epoch(Duration::from_millis(u64::try_from(at.0).unwrap()));
    match verifier.verify_server_cert(leaf, &[], &name, &[], at) {
        Ok(_) => Ok(()),
        Err(rustls::Error::InvalidCertificate(error)) => Err(error),
        Err(error) => panic!("{error}"),
    }
}

/// The time of a client, as rustls asks for it.
#[derive(Debug)]
struct At(Timestamp);

impl rustls::time_provider::TimeProvider for At {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_millis(u64::try_from(self.0.0).unwrap())))
    }
}

/// A whole TLS handshake in memory; returns the certificates that the client was shown.
pub(crate) fn handshake(
    authority: &[u8],
    resolver: &Arc<LeafResolver>,
    name: &str,
    at: Timestamp,
) -> Result<Vec<CertificateDer<'static>>, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_details(provider, Arc::new(At(at)))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots(authority))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let mut client =
        ClientConnection::new(Arc::new(config), ServerName::try_from(name.to_owned()).unwrap()).unwrap();
    let mut server = ServerConnection::new(Arc::new(server_config(Arc::clone(resolver)))).unwrap();
    for _ in 0..10 {
        let mut wire = Vec::new();
        while client.wants_write() {
            client.write_tls(&mut wire).unwrap();
        }
        let mut wire = &wire[..];
        while !wire.is_empty() {
            server.read_tls(&mut wire).unwrap();
            server.process_new_packets()?;
        }
        let mut wire = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut wire).unwrap();
        }
        let mut wire = &wire[..];
        while !wire.is_empty() {
            client.read_tls(&mut wire).unwrap();
            client.process_new_packets()?;
        }
        if !client.is_handshaking() && !server.is_handshaking() {
            assert_eq!(client.alpn_protocol(), Some(&b"http/1.1"[..]));
            return Ok(client
                .peer_certificates()
                .unwrap()
                .iter()
                .map(|der| der.clone().into_owned())
                .collect());
        }
    }
    panic!("ten round trips were not enough for a handshake");
}
