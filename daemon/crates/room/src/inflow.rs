//! How much each person may signal to one participant, so that nobody fills another's queue.

use std::collections::BTreeMap;

use base::bucket::Bucket;
use base::clock::Monotonic;
use base::id::PersonId;
use base::limits;

/// Senders kept before those are looked for who have been quiet long enough to be forgotten.
const KEPT: usize = 64;

/// Who signalled to a participant a moment ago, and how much they may still.
#[derive(Debug, Default)]
pub(crate) struct Inflow {
    senders: BTreeMap<PersonId, Bucket>,
}

impl Inflow {
    /// Takes `bytes` from the allowance of a person, with all their devices; false if it is used
    /// up.
    pub(crate) fn take(&mut self, sender: PersonId, bytes: usize, now: Monotonic) -> bool {
        if self.senders.len() >= KEPT && !self.senders.contains_key(&sender) {
            self.senders.retain(|_, bucket| bucket.full_at() > now);
        }
        let full = || Bucket::new(limits::SIGNAL_BYTES_BURST, limits::SIGNAL_BYTES_PER_SECOND, now);
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        self.senders.entry(sender).or_insert_with(full).take_many(bytes, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_quiet_for_a_while_is_forgotten() {
        let mut inflow = Inflow::default();
        for person in 0..500 {
            assert!(inflow.take(PersonId(person), 10_000, Monotonic(0)));
        }
        assert_eq!(inflow.senders.len(), 500);
        assert!(inflow.take(PersonId(500), 10_000, Monotonic(1_000)));
        assert_eq!(inflow.senders.len(), 1);
    }
}
