//! What participants tell one another for their peer connections, and what they send.

use base::Code;

use crate::context::Context;
use crate::event::ConnectionId;
use crate::message::encode::one_line;
use crate::message::server::{ConnectionMessage, RelayedSignal, RoomMessage};
use crate::message::shared::Media;
use crate::message::signal::Signal;
use crate::room::{Audience, Room, Seat};

impl Room {
    /// Relays a signal to a participant of this room; nobody else can be reached, and nobody be
    /// sent more than they can take.
    pub(crate) fn relay(
        &mut self,
        from: Seat,
        signal: &Signal<'_>,
        context: &mut Context<'_>,
    ) -> Result<(), Code> {
        let to = self.participant_seat(&signal.to)?;
        if to == from {
            return Err(Code::RecipientUnknown);
        }
        let Some(sender) = self.participants.get(&from) else { return Ok(()) };
        let by_bot = sender.presence.is_bot();
        let (sender, person) = (sender.presence.shown().id.clone(), sender.presence.shown().person);
        let Some(recipient) = self.participants.get_mut(&to) else { return Ok(()) };
        // A bot has no peer connection to offer, and a person's page must not wait for one.
        if recipient.presence.is_bot() != by_bot {
            return Err(Code::RecipientUnknown);
        }
        let relayed = [signal.description, signal.candidate];
        let bytes = relayed.into_iter().flatten().map(|raw| raw.get().len()).sum();
        if !recipient.inflow.take(person, bytes, context.now) {
            return Err(Code::RateLimited);
        }
        let description = signal.description.map(one_line);
        let candidate = signal.candidate.map(one_line);
        let body = RoomMessage::Signal(RelayedSignal {
            from: &sender,
            description: description.as_deref(),
            candidate: candidate.as_deref(),
        })
        .body();
        recipient.tell(&body, context);
        Ok(())
    }

    /// Notes what a participant sends; the others hear of it if it changed.
    pub(crate) fn set_media(&mut self, seat: Seat, media: Media, context: &mut Context<'_>) {
        let Some(participant) = self.participants.get_mut(&seat) else { return };
        if participant.presence.show_media(media) {
            self.tell_updated(seat, Audience::Others, context);
        }
    }

    /// Forgets what the participant has seen and says what was the last it was told.
    pub(crate) fn pong(
        &mut self,
        seat: Seat,
        seen: u64,
        connection: ConnectionId,
        context: &mut Context<'_>,
    ) {
        let Some(participant) = self.participants.get_mut(&seat) else { return };
        participant.replay.seen(seen);
        context.send(connection, &ConnectionMessage::Pong { seq: participant.replay.last() });
    }
}
