//! What the listeners count, for the metrics.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::http::admission::Refused;

/// Counts since the start. Shared by all listeners.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    accepted: AtomicU64,
    refused: AtomicU64,
    handshakes_failed: AtomicU64,
    requests: [AtomicU64; 5],
}

/// The counts at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Connections that were let in.
    pub(crate) accepted: u64,
    /// Connections closed at once because a limit was reached.
    pub(crate) refused: u64,
    /// TLS handshakes that failed or took too long.
    pub(crate) handshakes_failed: u64,
    /// Responses with status 1xx, 2xx, 3xx, 4xx and 5xx.
    pub(crate) requests: [u64; 5],
}

impl Counters {
    pub(crate) fn accepted(&self) {
        self.accepted.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a refusal and logs the 1st, 2nd, 4th, 8th… so that a flood does not fill the log.
    pub(crate) fn refused(&self, refused: Refused, address: std::net::IpAddr) {
        let count = self.refused.fetch_add(1, Ordering::Relaxed) + 1;
        if count.is_power_of_two() {
            let limit = match refused {
                Refused::Total => "all connections",
                Refused::Address => "connections of one address",
            };
            tracing::warn!(%address, count, "connection refused: the limit of {limit} is reached");
        }
    }

    pub(crate) fn handshake_failed(&self) {
        self.handshakes_failed.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn answered(&self, status: http::StatusCode) {
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        self.requests[class].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Counts {
        Counts {
            accepted: self.accepted.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
            handshakes_failed: self.handshakes_failed.load(Ordering::Relaxed),
            requests: std::array::from_fn(|class| self.requests[class].load(Ordering::Relaxed)),
        }
    }
}
