//! How the rest of the daemon speaks to the live rooms.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base::clock::Clock;
use base::id::{CourseId, MeetingId, PersonId, SessionId};
use base::{Code, Error, Result};
use room::event::Disconnect;
use room::message::encode::closing;
use room::message::server::ClosingReason;
use room::{ConnectionId, Counts, Event, Frame, RoomCount, Shut};
use store::{CourseRole, Crowd, MemberState, Store};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Bytes;

use super::hub_task::{Activity, HubTask, INPUTS, Input, Opening};
use super::outgoing::{Receiver, queue};
use super::presence::{self, RoomChange};
use super::websocket::Listener;
use crate::tasks::Tasks;

/// How long the hub may take to answer a question before it counts as stuck.
const ANSWER: Duration = Duration::from_secs(2);
/// What a client waits before it comes back after we closed it, in seconds.
const RETRY_AFTER: u32 = 1;

/// The way to the hub. Clones share it.
#[derive(Clone)]
pub(crate) struct Handle {
    inputs: mpsc::Sender<Input>,
    next_connection: Arc<AtomicU64>,
    store: Store,
    tasks: Tasks,
    changes: broadcast::Sender<RoomChange>,
}

impl Handle {
    /// Starts the hub. It ends by itself when the daemon stops: every client hears
    /// `closing {reason: "restart"}`, and what was to be stored is stored.
    pub(crate) fn start(store: Store, clock: Arc<dyn Clock>, tasks: &Tasks) -> Self {
        let (inputs, receiver) = mpsc::channel(INPUTS);
        let (notes, recorder) = presence::notes(store.clone());
        let changes = notes.told();
        let hub = HubTask::new(store.clone(), notes, clock, receiver, tasks.stopping());
        tasks.spawn_critical("hub", hub.run());
        tasks.spawn_critical("presence", recorder.run());
        Self { inputs, next_connection: Arc::default(), store, tasks: tasks.clone(), changes }
    }

    /// These browsers are no longer signed in: their connections end.
    pub(crate) fn signed_out(&self, session: SessionId) {
        self.post(Event::SignedOut { session });
    }

    /// A person was admitted to the course or removed from it: its rooms follow.
    pub(crate) fn membership_changed(&self, course: CourseId, person: PersonId) {
        let handle = self.clone();
        self.tasks.spawn("membership change", async move {
            if let Err(error) = handle.follow_membership(course, person).await {
                tracing::error!(code = error.code.name(), "rooms do not know a member's new state: {error}");
            }
        });
    }

    /// Sends people out of rooms that are no longer open to them.
    pub(crate) fn rooms_shut(&self, meetings: Vec<MeetingId>, to: Shut) {
        self.post(Event::RoomsShut { meetings, to });
    }

    /// Puts a person out of the rooms of a course that they were removed from, and lets one in
    /// who is a guest no longer.
    pub(super) async fn follow_membership(&self, course: CourseId, person: PersonId) -> Result<()> {
        let Some(membership) = self.store.membership(course, person).await? else { return Ok(()) };
        let is_removed = membership.state == MemberState::Removed;
        if is_removed || membership.role == CourseRole::Student {
            let meetings = self.store.meeting_ids_of(course).await?;
            self.tell(if is_removed {
                Event::MemberRemoved { meetings, person }
            } else {
                Event::MemberAdmitted { meetings, person }
            })
            .await;
        }
        Ok(())
    }

    /// How much there is in the rooms.
    ///
    /// # Errors
    /// `unavailable` if the hub does not answer within two seconds.
    pub(crate) async fn counts(&self) -> Result<Counts> {
        self.ask(Input::Counts).await
    }

    /// What goes on in the rooms, for the load log alone.
    ///
    /// # Errors
    /// That of [`Self::counts`].
    pub(crate) async fn activity(&self) -> Result<Activity> {
        self.ask(Input::Activity).await
    }

    /// The rooms that somebody is in, and how many people are in each.
    ///
    /// # Errors
    /// That of [`Self::counts`].
    pub(crate) async fn crowds(&self) -> Result<Vec<RoomCount>> {
        self.ask(Input::Crowds).await
    }

