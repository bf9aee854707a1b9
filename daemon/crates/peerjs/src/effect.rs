//! What the broker wants done.

use crate::event::ConnectionId;

/// What the broker wants done, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send one text frame. If that fails, answer with
    /// [`Undelivered`](crate::Event::Undelivered).
    Send {
        /// To whom.
        connection: ConnectionId,
        /// A JSON object.
        text: String,
        /// Who is to be told if it fails.
        sender: Option<ConnectionId>,
    },
    /// Close a connection, without a status code as PeerServer does, after what was sent before
    /// has gone out. No `Disconnected` is needed afterwards: the broker has forgotten it.
    Close {
        /// Which.
        connection: ConnectionId,
    },
    /// Drop what waits for a connection, send `last` instead and close. The broker has forgotten
    /// it.
    Cut {
        /// Which.
        connection: ConnectionId,
        /// A JSON object.
        last: String,
    },
}
