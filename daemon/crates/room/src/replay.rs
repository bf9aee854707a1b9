//! What a participant was told and may not have seen.

use std::collections::VecDeque;
use std::sync::Arc;

use base::limits;

/// The newest messages to one participant, numbered without gaps, until it says that it has seen
/// them. Bounded: what no longer fits is lost for resuming.
#[derive(Debug, Default)]
pub(crate) struct Replay {
    bodies: VecDeque<Arc<str>>,
    bytes: usize,
    last: u64,
}

impl Replay {
    /// The number of the newest message; 0 before the first.
    pub(crate) fn last(&self) -> u64 {
        self.last
    }

    /// Keeps the next message and gives it its number.
    pub(crate) fn push(&mut self, body: &Arc<str>) -> u64 {
        self.last += 1;
        self.bytes += body.len();
        self.bodies.push_back(Arc::clone(body));
        while self.bodies.len() > limits::REPLAY_FRAMES || self.bytes > limits::REPLAY_BYTES {
            self.drop_oldest();
        }
        self.last
    }

    /// Forgets what was seen: everything up to `seq`.
    pub(crate) fn seen(&mut self, seq: u64) {
        while !self.bodies.is_empty() && self.oldest() <= seq {
            self.drop_oldest();
        }
        // A burst, such as a class coming in, must not hold its memory for the whole lesson.
        if self.bodies.capacity() > 64 && self.bodies.len() < self.bodies.capacity() / 4 {
            self.bodies.shrink_to(2 * self.bodies.len());
        }
    }

    /// What followed `seq`, with the numbers; `None` if some of it is lost or `seq` was never
    /// reached.
    pub(crate) fn after(&self, seq: u64) -> Option<impl Iterator<Item = (u64, &Arc<str>)>> {
        if seq > self.last || seq + 1 < self.oldest() {
            return None;
        }
        let seen = usize::try_from(seq + 1 - self.oldest()).ok()?;
        Some((seq + 1..).zip(self.bodies.iter().skip(seen)))
    }

    /// Messages kept, and their bytes.
    pub(crate) fn size(&self) -> (usize, usize) {
        (self.bodies.len(), self.bytes)
    }

    /// The number of the oldest message kept, or of the next one if none is.
    fn oldest(&self) -> u64 {
        self.last + 1 - self.bodies.len() as u64
    }

    fn drop_oldest(&mut self) {
        if let Some(body) = self.bodies.pop_front() {
            self.bytes -= body.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(replay: &Replay, seq: u64) -> Option<Vec<u64>> {
        replay.after(seq).map(|missed| missed.map(|(number, _)| number).collect())
    }

    #[test]
    fn what_was_seen_is_forgotten_and_the_rest_keeps_its_numbers() {
        let mut replay = Replay::default();
        assert_eq!(numbers(&replay, 0), Some(vec![]));
        for _ in 0..5 {
            replay.push(&"{}".into());
        }
        replay.seen(2);
        assert_eq!(numbers(&replay, 3), Some(vec![4, 5]));
        assert_eq!(numbers(&replay, 2), Some(vec![3, 4, 5]));
        assert_eq!(numbers(&replay, 1), None);
        assert_eq!(numbers(&replay, 6), None);
        replay.seen(99);
        assert_eq!((replay.size(), replay.last()), ((0, 0), 5));
        assert_eq!(numbers(&replay, 5), Some(vec![]));
        assert_eq!(numbers(&replay, u64::MAX), None);
    }

    #[test]
    fn it_holds_no_more_than_its_limits() {
        let mut replay = Replay::default();
        let small: Arc<str> = "{}".into();
        for _ in 0..limits::REPLAY_FRAMES + 10 {
            replay.push(&small);
        }
        assert_eq!(replay.size().0, limits::REPLAY_FRAMES);
        assert_eq!(numbers(&replay, 9), None);
        assert!(numbers(&replay, 10).is_some());

        let large: Arc<str> = "x".repeat(limits::REPLAY_BYTES / 4).into();
        for _ in 0..10 {
            replay.push(&large);
        }
        assert_eq!(replay.size(), (4, limits::REPLAY_BYTES));
    }

    #[test]
    fn a_burst_does_not_hold_its_memory() {
        let mut replay = Replay::default();
        for _ in 0..1_000 {
            replay.push(&"{}".into());
        }
        replay.seen(1_000);
        assert!(replay.bodies.capacity() < 64, "{}", replay.bodies.capacity());
    }
}
