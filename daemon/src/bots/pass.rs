//! How a bot gets in: a secret that is made for one crew, handed to its program alone, never
//! written anywhere, and worth nothing when the crew is gone.

use std::sync::Arc;

use base::id::{MeetingId, PersonId, SessionId};
use base::secret::TokenHash;

/// A crew's pass: its room and its numbers, each good for one connection after the other.
#[derive(Debug)]
pub(super) struct Pass {
    meeting: MeetingId,
    count: usize,
    token: Option<TokenHash>,
}

/// A bot that was let in, in the words of the hub: nobody whom the store knows, so that nothing
/// can be written in its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bot {
    /// Below zero, where no person is.
    pub(crate) person: PersonId,
    /// Below zero, where no session is.
    pub(crate) session: SessionId,
    /// What people see; the same word in both languages.
    pub(crate) name: Arc<str>,
}

impl Pass {
    /// For `count` bots in the room of `meeting`, with this secret.
    pub(super) fn new(meeting: MeetingId, count: usize, token: &str) -> Self {
        Self { meeting, count, token: Some(TokenHash::of(token)) }
    }

    /// From now on it lets nobody in.
    pub(super) fn expire(&mut self) {
        self.token = None;
    }

    /// The bot with this number, from 1, if the secret is right.
    pub(super) fn admit(&mut self, meeting: MeetingId, number: usize, token: &str) -> Option<Bot> {
        // Digests are compared, not secrets: how long that takes says nothing of them.
        let known = self.token? == TokenHash::of(token);
        if !known || meeting != self.meeting || !(1..=self.count).contains(&number) {
            return None;
        }
        let below_zero = -i64::try_from(number).ok()?;
        Some(Bot {
            person: PersonId(below_zero),
            session: SessionId(below_zero),
            name: format!("Bot {number}").into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_good_for_its_own_room_and_numbers_until_it_expires() {
        let mut pass = Pass::new(MeetingId(3), 2, "secret");
        let bot = pass.admit(MeetingId(3), 2, "secret").expect("let in");
        assert_eq!((bot.person, bot.session, &*bot.name), (PersonId(-2), SessionId(-2), "Bot 2"));
        for (meeting, number, token) in
            [(4, 1, "secret"), (3, 0, "secret"), (3, 3, "secret"), (3, 1, "Secret")]
        {
            assert_eq!(pass.admit(MeetingId(meeting), number, token), None, "{meeting} {number} {token}");
        }
        pass.expire();
        assert_eq!(pass.admit(MeetingId(3), 1, "secret"), None);
    }
}
