//! Questions to the store that wait for their answers.

use std::collections::BTreeMap;

use base::id::{MeetingId, ParticipantId};
use base::{Code, limits};

use crate::event::Ticket;

/// A question, and who wants to know.
#[derive(Debug)]
pub(crate) struct Question {
    /// In which room.
    pub(crate) meeting: MeetingId,
    /// Who asked.
    pub(crate) by: ParticipantId,
    /// The chat message's idempotency key, if it is about one to be stored.
    pub(crate) key: Option<String>,
}

/// All open questions.
#[derive(Debug, Default)]
pub(crate) struct Tickets {
    open: BTreeMap<Ticket, Question>,
    last: u64,
}

impl Tickets {
    /// Gives a question its number; `unavailable` if too many are open.
    pub(crate) fn open(&mut self, question: Question) -> Result<Ticket, Code> {
        if self.open.len() >= limits::OPEN_TICKETS {
            return Err(Code::Unavailable);
        }
        self.last += 1;
        let ticket = Ticket(self.last);
        self.open.insert(ticket, question);
        Ok(ticket)
    }

    /// Takes out an answered question.
    pub(crate) fn answered(&mut self, ticket: Ticket) -> Option<Question> {
        self.open.remove(&ticket)
    }

    /// How many are open.
    pub(crate) fn len(&self) -> usize {
        self.open.len()
    }

    /// Forgets all.
    pub(crate) fn clear(&mut self) {
        self.open.clear();
    }
}
