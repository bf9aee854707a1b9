//! Serving with the leaf, and changing it without closing a connection.

use std::sync::{Arc, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

use crate::leaf::Leaf;

/// Hands the present leaf to every handshake, whatever name the client asked for: a phone that
/// typed an address sends none.
#[derive(Debug)]
pub struct LeafResolver {
    present: RwLock<Arc<CertifiedKey>>,
}

impl LeafResolver {
    /// Starts with `leaf`.
    pub fn new(leaf: &Leaf) -> Self {
        Self { present: RwLock::new(Arc::clone(&leaf.certified)) }
    }

    /// Lets every handshake from now on have `leaf`.
    pub fn swap(&self, leaf: &Leaf) {
        *self.present.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&leaf.certified);
    }
}

impl ResolvesServerCert for LeafResolver {
    fn resolve(&self, _client_hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.present.read().unwrap_or_else(PoisonError::into_inner)))
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
