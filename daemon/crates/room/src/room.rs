//! One room: its meeting, who is in it and in its lobby, and its newest chat.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::id::{MessageId, ParticipantId, PersonId};
use base::{Code, limits};
use serde_json::value::RawValue;

use crate::context::Context;
use crate::effect::{Departure, Effect};
use crate::entry::Request;
use crate::event::ConnectionId;
use crate::message::server::{Change, LeftReason, ParticipantChange, RoomMessage};
use crate::message::shared::{ChatMessage, Lobby, Meeting, Role};
use crate::participant::{Participant, Presence};
use crate::recent::Recent;

/// A place in a room or in its lobby, in the order in which they were taken; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seat(u64);

/// A room, or one whose meeting is being looked up.
#[derive(Debug)]
pub(crate) enum Place {
    /// Its meeting is being looked up.
    Opening(Opening),
    /// People are in it or in its lobby.
    Open(Room),
}

/// What is known before the store has answered.
#[derive(Debug, Default)]
pub(crate) struct Opening {
    /// Who wants to enter.
    pub(crate) pending: BTreeMap<ConnectionId, Request>,
    /// Chat that was stored meanwhile; the store's answer may be older.
    pub(crate) stored: Vec<ChatMessage>,
    /// Chat that was deleted meanwhile.
    pub(crate) deleted: Vec<MessageId>,
}

/// A room with people in it or in its lobby.
#[derive(Debug)]
pub(crate) struct Room {
    /// Its meeting.
    pub(crate) meeting: Meeting,
    /// Who is in it.
    pub(crate) participants: BTreeMap<Seat, Participant>,
    /// Who waits to be admitted.
    pub(crate) lobby: BTreeMap<Seat, Presence>,
    /// Its newest chat.
    pub(crate) recent: Recent,
    /// Who was admitted once and need not wait again while the room is open.
    admitted: BTreeSet<PersonId>,
    seats: BTreeMap<ParticipantId, Seat>,
    last_seat: u64,
}

impl Place {
    /// Has it noted that everybody who is in is there no longer.
    pub(crate) fn all_depart(&self, how: Departure, context: &mut Context<'_>) {
        if let Self::Open(room) = self {
            room.all_depart(how, context);
        }
    }
}

impl Room {
    /// An empty room of `meeting`.
    pub(crate) fn new(meeting: Meeting, chat: Vec<ChatMessage>) -> Self {
        Self {
            meeting,
            participants: BTreeMap::new(),
            lobby: BTreeMap::new(),
            recent: Recent::new(chat),
            admitted: BTreeSet::new(),
            seats: BTreeMap::new(),
            last_seat: 0,
        }
    }

    /// Whether nobody is in it or waits.
    pub(crate) fn is_empty(&self) -> bool {
        self.participants.is_empty() && self.lobby.is_empty()
    }

    /// How many in it are no people.
    pub(crate) fn bots(&self) -> usize {
        self.participants.values().filter(|participant| participant.presence.is_bot()).count()
    }

    /// Where `id` is.
    pub(crate) fn seat(&self, id: &ParticipantId) -> Option<Seat> {
        self.seats.get(id).copied()
    }

    /// Who is at `seat`, in the room or in the lobby.
    pub(crate) fn presence(&mut self, seat: Seat) -> Option<&mut Presence> {
        match self.participants.get_mut(&seat) {
            Some(participant) => Some(&mut participant.presence),
            None => self.lobby.get_mut(&seat),
        }
    }

    /// The seat of the participant `id` in the room itself.
    pub(crate) fn participant_seat(&self, id: &ParticipantId) -> Result<Seat, Code> {
        self.seat(id).filter(|seat| self.participants.contains_key(seat)).ok_or(Code::RecipientUnknown)
    }

    /// What `role` amounts to for a person who was perhaps admitted a moment ago.
    pub(crate) fn role_of(&self, person: PersonId, role: Role) -> Role {
        if role == Role::Guest && self.admitted.contains(&person) { Role::Student } else { role }
    }

    /// Whether `person` must wait to be admitted.
    pub(crate) fn must_wait(&self, person: PersonId, role: Role) -> bool {
        let waits = match self.meeting.lobby {
            Lobby::Off => false,
            Lobby::Guests => role == Role::Guest,
            Lobby::Everyone => matches!(role, Role::Student | Role::Guest),
        };
        waits && !self.admitted.contains(&person)
    }

    /// Lets `person` in from now on. The oldest admissions are no longer known when there are
    /// more than a room can hold.
    pub(crate) fn admit(&mut self, person: PersonId) {
        if self.admitted.len() >= limits::ROOM_PARTICIPANTS {
            self.admitted.pop_first();
        }
        self.admitted.insert(person);
    }

