//! What every step of the hub gets from outside: the time, randomness, and where effects go.

use std::sync::Arc;

use base::clock::Monotonic;
use base::id::MeetingId;
use base::random::{READABLE, Random};
use base::{Error, Kind};

use crate::effect::{Departure, Effect, Frame};
use crate::event::ConnectionId;
use crate::message::server::{ConnectionMessage, Refusal};
use crate::participant::Presence;

/// The outside world during one event.
pub(crate) struct Context<'a> {
    /// The time of the event.
    pub(crate) now: Monotonic,
    /// For tokens and references.
    pub(crate) random: &'a mut dyn Random,
    /// What is to be done, in order.
    pub(crate) effects: &'a mut Vec<Effect>,
}

impl Context<'_> {
    /// Sends a message that carries no number of the story.
    pub(crate) fn send(&mut self, connection: ConnectionId, message: &ConnectionMessage<'_>) {
        self.send_body(connection, message.body());
    }

    /// Sends a body made before, without a number.
    pub(crate) fn send_body(&mut self, connection: ConnectionId, body: Arc<str>) {
        self.effects.push(Effect::Send { connection, frame: Frame { seq: None, body } });
    }

    /// Sends a message of the story.
    pub(crate) fn send_numbered(&mut self, connection: ConnectionId, seq: u64, body: Arc<str>) {
        self.effects.push(Effect::Send { connection, frame: Frame { seq: Some(seq), body } });
    }

    /// Has it noted that a participant is in the room no longer.
    pub(crate) fn departed(&mut self, meeting: MeetingId, presence: &Presence, how: Departure) {
        let participant = presence.shown().id.clone();
        let at = presence.last_connected(self.now);
        self.effects.push(Effect::Departed { meeting, participant, at, how });
    }

    /// Tells `connection` that something was refused, or that it failed. What is our fault goes
    /// into the journal with a reference, also when nobody is left to be told.
    pub(crate) fn refuse(&mut self, connection: Option<ConnectionId>, error: Error, key: Option<&str>) {
        let ours = matches!(error.kind(), Kind::Internal | Kind::Full | Kind::Unavailable)
            && std::error::Error::source(&error).is_some();
        let reference = ours.then(|| self.random.characters(READABLE, 6));
        if let Some(connection) = connection {
            let refusal = Refusal { key, reference: reference.as_deref(), ..Refusal::of(&error) };
            self.send(connection, &ConnectionMessage::Error(refusal));
        }
        if let Some(reference) = reference {
            self.effects.push(Effect::Report { reference, error });
        }
    }
}
