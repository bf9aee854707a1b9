//! The open connections, who is behind them, and how often they may do what.

use std::collections::BTreeMap;

use base::bucket::Bucket;
use base::clock::Monotonic;
use base::id::{MeetingId, PersonId};
use base::limits;

use crate::context::Context;
use crate::effect::Effect;
use crate::event::{ConnectionId, Identity};
use crate::message::encode::closing;
use crate::message::server::ClosingReason;
use crate::message::shared::{IceServer, Role};
use crate::room::Seat;
use crate::timers::{Timer, Timers};

/// How far a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It has not sent `join`, or its `join` was refused.
    New {
        /// When it is closed.
        until: Monotonic,
    },
    /// It has sent `join`, and the room is being opened.
    Opening,
    /// It is in the lobby.
    Waiting(Seat),
    /// It is in the room.
    Joined(Seat),
}

/// One open connection.
#[derive(Debug)]
pub(crate) struct Connection {
    /// Its room.
    pub(crate) meeting: MeetingId,
    /// Who is behind it.
    pub(crate) identity: Identity,
    /// What its `joined` says.
    pub(crate) ice_servers: Vec<IceServer>,
    /// How far it has come.
    pub(crate) stage: Stage,
    /// How often it may send anything.
    pub(crate) messages: Bucket,
    /// How often it may say what it sends, which everybody is told.
    pub(crate) states: Bucket,
    /// How often it may send what is refused.
    pub(crate) refusals: Bucket,
}

impl Connection {
    /// One that has sent nothing yet.
    pub(crate) fn new(
        meeting: MeetingId,
        identity: Identity,
        ice_servers: Vec<IceServer>,
        now: Monotonic,
    ) -> Self {
        Self {
            meeting,
            identity,
            ice_servers,
            stage: Stage::New { until: now.plus(limits::JOIN_TIMEOUT_MS) },
            messages: Bucket::new(limits::SIGNAL_BURST, limits::SIGNAL_PER_SECOND, now),
            states: Bucket::new(limits::STATE_BURST, limits::STATE_PER_SECOND, now),
            refusals: Bucket::new(limits::REFUSAL_BURST, limits::REFUSAL_PER_SECOND, now),
        }
    }
}

/// A person with open connections, or whose chat bucket is not full yet.
#[derive(Debug)]
struct Person {
    connections: usize,
    chat: Bucket,
    forget_at: Option<Monotonic>,
}

/// All open connections.
#[derive(Debug, Default)]
pub(crate) struct Connections {
    open: BTreeMap<ConnectionId, Connection>,
    people: BTreeMap<PersonId, Person>,
}

impl Connections {
    /// Takes a new connection; false if its person has too many.
    pub(crate) fn add(
        &mut self,
        id: ConnectionId,
        connection: Connection,
        now: Monotonic,
        timers: &mut Timers,
    ) -> bool {
        let person_id = connection.identity.person;
        let person = self.people.entry(person_id).or_insert_with(|| Person {
            connections: 0,
            chat: Bucket::new(limits::CHAT_BURST, limits::CHAT_PER_SECOND, now),
            forget_at: None,
        });
        if person.connections >= limits::PERSON_CONNECTIONS {
            return false;
        }
        person.connections += 1;
        if let Some(at) = person.forget_at.take() {
            timers.cancel(at, Timer::Person(person_id));
        }
        if let Stage::New { until } = connection.stage {
            timers.start(until, Timer::Join(id));
        }
        self.open.insert(id, connection);
        true
    }

    /// An open connection.
    pub(crate) fn get(&self, id: ConnectionId) -> Option<&Connection> {
        self.open.get(&id)
    }

    /// An open connection, to take from its buckets.
    pub(crate) fn get_mut(&mut self, id: ConnectionId) -> Option<&mut Connection> {
        self.open.get_mut(&id)
    }

    /// Moves a connection on to `stage`, or back to a new wait for its `join`.
    pub(crate) fn set_stage(&mut self, id: ConnectionId, stage: Stage, timers: &mut Timers) {
        let Some(connection) = self.open.get_mut(&id) else { return };
        if let Stage::New { until } = connection.stage {
            timers.cancel(until, Timer::Join(id));
        }
        if let Stage::New { until } = stage {
            timers.start(until, Timer::Join(id));
        }
        connection.stage = stage;
    }

    /// A guest's connections to a meeting are a student's from now on.
    pub(crate) fn promote(&mut self, meeting: MeetingId, person: PersonId) {
        for Connection { identity, .. } in self.open.values_mut().filter(|known| known.meeting == meeting) {
            if identity.person == person && identity.role == Role::Guest {
                identity.role = Role::Student;
            }
        }
    }

    /// Takes one from the chat bucket of a person.
    pub(crate) fn may_chat(&mut self, person: PersonId, now: Monotonic) -> bool {
        self.people.get_mut(&person).is_some_and(|person| person.chat.take(now))
    }

    /// Forgets a connection that ended.
    pub(crate) fn forget(
        &mut self,
        id: ConnectionId,
        now: Monotonic,
        timers: &mut Timers,
    ) -> Option<Connection> {
        let connection = self.open.remove(&id)?;
        if let Stage::New { until } = connection.stage {
            timers.cancel(until, Timer::Join(id));
        }
        self.count_down(connection.identity.person, now, timers);
        Some(connection)
    }

    fn count_down(&mut self, id: PersonId, now: Monotonic, timers: &mut Timers) {
        let Some(person) = self.people.get_mut(&id) else { return };
        person.connections -= 1;
        if person.connections > 0 {
            return;
        }
        let full_at = person.chat.full_at();
        if full_at <= now {
            self.people.remove(&id);
        } else {
            // Coming back at once must not be a way to a full bucket.
            person.forget_at = Some(full_at);
            timers.start(full_at, Timer::Person(id));
        }
    }

    /// Forgets a person whose chat bucket is full again.
    pub(crate) fn forget_person(&mut self, id: PersonId) {
        if self.people.get(&id).is_some_and(|person| person.connections == 0) {
            self.people.remove(&id);
        }
    }

    /// Says goodbye to a connection and forgets it.
    pub(crate) fn close(
        &mut self,
        id: ConnectionId,
        reason: ClosingReason,
        context: &mut Context<'_>,
        timers: &mut Timers,
    ) -> Option<Connection> {
        let connection = self.forget(id, context.now, timers)?;
        context.send_body(id, closing(reason, None));
        context.effects.push(Effect::Close { connection: id });
        Some(connection)
    }

    /// Those that `chosen` picks.
    pub(crate) fn which(&self, chosen: impl Fn(&Connection) -> bool) -> Vec<ConnectionId> {
        self.open.iter().filter(|(_, connection)| chosen(connection)).map(|(id, _)| *id).collect()
    }

    /// How many are open.
    pub(crate) fn len(&self) -> usize {
        self.open.len()
    }

    /// How many people are known, without bots.
    pub(crate) fn people(&self) -> usize {
        self.people.keys().filter(|person| !person.is_bot()).count()
    }

    /// Forgets all and tells which were open.
    pub(crate) fn clear(&mut self) -> Vec<ConnectionId> {
        self.people.clear();
        std::mem::take(&mut self.open).into_keys().collect()
    }
}
