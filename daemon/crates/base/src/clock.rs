//! Time as an argument: wall time for what people read, monotonic time for what is measured.

use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Wall time in milliseconds since 1970-01-01 UTC. A Pi has no clock battery: it may jump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This time moved by `milliseconds`, at the ends of the range held there.
    #[must_use]
    pub const fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }
}

/// Monotonic time in milliseconds since an arbitrary start; it never goes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Monotonic(pub u64);

impl Monotonic {
    /// This time moved forward by `milliseconds`.
    #[must_use]
    pub const fn plus(self, milliseconds: u64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// Milliseconds since `earlier`; zero if that lies in the future.
    pub const fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Where time comes from.
pub trait Clock: Send + Sync {
    /// Wall time, for people and for rows in the database.
    fn now(&self) -> Timestamp;
    /// Monotonic time, for timeouts and limits.
    fn monotonic(&self) -> Monotonic;
}

/// The machine's clock.
#[derive(Debug)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// Starts monotonic time at zero.
    pub fn new() -> Self {
        Self { start: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn monotonic(&self) -> Monotonic {
        Monotonic(u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX))
    }
}

/// Measures how long something takes, for logs and statistics. What decides something takes a
/// [`Clock`] instead, so that a test can move it.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch {
    start: Instant,
}

impl Stopwatch {
    /// Starts measuring.
    pub fn start() -> Self {
        Self { start: Instant::now() }
    }

    /// The time since the start.
    pub fn elapsed(self) -> Duration {
        self.start.elapsed()
    }
}

/// A clock that a test moves by hand.
#[derive(Debug)]
pub struct TestClock {
    times: Mutex<(Timestamp, Monotonic)>,
}

impl TestClock {
    /// Starts at `now`, with monotonic time at zero.
    pub fn at(now: Timestamp) -> Self {
        Self { times: Mutex::new((now, Monotonic(0))) }
    }

    /// Lets `milliseconds` pass on both clocks.
    pub fn advance(&self, milliseconds: u32) {
        let mut times = self.times.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        times.0 = times.0.plus(i64::from(milliseconds));
        times.1 = times.1.plus(u64::from(milliseconds));
    }

    /// Sets wall time alone, as a teacher's browser or a dead battery does.
    pub fn jump(&self, now: Timestamp) {
        self.times.lock().unwrap_or_else(std::sync::PoisonError::into_inner).0 = now;
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        self.times.lock().unwrap_or_else(std::sync::PoisonError::into_inner).0
    }

    fn monotonic(&self) -> Monotonic {
        self.times.lock().unwrap_or_else(std::sync::PoisonError::into_inner).1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_of_the_wall_clock_leaves_monotonic_time_alone() {
        let clock = TestClock::at(Timestamp(1_000));
        clock.advance(500);
        clock.jump(Timestamp(0));
        assert_eq!((clock.now(), clock.monotonic()), (Timestamp(0), Monotonic(500)));
        assert_eq!(clock.monotonic().since(Monotonic(900)), 0);
    }
}
