//! All rooms and connections: takes each event to those it concerns.

use std::collections::BTreeMap;

use base::clock::Monotonic;
use base::id::{MeetingId, PersonId};
use base::random::Random;
use base::{Code, Error};

use crate::connections::{Connection, Connections, Stage};
use crate::context::Context;
use crate::counts::Flows;
use crate::effect::{Departure, Effect};
use crate::event::{ConnectionId, Event, Shut};
use crate::message::client::ClientMessage;
use crate::message::encode::closing;
use crate::message::server::{ClosingReason, ConnectionMessage, Refusal};
use crate::room::{Place, Room, Seat};
use crate::tickets::Tickets;
use crate::timers::{Timer, Timers};

/// Seconds over which those who come back after a restart are spread: a whole class that signs
/// in within one moment would wait for itself.
const RESTART_SPREAD: usize = 3;

/// All rooms and connections.
#[derive(Debug, Default)]
pub struct Hub {
    pub(crate) rooms: BTreeMap<MeetingId, Place>,
    pub(crate) connections: Connections,
    pub(crate) timers: Timers,
    pub(crate) tickets: Tickets,
    /// Since the start.
    pub(crate) flows: Flows,
    stopping: Option<u32>,
}

/// A message that was refused.
#[derive(Debug)]
pub(crate) struct Refused {
    /// Why.
    pub(crate) error: Error,
    /// The chat message's key.
    pub(crate) key: Option<String>,
}

impl From<Code> for Refused {
    fn from(code: Code) -> Self {
        Error::new(code).into()
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self { error, key: None }
    }
}

impl Hub {
    /// No rooms, no connections.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes an event that happened at `now` and appends what is to be done to `effects`, in
    /// order. `now` must not go back; `random` makes tokens.
    pub fn handle(
        &mut self,
        now: Monotonic,
        random: &mut dyn Random,
        event: Event,
        effects: &mut Vec<Effect>,
    ) {
        let context = &mut Context { now, random, effects };
        self.fire_timers(context);
        match event {
            Event::Connected { connection, meeting, identity, ice_servers } => {
                let opened = Connection::new(meeting, identity, ice_servers, now);
                self.connected(connection, opened, context);
            }
            Event::Received { connection, text } => self.received(connection, &text, context),
            Event::ReceivedBinary { connection } => {
                self.refuse(connection, Code::MessageMalformed.into(), context);
            }
            Event::Disconnected { connection, why: _ } => self.disconnected(connection, context),
            Event::RoomOpened { meeting, opened } => self.room_opened(meeting, opened, context),
            Event::ChatStored { ticket, stored } => self.chat_stored(ticket, stored, context),
            Event::ChatDeleted { ticket, deleted } => self.chat_deleted(ticket, deleted, context),
            Event::SignedOut { session } => self.signed_out(session, context),
            Event::MemberRemoved { meetings, person } => {
                for meeting in meetings {
                    self.expel(meeting, person, context);
                }
            }
            Event::MemberAdmitted { meetings, person } => {
                for meeting in meetings {
                    self.admitted(meeting, person, context);
                }
            }
            Event::RoomsShut { meetings, to } => {
                for meeting in meetings {
                    match to {
                        Shut::Students => self.shut_to_students(meeting, context),
                        Shut::Everybody => self.end(meeting, context),
                    }
                }
            }
            Event::Tick => {}
            Event::Stop { retry_after } => self.stop(retry_after, context),
        }
    }

    /// When the hub next wants an event, if nothing else happens.
    pub fn deadline(&self) -> Option<Monotonic> {
        self.timers.next()
    }

    /// Whether a person has a seat in a meeting's room; a place in its lobby is none.
    pub fn is_inside(&self, meeting: MeetingId, person: PersonId) -> bool {
        let Some(Place::Open(room)) = self.rooms.get(&meeting) else { return false };
        room.participants.values().any(|participant| participant.presence.shown().person == person)
    }

    fn connected(&mut self, connection: ConnectionId, opened: Connection, context: &mut Context<'_>) {
        let reason = if self.stopping.is_some() {
            ClosingReason::Restart
        } else if self.connections.add(connection, opened, context.now, &mut self.timers) {
            return;
        } else {
            context.send(connection, &ConnectionMessage::Error(Refusal::code(Code::TooManyConnections)));
            ClosingReason::Refused
        };
        context.send_body(connection, closing(reason, self.stopping));
        context.effects.push(Effect::Close { connection });
    }

