//! A token bucket: so many at once, refilled by so many per second.

use crate::clock::Monotonic;

/// What somebody may still do. Counts in thousandths of a token, so that a millisecond refills a whole number of them.
#[derive(Clone, Debug)]
pub struct Bucket {
    burst: u32,
    per_second: u32,
    thousandths: u64,
    filled: Monotonic,
}

impl Bucket {
    /// A full bucket.
    pub fn new(burst: u32, per_second: u32, now: Monotonic) -> Self {
        Self { burst, per_second, thousandths: u64::from(burst) * 1_000, filled: now }
    }

    /// Takes one token; false if there is none.
    pub fn take(&mut self, now: Monotonic) -> bool {
        self.take_many(1, now)
    }

    /// Takes so many tokens; none, and false, if there are fewer.
    pub fn take_many(&mut self, count: u32, now: Monotonic) -> bool {
        let most = u64::from(self.burst) * 1_000;
        let refill = now.since(self.filled).saturating_mul(u64::from(self.per_second));
        self.thousandths = self.thousandths.saturating_add(refill).min(most);
        self.filled = self.filled.max(now);
        let wanted = u64::from(count) * 1_000;
        let taken = self.thousandths >= wanted;
        if taken {
            self.thousandths -= wanted;
        }
        taken
    }

    /// When it is full again if nothing more is taken.
    pub fn full_at(&self) -> Monotonic {
        let missing = (u64::from(self.burst) * 1_000).saturating_sub(self.thousandths);
        self.filled.plus(missing.div_ceil(u64::from(self.per_second.max(1))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_the_steady_rate() {
        let mut bucket = Bucket::new(3, 2, Monotonic(0));
        let burst: Vec<bool> = (0..4).map(|_| bucket.take(Monotonic(0))).collect();
        assert_eq!(burst, [true, true, true, false]);
        assert!(!bucket.take(Monotonic(499)));
        assert!(bucket.take(Monotonic(500)));
        assert_eq!(bucket.full_at(), Monotonic(2_000));
        let later: Vec<bool> = (0..4).map(|_| bucket.take(Monotonic(60_000))).collect();
        assert_eq!(later, [true, true, true, false]);
    }

    #[test]
    fn what_is_asked_for_at_once_is_taken_whole_or_not_at_all() {
        let mut bucket = Bucket::new(10, 2, Monotonic(0));
        assert!(bucket.take_many(7, Monotonic(0)));
        assert!(!bucket.take_many(4, Monotonic(0)));
        assert!(bucket.take_many(3, Monotonic(0)));
        assert!(!bucket.take_many(11, Monotonic(60_000)));
        assert!(bucket.take_many(10, Monotonic(60_000)));
    }
}