    /// Whether a person is in a meeting's room, not merely in its lobby.
    ///
    /// # Errors
    /// That of [`Self::counts`].
    pub(super) async fn is_inside(&self, meeting: MeetingId, person: PersonId) -> Result<bool> {
        self.ask(|answer| Input::Inside { meeting, person, answer }).await
    }

    /// Who is in a meeting's room, counted.
    ///
    /// # Errors
    /// That of [`Self::counts`].
    pub(crate) async fn inhabitants(&self, meeting: MeetingId) -> Result<Crowd> {
        self.ask(|answer| Input::Inhabitants { meeting, answer }).await
    }

    /// Everybody who comes into a room or goes, from now on.
    pub(crate) fn changes(&self) -> broadcast::Receiver<RoomChange> {
        self.changes.subscribe()
    }

    async fn ask<T>(&self, question: impl FnOnce(oneshot::Sender<T>) -> Input) -> Result<T> {
        let (answer, answered) = oneshot::channel();
        let asked = async {
            self.inputs.send(question(answer)).await.map_err(|_| unavailable("the hub has stopped"))?;
            answered.await.map_err(|_| unavailable("the hub has stopped"))
        };
        timeout(ANSWER, asked).await.map_err(|_| unavailable("the hub does not answer"))?
    }

    /// Waits for a sign of life of the hub, for the watchdog; the error is that of
    /// [`Self::counts`].
    pub(crate) async fn alive(&self) -> Result<()> {
        self.counts().await.map(drop)
    }

    /// Opens a connection to the hub; it is closed when the [`Connection`] is dropped.
    pub(super) async fn open(&self, opening: Opening) -> (Connection, Receiver) {
        let connection = ConnectionId(self.next_connection.fetch_add(1, Ordering::Relaxed));
        let (outgoing, mut receiver) = queue();
        let opened = Input::Opened { connection, opening, outgoing };
        if self.inputs.send(opened).await.is_err() {
            receiver.cut(last_word(ClosingReason::Restart));
        }
        (Connection { id: connection, handle: self.clone() }, receiver)
    }

    /// What a client sent; waits while the hub is busy.
    pub(super) async fn received(&self, connection: ConnectionId, text: String) {
        self.tell(Event::Received { connection, text }).await;
    }

    async fn tell(&self, event: Event) {
        // After the hub's end, all connections are closing anyway.
        let _ = self.inputs.send(Input::Event(event)).await;
    }

    /// Tells the hub from where nothing can wait.
    fn post(&self, event: Event) {
        match self.inputs.try_send(Input::Event(event)) {
            Ok(()) | Err(TrySendError::Closed(_)) => {}
            Err(TrySendError::Full(input)) => {
                let inputs = self.inputs.clone();
                self.tasks.spawn("message to the hub", async move {
                    // Fails only after the hub's end, when nothing matters to it any more.
                    let _ = inputs.send(input).await;
                });
            }
        }
    }
}

/// An open connection to the hub.
pub(super) struct Connection {
    id: ConnectionId,
    handle: Handle,
}

impl Connection {
    /// Its number.
    pub(super) fn id(&self) -> ConnectionId {
        self.id
    }
}

impl Listener for Connection {
    async fn text(&mut self, text: String) {
        self.handle.received(self.id, text).await;
    }

    async fn binary(&mut self, _: Bytes) {
        self.handle.tell(Event::ReceivedBinary { connection: self.id }).await;
    }

    fn silent(&self) -> Option<Frame> {
        Some(last_word(ClosingReason::Silent))
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.handle.post(Event::Disconnected { connection: self.id, why: Disconnect::Lost });
    }
}

/// The last frame to a client that may come back.
pub(super) fn last_word(reason: ClosingReason) -> Frame {
    Frame { seq: None, body: closing(reason, Some(RETRY_AFTER)) }
}

fn unavailable(why: &'static str) -> Error {
    Error::new(Code::Unavailable).because(why)
}