    fn received(&mut self, connection: ConnectionId, text: &str, context: &mut Context<'_>) {
        let Some(known) = self.connections.get_mut(connection) else { return };
        let (meeting, stage) = (known.meeting, known.stage);
        let outcome = if known.messages.take(context.now) {
            ClientMessage::parse(text)
                .map_err(Refused::from)
                .and_then(|message| self.take(connection, meeting, stage, message, context))
        } else {
            Err(Code::RateLimited.into())
        };
        if let Err(refused) = outcome {
            self.refuse(connection, refused, context);
        }
    }

    /// Takes a well-formed message to where it belongs.
    fn take(
        &mut self,
        connection: ConnectionId,
        meeting: MeetingId,
        stage: Stage,
        message: ClientMessage<'_>,
        context: &mut Context<'_>,
    ) -> Result<(), Refused> {
        match (message, stage) {
            (ClientMessage::Join(join), _) => self.join(connection, &join, context),
            (ClientMessage::Leave, _) => {
                self.goodbye(connection, context);
                Ok(())
            }
            (message, Stage::Joined(seat)) => self.take_inside(connection, (meeting, seat), message, context),
            (ClientMessage::Ping(_), Stage::Waiting(_) | Stage::Opening) => {
                context.send(connection, &ConnectionMessage::Pong { seq: 0 });
                Ok(())
            }
            (message, stage) => {
                let outside =
                    if matches!(stage, Stage::New { .. }) { Code::JoinFirst } else { Code::StillWaiting };
                let key = match message {
                    ClientMessage::Chat(chat) if chat.has_valid_key() => Some(chat.key.into_owned()),
                    _ => None,
                };
                Err(Refused { error: outside.into(), key })
            }
        }
    }

    fn take_inside(
        &mut self,
        connection: ConnectionId,
        (meeting, seat): (MeetingId, Seat),
        message: ClientMessage<'_>,
        context: &mut Context<'_>,
    ) -> Result<(), Refused> {
        match message {
            ClientMessage::Chat(chat) => return self.say(meeting, seat, &chat, context),
            ClientMessage::Moderate(doing) => return self.moderate(meeting, seat, doing, context),
            ClientMessage::State(_) if !self.may_change(connection, context) => {
                return Err(Code::RateLimited.into());
            }
            _ => {}
        }
        let Some(room) = self.room(meeting) else { return Ok(()) };
        match message {
            ClientMessage::Signal(signal) => {
                room.relay(seat, &signal, context)?;
                self.flows.signals += 1;
            }
            ClientMessage::State(state) => room.set_media(seat, state.media, context),
            ClientMessage::Ping(ping) => room.pong(seat, ping.seq, connection, context),
            _ => {}
        }
        Ok(())
    }

    fn may_change(&mut self, connection: ConnectionId, context: &Context<'_>) -> bool {
        self.connections.get_mut(connection).is_some_and(|known| known.states.take(context.now))
    }

    /// An open room.
    pub(crate) fn room(&mut self, meeting: MeetingId) -> Option<&mut Room> {
        match self.rooms.get_mut(&meeting) {
            Some(Place::Open(room)) => Some(room),
            _ => None,
        }
    }

    /// Answers what was refused; who sends too much of it is closed.
    fn refuse(&mut self, connection: ConnectionId, refused: Refused, context: &mut Context<'_>) {
        let Some(known) = self.connections.get_mut(connection) else { return };
        // Whoever it was for may have left a moment ago; that is nobody's fault.
        let blameless = refused.error.code == Code::RecipientUnknown;
        let enough = !blameless && !known.refusals.take(context.now);
        context.refuse(Some(connection), refused.error, refused.key.as_deref());
        if enough {
            self.dismiss(connection, ClosingReason::Refused, context);
        }
    }

    fn fire_timers(&mut self, context: &mut Context<'_>) {
        while let Some(timer) = self.timers.due(context.now) {
            match timer {
                Timer::Join(connection) => {
                    self.connections.close(connection, ClosingReason::Silent, context, &mut self.timers);
                }
                Timer::Grace(meeting, seat) => self.give_up(meeting, seat, context),
                Timer::Person(person) => self.connections.forget_person(person),
            }
        }
    }

    fn stop(&mut self, retry_after: u32, context: &mut Context<'_>) {
        self.stopping = Some(retry_after);
        self.rooms.values().for_each(|place| place.all_depart(Departure::Stopped, context));
        let goodbyes: [_; RESTART_SPREAD] = std::array::from_fn(|later| {
            let later = u32::try_from(later).expect("a handful of seconds");
            closing(ClosingReason::Restart, Some(retry_after + later))
        });
        for (connection, goodbye) in self.connections.clear().into_iter().zip(goodbyes.iter().cycle()) {
            context.send_body(connection, goodbye.clone());
            context.effects.push(Effect::Close { connection });
        }
        self.rooms.clear();
        self.timers.clear();
        self.tickets.clear();
    }
}
