//! What must happen at a certain time if nothing happens before.

use std::collections::BTreeSet;

use base::clock::Monotonic;
use base::id::{MeetingId, PersonId};

use crate::event::ConnectionId;
use crate::room::Seat;

/// What to do when the time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// Close a connection that did not send `join`.
    Join(ConnectionId),
    /// Give up a participant, or somebody in the lobby, who did not come back.
    Grace(MeetingId, Seat),
    /// Forget a person without connections, whose chat bucket is full again.
    Person(PersonId),
}

/// All timers, the earliest first.
#[derive(Debug, Default)]
pub(crate) struct Timers(BTreeSet<(Monotonic, Timer)>);

impl Timers {
    /// Lets `timer` fire at `at`.
    pub(crate) fn start(&mut self, at: Monotonic, timer: Timer) {
        self.0.insert((at, timer));
    }

    /// Undoes a [`start`](Self::start).
    pub(crate) fn cancel(&mut self, at: Monotonic, timer: Timer) {
        self.0.remove(&(at, timer));
    }

    /// Takes out one timer whose time has come.
    pub(crate) fn due(&mut self, now: Monotonic) -> Option<Timer> {
        if self.0.first()?.0 > now {
            return None;
        }
        self.0.pop_first().map(|(_, timer)| timer)
    }

    /// When the next one fires.
    pub(crate) fn next(&self) -> Option<Monotonic> {
        self.0.first().map(|(at, _)| *at)
    }

    /// How many run.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Undoes all.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}
