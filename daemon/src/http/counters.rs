//! What the listeners count, for the metrics.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::http::admission::Refused;

/// Upper bounds of the classes of answering times, in microseconds: from what nobody notices to
/// what makes people press again. The last class has none.
pub(crate) const TIMES_US: [u64; 8] = [1_000, 5_000, 20_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000];

/// Counts since the start. Shared by all listeners.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    accepted: AtomicU64,
    refused: AtomicU64,
    handshakes_failed: AtomicU64,
    requests: [AtomicU64; 5],
    times: [AtomicU64; TIMES_US.len() + 1],
    microseconds: AtomicU64,
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
    /// Responses by the time until they began, in the classes of [`TIMES_US`].
    pub(crate) times: [u64; TIMES_US.len() + 1],
    /// All those times together.
    pub(crate) microseconds: u64,
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

    /// Counts a response that began `after` so long. What a response streams later does not count:
    /// live events last for a whole lesson.
    pub(crate) fn answered(&self, status: http::StatusCode, after: Duration) {
        let microseconds = u64::try_from(after.as_micros()).unwrap_or(u64::MAX);
        let time = TIMES_US.partition_point(|bound| *bound < microseconds);
        self.times[time].fetch_add(1, Ordering::Relaxed);
        self.microseconds.fetch_add(microseconds, Ordering::Relaxed);
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        self.requests[class].fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Counts {
        Counts {
            accepted: self.accepted.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
            handshakes_failed: self.handshakes_failed.load(Ordering::Relaxed),
            requests: std::array::from_fn(|class| self.requests[class].load(Ordering::Relaxed)),
            times: std::array::from_fn(|class| self.times[class].load(Ordering::Relaxed)),
            microseconds: self.microseconds.load(Ordering::Relaxed),
        }
    }
}
