//! What PeerServer calls its options, as far as they concern the broker.

use base::limits;

/// How the broker behaves. The defaults are PeerServer's own.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The word that every client must name; PeerJS clients send `peerjs` unless told otherwise.
    pub key: String,
    /// Connections at once; further ones are refused.
    pub concurrent_limit: usize,
    /// Milliseconds without `HEARTBEAT` after which a client is closed. Clients send one every
    /// five seconds.
    pub alive_timeout_ms: u64,
    /// Milliseconds that messages wait for an id that is not there.
    pub expire_timeout_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            key: "peerjs".to_owned(),
            concurrent_limit: limits::PEERJS_CONNECTIONS,
            alive_timeout_ms: 90_000,
            expire_timeout_ms: 5_000,
        }
    }
}
