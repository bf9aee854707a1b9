//! How many messages a client may send: a bucket that time refills.

use base::clock::Monotonic;
use base::limits::{SIGNAL_BURST, SIGNAL_PER_SECOND};

/// What a client may still send.
#[derive(Debug)]
pub(crate) struct Allowance {
    /// Thousandths of a message, so that a refill of less than one is not lost.
    millimessages: u64,
    refilled: Monotonic,
}

const FULL: u64 = SIGNAL_BURST as u64 * 1_000;

impl Allowance {
    /// A full bucket.
    pub(crate) fn new(now: Monotonic) -> Self {
        Self { millimessages: FULL, refilled: now }
    }

    /// Takes one message; false if there is none.
    pub(crate) fn take(&mut self, now: Monotonic) -> bool {
        // Messages per second times milliseconds are thousandths of a message.
        let refill = now.since(self.refilled).saturating_mul(u64::from(SIGNAL_PER_SECOND));
        self.millimessages = self.millimessages.saturating_add(refill).min(FULL);
        self.refilled = now;
        let enough = self.millimessages >= 1_000;
        if enough {
            self.millimessages -= 1_000;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_spent_and_time_refills_it() {
        let mut allowance = Allowance::new(Monotonic(0));
        for _ in 0..SIGNAL_BURST {
            assert!(allowance.take(Monotonic(0)));
        }
        assert!(!allowance.take(Monotonic(9)));
        assert!(allowance.take(Monotonic(10)));
        assert!(!allowance.take(Monotonic(10)));
        for _ in 0..SIGNAL_BURST {
            assert!(allowance.take(Monotonic(1_000_000)));
        }
        assert!(!allowance.take(Monotonic(1_000_000)));
    }
}
