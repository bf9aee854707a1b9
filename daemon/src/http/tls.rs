//! TLS 1.2 and 1.3 with a certificate that can be swapped while connections come in.

use std::sync::{Arc, PoisonError, RwLock};

use rustls::crypto::ring;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ALL_VERSIONS, ServerConfig};

/// The certificate in force. There is one for all names: a browser's "proceed anyway" holds for
/// a host and its certificate.
#[derive(Debug, Default)]
pub(crate) struct CertificateSlot(RwLock<Option<Arc<CertifiedKey>>>);

impl CertificateSlot {
    /// From now on new connections get this certificate.
    pub(crate) fn set(&self, certificate: Arc<CertifiedKey>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(certificate);
    }
}

impl ResolvesServerCert for CertificateSlot {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// How we speak TLS: HTTP/1.1 alone (WebSockets need it), and tickets instead of a cache, so
/// that a session that may be resumed costs no memory here.
pub(crate) fn config(slot: Arc<CertificateSlot>) -> Result<Arc<ServerConfig>, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(ALL_VERSIONS)?
        .with_no_client_auth()
        .with_cert_resolver(slot);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.ticketer = ring::Ticketer::new()?;
    // One is enough for a client that opens few connections; each costs a record on connecting.
    config.send_tls13_tickets = 1;
    Ok(Arc::new(config))
}