    /// Lets `person` in no longer.
    pub(crate) fn unadmit(&mut self, person: PersonId) {
        self.admitted.remove(&person);
    }

    /// Puts a participant into the room; the others hear of it, the newcomer does not.
    pub(crate) fn take_seat(&mut self, participant: Participant, context: &mut Context<'_>) -> Seat {
        let shown = participant.presence.shown();
        let seat = self.next_seat(shown.id.clone());
        context.effects.push(Effect::Entered {
            meeting: self.meeting.id,
            participant: shown.id.clone(),
            person: shown.person,
            name: Arc::clone(&shown.name),
            at: context.now,
        });
        let joined = change(Change::Joined, participant.presence.json(), None);
        self.tell_all(&joined, context);
        self.participants.insert(seat, participant);
        seat
    }

    /// Puts somebody into the lobby; the teachers hear of it.
    pub(crate) fn wait(&mut self, presence: Presence, context: &mut Context<'_>) -> Seat {
        let seat = self.next_seat(presence.shown().id.clone());
        self.tell_teachers(&change(Change::Waiting, presence.json(), None), context);
        self.lobby.insert(seat, presence);
        seat
    }

    /// Takes somebody out of the lobby; the teachers hear of it.
    pub(crate) fn leave_lobby(&mut self, seat: Seat, context: &mut Context<'_>) -> Option<Presence> {
        let presence = self.lobby.remove(&seat)?;
        self.seats.remove(&presence.shown().id);
        self.tell_teachers(&change(Change::LeftLobby, presence.json(), None), context);
        Some(presence)
    }

    /// Takes a participant out of the room; the others hear of it.
    pub(crate) fn leave(
        &mut self,
        seat: Seat,
        reason: LeftReason,
        context: &mut Context<'_>,
    ) -> Option<Presence> {
        let Participant { presence, .. } = self.participants.remove(&seat)?;
        self.seats.remove(&presence.shown().id);
        context.departed(self.meeting.id, &presence, reason.into());
        self.tell_all(&change(Change::Left, presence.json(), Some(reason)), context);
        Some(presence)
    }

    /// Has it noted that everybody in the room is there no longer.
    pub(crate) fn all_depart(&self, how: Departure, context: &mut Context<'_>) {
        for participant in self.participants.values() {
            context.departed(self.meeting.id, &participant.presence, how);
        }
    }

    /// Tells everybody how the participant at `seat` looks now.
    pub(crate) fn tell_updated(&mut self, seat: Seat, audience: Audience, context: &mut Context<'_>) {
        let Some(participant) = self.participants.get(&seat) else { return };
        let updated = change(Change::Updated, participant.presence.json(), None);
        self.tell(&updated, context, |other, _| audience == Audience::Everybody || other != seat);
    }

    /// Tells everybody in the room.
    pub(crate) fn tell_all(&mut self, body: &Arc<str>, context: &mut Context<'_>) {
        self.tell(body, context, |_, _| true);
    }

    /// Tells the teachers in the room.
    pub(crate) fn tell_teachers(&mut self, body: &Arc<str>, context: &mut Context<'_>) {
        self.tell(body, context, |_, presence| presence.is_teacher());
    }

    /// Tells those in the room whom `chosen` picks.
    pub(crate) fn tell(
        &mut self,
        body: &Arc<str>,
        context: &mut Context<'_>,
        chosen: impl Fn(Seat, &Presence) -> bool,
    ) {
        for (seat, participant) in &mut self.participants {
            if chosen(*seat, &participant.presence) {
                participant.tell(body, context);
            }
        }
    }

    /// The seats in the room and in the lobby whose presence `chosen` picks.
    pub(crate) fn seats_of(&self, chosen: impl Fn(&Presence) -> bool) -> Vec<Seat> {
        let inside = self.participants.iter().map(|(seat, participant)| (seat, &participant.presence));
        inside.chain(&self.lobby).filter(|(_, presence)| chosen(presence)).map(|(seat, _)| *seat).collect()
    }

    fn next_seat(&mut self, id: ParticipantId) -> Seat {
        self.last_seat += 1;
        let seat = Seat(self.last_seat);
        self.seats.insert(id, seat);
        seat
    }
}

/// Who hears of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// Everybody.
    Everybody,
    /// Everybody but the one who changed.
    Others,
}

fn change(event: Change, participant: &RawValue, reason: Option<LeftReason>) -> Arc<str> {
    RoomMessage::Participant(ParticipantChange { event, participant, reason }).body()
}
