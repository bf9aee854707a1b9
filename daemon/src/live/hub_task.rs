//! The one task that owns all rooms: takes events, lets the [`Hub`] decide, carries out what it
//! wants.
//!
//! May use: `room`, [`archive`](super::archive), [`outgoing`](super::outgoing). Used by:
//! `handle`, through [`Input`].
//!
//! Architecture invariant: it waits for nobody. What is to be sent goes into the client's queue
//! or closes the client; what is to be stored is handed to the archive, whose answers come back
//! as events.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use base::clock::{Clock, Monotonic};
use base::id::{MeetingId, PersonId};
use base::random::SystemRandom;
use room::event::{Disconnect, Identity};
use room::message::encode::closing;
use room::message::server::ClosingReason;
use room::message::shared::IceServer;
use room::{ConnectionId, Counts, Effect, Event, Flows, Frame, Hub, RoomCount};
use store::{Crowd, Store};
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::archive::Archive;
use super::outgoing::{Backlog, Ending, Sender};
use super::presence::Notes;

/// Inputs that may wait; more make those who send them wait, which is how a flood of frames
/// reaches back to the sockets it comes from.
pub(crate) const INPUTS: usize = 1_024;
/// Inputs taken at once.
const BATCH: usize = 64;
/// What clients are told to wait before they come back after a stop, in seconds.
const RETRY_AFTER: u32 = 1;
/// What a client that was cut for reading too slowly waits before it resumes, in seconds.
const SLOW_RETRY_AFTER: u32 = 1;

/// What reaches the hub from outside.
pub(crate) enum Input {
    /// A client opened a connection and may enter.
    Opened {
        /// The connection.
        connection: ConnectionId,
        /// Who wants to go where.
        opening: Opening,
        /// Where what it is to hear goes.
        outgoing: Sender,
    },
    /// Something happened.
    Event(Event),
    /// Somebody wants to know which rooms people are in.
    Crowds(oneshot::Sender<Vec<RoomCount>>),
    /// Somebody wants to know how much there is.
    Counts(oneshot::Sender<Counts>),
    /// The load log wants to know what goes on.
    Activity(oneshot::Sender<Activity>),
    /// Somebody wants to know whether a person is in a room.
    Inside {
        /// The room's meeting.
        meeting: MeetingId,
        /// Who.
        person: PersonId,
        /// Takes the answer.
        answer: oneshot::Sender<bool>,
    },
    /// Somebody wants to know who is in a meeting's room, counted.
    Inhabitants {
        /// The room's meeting.
        meeting: MeetingId,
        /// Takes the answer.
        answer: oneshot::Sender<Crowd>,
    },
}

/// What goes on in the rooms.
#[derive(Clone, Debug)]
pub(crate) struct Activity {
    /// How much there is.
    pub(crate) counts: Counts,
    /// What went through the rooms since the start.
    pub(crate) flows: Flows,
    /// Each open room.
    pub(crate) rooms: Vec<RoomCount>,
    /// Most that waited for one client since this was last asked.
    pub(crate) backlog: Backlog,
}

/// Who wants to go where.
#[derive(Debug)]
pub(crate) struct Opening {
    /// The room.
    pub(crate) meeting: MeetingId,
    /// Who.
    pub(crate) identity: Identity,
    /// For its peer connections.
    pub(crate) ice_servers: Vec<IceServer>,
}

/// The hub with its hands and ears.
pub(crate) struct HubTask {
    hub: Hub,
    clock: Arc<dyn Clock>,
    inputs: mpsc::Receiver<Input>,
    connections: HashMap<ConnectionId, Sender>,
    archive: Archive,
    notes: Notes,
    effects: Vec<Effect>,
    too_slow: Vec<ConnectionId>,
    /// Most that waited for one client since the load log asked.
    backlog: Backlog,
    stopping: CancellationToken,
    /// How connections end now.
    ending: Ending,
}

impl HubTask {
    /// No rooms yet.
    pub(crate) fn new(
        store: Store,
        notes: Notes,
        clock: Arc<dyn Clock>,
        inputs: mpsc::Receiver<Input>,
        stopping: CancellationToken,
    ) -> Self {
        Self {
            hub: Hub::new(),
            clock,
            inputs,
            connections: HashMap::new(),
            archive: Archive::new(store),
            notes,
            effects: Vec::new(),
            too_slow: Vec::new(),
            backlog: Backlog::default(),
            stopping,
            ending: Ending::Done,
        }
    }

