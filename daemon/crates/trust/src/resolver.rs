//! Serving with the leaf, and changing it without closing a connection.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::leaf::Leaf;
use crate::school::SchoolCertificate;

/// Hands out the school's certificate to whoever asks for one of its names, and the present leaf
/// to everybody else: a phone that typed an address names no host.
#[derive(Debug)]
pub struct LeafResolver {
    present: RwLock<Present>,
}

#[derive(Debug)]
struct Present {
    leaf: Arc<CertifiedKey>,
    school: Option<Arc<SchoolCertificate>>,
}

impl LeafResolver {
    /// Starts with `leaf` alone.
    pub fn new(leaf: &Leaf) -> Self {
        Self { present: RwLock::new(Present { leaf: Arc::clone(&leaf.certified), school: None }) }
    }

    /// Lets every handshake from now on have `leaf`.
    pub fn swap(&self, leaf: &Leaf) {
        self.write().leaf = Arc::clone(&leaf.certified);
    }

    /// Lets every handshake from now on that asks for one of its names have the school's
    /// certificate, or lets it rest.
    pub fn swap_school(&self, school: Option<Arc<SchoolCertificate>>) {
        self.write().school = school;
    }

    /// The school's certificate, if one is in force.
    pub fn school(&self) -> Option<Arc<SchoolCertificate>> {
        self.read().school.clone()
    }

    fn read(&self) -> RwLockReadGuard<'_, Present> {
        self.present.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Present> {
        self.present.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ResolvesServerCert for LeafResolver {
    fn resolve(&self, client_hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let present = self.read();
        let asked = client_hello.server_name();
        let school = present.school.as_ref().filter(|school| asked.is_some_and(|host| school.is_for(host)));
        Some(Arc::clone(school.map_or(&present.leaf, |school| &school.certified)))
    }
}

/// TLS 1.2 and 1.3 with ring, no client certificates, HTTP/1.1 alone: what the site is served
/// with.
pub fn server_config(resolver: Arc<LeafResolver>) -> ServerConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has cipher suites for both versions of TLS")
        .with_no_client_auth()
        .with_cert_resolver(resolver);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}
