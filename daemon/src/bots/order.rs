//! What the daemon and the program of the bots tell each other, a line of JSON each.

use std::fmt;
use std::net::SocketAddr;

use base::id::MeetingId;
use serde::{Deserialize, Serialize};

/// What the program is to do; the first and only line that it is sent. When the daemon closes the
/// line, the program ends.
#[derive(Clone, Deserialize, Serialize)]
pub(super) struct Order {
    /// Which meeting's room.
    pub(super) room: MeetingId,
    /// How many bots.
    pub(super) count: usize,
    /// From one to the next.
    pub(super) every_ms: u64,
    /// After that all go.
    pub(super) stay_ms: u64,
    /// Where HTTPS is answered: an address of this box.
    pub(super) address: SocketAddr,
    /// Whom to trust, as PEM.
    pub(super) authority: String,
    /// The crew's pass.
    pub(super) token: String,
}

impl fmt::Debug for Order {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the secret, wherever it may be printed.
        formatter
            .debug_struct("Order")
            .field("room", &self.room)
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}

/// How far the program is; sent when it changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Report {
    /// Bots in the room.
    pub(super) present: usize,
    /// Bots that did not come in, or were lost before their time.
    pub(super) lost: usize,
    /// Signals sent.
    pub(super) signals: u64,
    /// Why one was lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) problem: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_that_is_printed_keeps_its_secret() {
        let order = Order {
            room: MeetingId(1),
            count: 2,
            every_ms: 0,
            stay_ms: 1,
            address: ([127, 0, 0, 1], 443).into(),
            authority: "-----BEGIN".into(),
            token: "hush".into(),
        };
        assert!(!format!("{order:?}").contains("hush"));
    }
}
