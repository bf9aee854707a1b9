//! What can happen to the broker.

/// One open socket, numbered by the transport; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// What can happen.
#[derive(Debug)]
pub enum Event {
    /// A client opened a socket. The texts are the query's, unchecked; a missing one is empty.
    Connected {
        /// The new connection.
        connection: ConnectionId,
        /// Must be the settings' key.
        key: String,
        /// The id that the client wants.
        id: String,
        /// The secret that the client made up for it.
        token: String,
    },
    /// A client sent a message, as it came.
    Received {
        /// From where.
        connection: ConnectionId,
        /// What.
        text: String,
    },
    /// A [`Send`](crate::Effect::Send) could not be carried out: the client reads too slowly.
    Undelivered {
        /// Which connection failed.
        connection: ConnectionId,
        /// Whose message it was, if a client's.
        sender: Option<ConnectionId>,
    },
    /// A connection ended, by whatever side.
    Disconnected {
        /// Which.
        connection: ConnectionId,
    },
    /// Time passed; sent when [`Broker::deadline`](crate::Broker::deadline) says.
    Tick,
}