    /// Runs until the daemon stops and everything that was to be stored is.
    pub(crate) async fn run(mut self) {
        let mut batch = Vec::with_capacity(BATCH);
        let mut alarm = pin!(tokio::time::sleep(Duration::ZERO));
        let mut alarm_at = None;
        let stopping = self.stopping.clone();
        // Waited for once, not anew with every batch.
        let mut stop = pin!(stopping.cancelled());
        while self.ending == Ending::Done || !self.archive.is_idle() {
            let deadline = self.hub.deadline();
            if deadline != alarm_at {
                alarm_at = deadline;
                alarm.as_mut().reset(self.instant(deadline));
            }
            tokio::select! {
                count = self.inputs.recv_many(&mut batch, BATCH) => {
                    if count == 0 {
                        return;
                    }
                    batch.drain(..).for_each(|input| self.take(input));
                }
                event = self.archive.next() => self.handle(event),
                () = alarm.as_mut(), if alarm_at.is_some() => {
                    alarm_at = None;
                    self.handle(Event::Tick);
                }
                () = stop.as_mut(), if self.ending == Ending::Done => {
                    self.ending = Ending::GoingAway;
                    self.handle(Event::Stop { retry_after: RETRY_AFTER });
                }
            }
        }
    }

    fn instant(&self, deadline: Option<Monotonic>) -> tokio::time::Instant {
        let now = self.clock.monotonic();
        let wait = deadline.map_or(0, |deadline| deadline.since(now));
        tokio::time::Instant::now() + Duration::from_millis(wait)
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Opened { connection, opening, outgoing } => {
                self.connections.insert(connection, outgoing);
                let Opening { meeting, identity, ice_servers } = opening;
                self.handle(Event::Connected { connection, meeting, identity, ice_servers });
            }
            Input::Event(Event::Disconnected { connection, why }) => {
                // Of a connection that was closed by our side, the hub has known for long.
                if self.connections.remove(&connection).is_some() {
                    self.handle(Event::Disconnected { connection, why });
                }
            }
            Input::Event(event) => self.handle(event),
            // Whoever asked may have given up waiting; then nobody needs these answers.
            Input::Crowds(answer) => drop(answer.send(self.hub.room_counts().collect())),
            Input::Counts(answer) => drop(answer.send(self.hub.counts())),
            Input::Activity(answer) => {
                let backlog = std::mem::take(&mut self.backlog);
                let hub = &self.hub;
                let rooms = hub.room_counts().collect();
                let activity = Activity { counts: hub.counts(), flows: hub.flows(), rooms, backlog };
                let _ = answer.send(activity);
            }
            Input::Inside { meeting, person, answer } => {
                let _ = answer.send(self.hub.is_inside(meeting, person));
            }
            Input::Inhabitants { meeting, answer } => {
                let _ = answer.send(self.notes.count(meeting));
            }
        }
    }

    fn handle(&mut self, event: Event) {
        self.decide(event);
        while let Some(connection) = self.too_slow.pop() {
            self.decide(Event::Disconnected { connection, why: Disconnect::TooSlow });
        }
    }

    fn decide(&mut self, event: Event) {
        let mut effects = std::mem::take(&mut self.effects);
        self.hub.handle(self.clock.monotonic(), &mut SystemRandom, event, &mut effects);
        effects.drain(..).for_each(|effect| self.carry_out(effect));
        self.effects = effects;
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Send { connection, frame } => self.send(connection, frame),
            Effect::Close { connection } => {
                if let Some(outgoing) = self.connections.remove(&connection) {
                    outgoing.end(self.ending);
                }
            }
            Effect::Report { reference, error } => {
                tracing::error!(reference, code = error.code.name(), "{error}");
            }
            Effect::Entered { .. } | Effect::Departed { .. } => self.notes.take(effect),
            Effect::OpenRoom { .. }
            | Effect::StoreChat { .. }
            | Effect::DeleteChat { .. }
            | Effect::AdmitMember { .. }
            | Effect::RemoveMember { .. }
            | Effect::StoreLobby { .. } => self.archive.submit(effect),
        }
    }

    fn send(&mut self, connection: ConnectionId, frame: Frame) {
        let Some(outgoing) = self.connections.get(&connection) else { return };
        if let Ok(backlog) = outgoing.send(frame) {
            self.backlog = self.backlog.most(backlog);
            return;
        }
        let last = closing(ClosingReason::Slow, Some(SLOW_RETRY_AFTER));
        outgoing.cut(Frame { seq: None, body: last });
        self.connections.remove(&connection);
        self.too_slow.push(connection);
    }
}
