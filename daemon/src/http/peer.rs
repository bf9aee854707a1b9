//! Where a request came from, put into its extensions by the listener.

use std::net::SocketAddr;

/// Both ends of the TCP connection that a request came over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Peer {
    /// The client's end.
    pub(crate) remote: SocketAddr,
    /// Our end: the address that this client can reach us by.
    pub(crate) local: SocketAddr,
    /// How the bytes travelled.
    pub(crate) transport: Transport,
}

/// How the bytes of a connection travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    /// In the clear: rung 0 of the ladder of trust.
    Plain,
    /// Over TLS.
    Tls,
}
