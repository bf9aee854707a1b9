//! Messages for ids that are not there yet, for a few seconds and within bounds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::clock::Monotonic;
use base::limits::{PEERJS_WAITING_BYTES, PEERJS_WAITING_BYTES_TOTAL, PEERJS_WAITING_MESSAGES};

/// What one more message costs beside its text: its own record, and the first of an id also the
/// queue's.
const OVERHEAD_BYTES: usize = 256;

/// One message that waits.
#[derive(Debug)]
pub(crate) struct Letter {
    /// The sender's id.
    pub(crate) from: Arc<str>,
    /// The frame as it will be sent.
    pub(crate) text: String,
}

impl Letter {
    fn cost(&self) -> usize {
        self.text.len() + OVERHEAD_BYTES
    }
}

/// The queue of one id.
#[derive(Debug)]
struct Mailbox {
    opened: Monotonic,
    letters: Vec<Letter>,
    cost_bytes: usize,
}

/// There is no room for a message; it was not taken.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoRoom;

/// A sender and the id for which its messages waited in vain.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Expired {
    pub(crate) from: Arc<str>,
    pub(crate) to: Arc<str>,
}

/// All queues.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    mailboxes: BTreeMap<Arc<str>, Mailbox>,
    cost_bytes: usize,
}

impl Waiting {
    /// Keeps a message for `to`.
    pub(crate) fn add(&mut self, now: Monotonic, to: &str, letter: Letter) -> Result<(), NoRoom> {
        let cost = letter.cost();
        let (letters, used) =
            self.mailboxes.get(to).map_or((0, 0), |mailbox| (mailbox.letters.len(), mailbox.cost_bytes));
        if letters >= PEERJS_WAITING_MESSAGES
            || used + cost > PEERJS_WAITING_BYTES
            || self.cost_bytes + cost > PEERJS_WAITING_BYTES_TOTAL
        {
            return Err(NoRoom);
        }
        let mailbox = self.mailboxes.entry(to.into()).or_insert_with(|| Mailbox {
            opened: now,
            letters: Vec::new(),
            cost_bytes: 0,
        });
        mailbox.letters.push(letter);
        mailbox.cost_bytes += cost;
        self.cost_bytes += cost;
        Ok(())
    }

    /// Hands out what waited for `to`, oldest first.
    pub(crate) fn take(&mut self, to: &str) -> Vec<Letter> {
        self.mailboxes.remove(to).map_or_else(Vec::new, |mailbox| {
            self.cost_bytes -= mailbox.cost_bytes;
            mailbox.letters
        })
    }

    /// Drops every queue that was opened `timeout_ms` ago, younger messages in it included as in
    /// PeerServer, and names each sender once for each id.
    pub(crate) fn expire(&mut self, now: Monotonic, timeout_ms: u64) -> BTreeSet<Expired> {
        let mut expired = BTreeSet::new();
        let cost_bytes = &mut self.cost_bytes;
        self.mailboxes.retain(|to, mailbox| {
            if now.since(mailbox.opened) < timeout_ms {
                return true;
            }
            *cost_bytes -= mailbox.cost_bytes;
            expired.extend(
                mailbox.letters.iter().map(|letter| Expired { from: letter.from.clone(), to: to.clone() }),
            );
            false
        });
        expired
    }

    /// Whether nothing waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.mailboxes.is_empty()
    }

    /// Bytes that all queues hold.
    #[cfg(test)]
    pub(crate) fn cost_bytes(&self) -> usize {
        debug_assert_eq!(
            self.cost_bytes,
            self.mailboxes.values().flat_map(|mailbox| &mailbox.letters).map(Letter::cost).sum::<usize>()
        );
        self.cost_bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(from: &str, size: usize) -> Letter {
        Letter { from: from.into(), text: "x".repeat(size) }
    }

    #[test]
    fn messages_come_out_in_order_and_once() {
        let mut waiting = Waiting::default();
        for size in 1..4 {
            waiting.add(Monotonic(0), "b", letter("a", size)).expect("room");
        }
        let sizes: Vec<usize> = waiting.take("b").iter().map(|letter| letter.text.len()).collect();
        assert_eq!(sizes, [1, 2, 3]);
        assert!(waiting.take("b").is_empty() && waiting.is_empty());
        assert_eq!(waiting.cost_bytes(), 0);
    }

    #[test]
    fn a_queue_expires_as_a_whole_and_names_each_pair_once() {
        let mut waiting = Waiting::default();
        waiting.add(Monotonic(0), "b", letter("a", 1)).expect("room");
        waiting.add(Monotonic(4_000), "b", letter("a", 1)).expect("room");
        waiting.add(Monotonic(4_000), "b", letter("c", 1)).expect("room");
        waiting.add(Monotonic(4_000), "d", letter("a", 1)).expect("room");
        assert!(waiting.expire(Monotonic(4_999), 5_000).is_empty());
        let expired: Vec<(String, String)> = waiting
            .expire(Monotonic(5_000), 5_000)
            .into_iter()
            .map(|expired| (expired.from.to_string(), expired.to.to_string()))
            .collect();
        assert_eq!(expired, [("a".into(), "b".into()), ("c".into(), "b".into())]);
        assert_eq!(waiting.take("d").len(), 1);
        assert_eq!(waiting.cost_bytes(), 0);
    }

    #[test]
    fn number_bytes_and_total_are_bounded() {
        let mut waiting = Waiting::default();
        for _ in 0..PEERJS_WAITING_MESSAGES {
            waiting.add(Monotonic(0), "many", letter("a", 1)).expect("room");
        }
        assert_eq!(waiting.add(Monotonic(0), "many", letter("a", 1)), Err(NoRoom));

        let large = |waiting: &mut Waiting| waiting.add(Monotonic(0), "large", letter("a", 60_000)).is_ok();
        let taken = (0..10).filter(|_| large(&mut waiting)).count();
        assert_eq!(taken, 4);

        for id in 0..200 {
            // Taken or not, the bound below must hold.
            let _ = waiting.add(Monotonic(0), &format!("id{id}"), letter("a", 60_000));
        }
        assert!(waiting.cost_bytes() <= PEERJS_WAITING_BYTES_TOTAL);
        assert!(waiting.cost_bytes() > PEERJS_WAITING_BYTES_TOTAL - 61_000);
        waiting.take("large");
        assert_eq!(waiting.add(Monotonic(0), "again", letter("a", 60_000)), Ok(()));
    }
}
