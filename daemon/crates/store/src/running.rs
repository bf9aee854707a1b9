//! How much of their time attempts at quizzes have used, counted in monotonic time since this start of
//! the daemon (docs/decisions/0018).
//!
//! An attempt runs from the moment that its student first opens it under this start. What it had used
//! before stands in its row. So a clock that is set changes nothing, and while the box has no power no
//! time passes.
//!
//! Used by: `sitting`, `attempt_end`, `quiz_result`. Holds the open attempts with a time limit, which
//! end by themselves.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base::clock::Monotonic;
use base::id::AttemptId;

/// The attempts whose time runs.
#[derive(Debug, Default)]
pub(crate) struct Running {
    all: Mutex<HashMap<AttemptId, Since>>,
}

/// What was used up to a moment.
#[derive(Clone, Copy, Debug)]
struct Since {
    used_ms: u64,
    at: Monotonic,
}

impl Since {
    fn used(self, now: Monotonic) -> u64 {
        self.used_ms.saturating_add(now.since(self.at))
    }
}

impl Running {
    /// What an attempt has used; from now on its time runs, if it did not. `written_ms` is what its row
    /// says.
    pub(crate) fn run(&self, attempt: AttemptId, written_ms: u64, now: Monotonic) -> u64 {
        let since = Since { used_ms: written_ms, at: now };
        self.lock().entry(attempt).or_insert(since).used(now)
    }

    /// What an attempt has used, for somebody who only looks.
    pub(crate) fn used(&self, attempt: AttemptId, written_ms: u64, now: Monotonic) -> u64 {
        self.lock().get(&attempt).map_or(written_ms, |since| since.used(now))
    }

    /// What each that runs has used.
    pub(crate) fn all(&self, now: Monotonic) -> Vec<(AttemptId, u64)> {
        self.lock().iter().map(|(attempt, since)| (*attempt, since.used(now))).collect()
    }

    /// These have ended.
    pub(crate) fn stop(&self, ended: &[AttemptId]) {
        let mut all = self.lock();
        for attempt in ended {
            all.remove(attempt);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<AttemptId, Since>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_runs_from_the_first_look_of_the_student_and_for_nobody_who_only_looks() {
        let running = Running::default();
        let one = AttemptId(1);
        assert_eq!(running.used(one, 500, Monotonic(90_000)), 500);
        assert_eq!(running.run(one, 500, Monotonic(100_000)), 500);
        assert_eq!(running.run(one, 0, Monotonic(101_000)), 1_500, "the row is asked once");
        assert_eq!(running.used(one, 0, Monotonic(102_000)), 2_500);
        assert_eq!(running.all(Monotonic(103_000)), [(one, 3_500)]);
        running.stop(&[one, AttemptId(2)]);
        assert_eq!(running.used(one, 700, Monotonic(104_000)), 700);
    }
}
