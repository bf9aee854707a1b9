//! Chat: checked, stored, and only then told.

use base::id::{MeetingId, MessageId, ParticipantId};
use base::{Code, Result, text};

use crate::context::Context;
use crate::effect::Effect;
use crate::event::{ConnectionId, Ticket};
use crate::hub::{Hub, Refused};
use crate::message::client::Chat;
use crate::message::server::{Action, DeliveredChat, Moderated, RoomMessage};
use crate::message::shared::ChatMessage;
use crate::recent::may_read;
use crate::room::{Place, Room, Seat};
use crate::tickets::Question;

impl Hub {
    /// Checks a chat message and asks the store to keep it.
    pub(crate) fn say(
        &mut self,
        meeting: MeetingId,
        seat: Seat,
        chat: &Chat<'_>,
        context: &mut Context<'_>,
    ) -> Result<(), Refused> {
        if !chat.has_valid_key() {
            return Err(Code::KeyInvalid.into());
        }
        self.ask_to_store(meeting, seat, chat, context)
            .map_err(|error| Refused { error, key: Some(chat.key.to_string()) })
    }

    fn ask_to_store(
        &mut self,
        meeting: MeetingId,
        seat: Seat,
        chat: &Chat<'_>,
        context: &mut Context<'_>,
    ) -> Result<()> {
        let text = text::chat(&chat.text)?;
        let Some(Place::Open(room)) = self.rooms.get(&meeting) else { return Ok(()) };
        let Some(sender) = room.participants.get(&seat) else { return Ok(()) };
        let shown = sender.presence.shown();
        // What is said is kept, with its author; a bot is nobody.
        if sender.presence.is_bot() {
            return Err(Code::NotAllowed.into());
        }
        if let Some(to) = chat.to {
            let is_here = room.participants.values().any(|other| other.presence.shown().person == to);
            if !is_here || to == shown.person {
                return Err(Code::RecipientUnknown.into());
            }
        }
        if !self.connections.may_chat(shown.person, context.now) {
            return Err(Code::ChatTooFast.into());
        }
        let (author, name) = (shown.person, shown.name.clone());
        let key = chat.key.to_string();
        let ticket = self.tickets.open(Question { meeting, by: shown.id.clone(), key: Some(key.clone()) })?;
        context.effects.push(Effect::StoreChat { ticket, meeting, author, name, key, text, to: chat.to });
        Ok(())
    }

    /// The store has answered: tells everybody who may read it, or the sender what failed.
    pub(crate) fn chat_stored(
        &mut self,
        ticket: Ticket,
        stored: Result<(ChatMessage, bool)>,
        context: &mut Context<'_>,
    ) {
        let Some(Question { meeting, by, key }) = self.tickets.answered(ticket) else { return };
        let key = key.as_deref();
        let (message, known_before) = match stored {
            Ok(stored) => stored,
            Err(error) => return context.refuse(self.reach(meeting, &by), error, key),
        };
        self.flows.chats += u64::from(!known_before);
        match self.rooms.get_mut(&meeting) {
            Some(Place::Open(room)) => room.deliver(message, known_before, (&by, key), context),
            Some(Place::Opening(opening)) => opening.stored.push(message),
            None => {}
        }
    }

    /// Asks the store to delete a message's text.
    pub(crate) fn ask_to_delete(
        &mut self,
        meeting: MeetingId,
        by: Seat,
        message: MessageId,
        context: &mut Context<'_>,
    ) -> Result<(), Refused> {
        let Some(Place::Open(room)) = self.rooms.get(&meeting) else { return Ok(()) };
        let Some(teacher) = room.participants.get(&by) else { return Ok(()) };
        let shown = teacher.presence.shown();
        let (by, person) = (shown.id.clone(), shown.person);
        let ticket = self.tickets.open(Question { meeting, by, key: None })?;
        context.effects.push(Effect::DeleteChat { ticket, meeting, message, by: person });
        Ok(())
    }

    /// The store has answered: tells everybody, or the teacher what failed.
    pub(crate) fn chat_deleted(
        &mut self,
        ticket: Ticket,
        deleted: Result<MessageId>,
        context: &mut Context<'_>,
    ) {
        let Some(Question { meeting, by, .. }) = self.tickets.answered(ticket) else { return };
        let message = match deleted {
            Ok(message) => message,
            Err(error) => return context.refuse(self.reach(meeting, &by), error, None),
        };
        match self.rooms.get_mut(&meeting) {
            Some(Place::Open(room)) => {
                room.recent.delete(message);
                let done = Moderated { message: Some(message), ..Moderated::new(Action::DeleteMessage, &by) };
                room.tell_all(&RoomMessage::Moderated(done).body(), context);
            }
            Some(Place::Opening(opening)) => opening.deleted.push(message),
            None => {}
        }
    }

    /// The open connection of a participant who asked something.
    fn reach(&self, meeting: MeetingId, by: &ParticipantId) -> Option<ConnectionId> {
        let Some(Place::Open(room)) = self.rooms.get(&meeting) else { return None };
        room.participants.get(&room.seat(by)?)?.presence.link.connection()
    }
}

impl Room {
    /// Tells a stored message to all who may read it; one that was told before only to its
    /// sender, who did not hear of it.
    fn deliver(
        &mut self,
        message: ChatMessage,
        known_before: bool,
        (by, key): (&ParticipantId, Option<&str>),
        context: &mut Context<'_>,
    ) {
        let news = self.recent.is_news(message.id, known_before);
        let own = RoomMessage::Chat(DeliveredChat { message: &message, key }).body();
        let sender = self.seat(by);
        if news {
            let body = RoomMessage::Chat(DeliveredChat { message: &message, key: None }).body();
            self.tell(&body, context, |seat, presence| {
                Some(seat) != sender && may_read(&message, presence.shown().person)
            });
        }
        if let Some(participant) = sender.and_then(|seat| self.participants.get_mut(&seat)) {
            participant.tell(&own, context);
        }
        self.recent.push(message);
    }
}
