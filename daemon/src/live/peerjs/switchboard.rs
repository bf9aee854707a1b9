//! The one task that owns the broker, and the handle by which sockets and pages reach it.
//!
//! It never waits for a client: what is sent goes into the client's bounded queue.

use std::collections::{BTreeMap, VecDeque};
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base::clock::Clock;
use base::random::SystemRandom;
use base::{Code, Error};
use peerjs::{Broker, ConnectionId, Effect, Event, Settings};
use room::Frame;
use tokio::sync::{mpsc, oneshot};

use crate::live::outgoing::{Ending, Sender, TooSlow};
use crate::tasks::Tasks;

/// Commands on their way to the broker; a socket that finds no room waits and reads no further.
const COMMANDS: usize = 256;

/// What a client's query asks for, unchecked.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) key: String,
    pub(super) id: String,
    pub(super) token: String,
}

enum Command {
    Connect { connection: ConnectionId, wanted: Wanted, outgoing: Sender },
    Received { connection: ConnectionId, text: String },
    Disconnected { connection: ConnectionId },
    FreeId(oneshot::Sender<String>),
    Ids(oneshot::Sender<Vec<Arc<str>>>),
}

/// Reaches the broker. Clones reach the same one.
#[derive(Clone)]
pub(super) struct Switchboard {
    commands: mpsc::Sender<Command>,
    next: Arc<AtomicU64>,
}

/// Starts the broker's task.
pub(super) fn start(tasks: &Tasks, clock: Arc<dyn Clock>, settings: Settings) -> Switchboard {
    let (commands, receiver) = mpsc::channel(COMMANDS);
    let operator = Operator { broker: Broker::new(settings), sockets: BTreeMap::new(), clock };
    let stopping = tasks.stopping();
    tasks.spawn("peerjs broker", async move {
        tokio::select! {
            () = stopping.cancelled() => {}
            () = operator.run(receiver) => {}
        }
    });
    Switchboard { commands, next: Arc::default() }
}

impl Switchboard {
    /// Brings a new socket to the broker.
    pub(super) async fn connect(&self, wanted: Wanted, outgoing: Sender) -> Result<ConnectionId, Error> {
        let connection = ConnectionId(self.next.fetch_add(1, Ordering::Relaxed));
        self.command(Command::Connect { connection, wanted, outgoing }).await?;
        Ok(connection)
    }

    /// A client said something.
    pub(super) async fn received(&self, connection: ConnectionId, text: String) {
        self.tell(Command::Received { connection, text }).await;
    }

    /// A socket is over.
    pub(super) async fn disconnected(&self, connection: ConnectionId) {
        self.tell(Command::Disconnected { connection }).await;
    }

    /// An id that nobody holds.
    pub(super) async fn free_id(&self) -> Result<String, Error> {
        let (answer, answered) = oneshot::channel();
        self.command(Command::FreeId(answer)).await?;
        answered.await.map_err(stopped)
    }

    /// All ids that are held.
    pub(super) async fn ids(&self) -> Result<Vec<Arc<str>>, Error> {
        let (answer, answered) = oneshot::channel();
        self.command(Command::Ids(answer)).await?;
        answered.await.map_err(stopped)
    }

    async fn command(&self, command: Command) -> Result<(), Error> {
        self.commands.send(command).await.map_err(|_| Error::new(Code::Unavailable))
    }

    /// Of a socket that outlives the broker by a moment while the daemon stops.
    async fn tell(&self, command: Command) {
        if self.command(command).await.is_err() {
            tracing::trace!("a PeerJS socket spoke after the broker's end");
        }
    }
}

fn stopped(cause: oneshot::error::RecvError) -> Error {
    Error::new(Code::Unavailable).because(cause)
}

/// Owns the broker and the queues of its sockets.
struct Operator {
    broker: Broker,
    sockets: BTreeMap<ConnectionId, Sender>,
    clock: Arc<dyn Clock>,
}

impl Drop for Operator {
    fn drop(&mut self) {
        for outgoing in self.sockets.values() {
            outgoing.end(Ending::GoingAway);
        }
    }
}

impl Operator {
    async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        loop {
            let now = self.clock.monotonic();
            let tick = self.broker.deadline().map(|deadline| Duration::from_millis(deadline.since(now)));
            let ticked = async {
                match tick {
                    Some(wait) => tokio::time::sleep(wait).await,
                    None => pending().await,
                }
            };
            tokio::select! {
                command = commands.recv() => match command {
                    Some(command) => self.take(command),
                    None => return,
                },
                () = ticked => self.handle(Event::Tick),
            }
        }
    }

    fn take(&mut self, command: Command) {
        match command {
            Command::Connect { connection, wanted: Wanted { key, id, token }, outgoing } => {
                self.sockets.insert(connection, outgoing);
                self.handle(Event::Connected { connection, key, id, token });
            }
            Command::Received { connection, text } => self.handle(Event::Received { connection, text }),
            Command::Disconnected { connection } => {
                self.sockets.remove(&connection);
                self.handle(Event::Disconnected { connection });
            }
            // Whoever asked may have gone away meanwhile.
            Command::FreeId(answer) => drop(answer.send(self.broker.free_id(&mut SystemRandom))),
            Command::Ids(answer) => drop(answer.send(self.broker.ids())),
        }
    }

    /// Carries out what the broker wants, and what follows from what fails. It ends, because
    /// each failure removes a socket.
    fn handle(&mut self, event: Event) {
        let now = self.clock.monotonic();
        let mut effects = VecDeque::from(self.broker.handle(now, event));
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Send { connection, text, sender } => {
                    let outgoing = self.sockets.get(&connection);
                    let sent = outgoing.map_or(Ok(()), |outgoing| outgoing.send(frame(&text)).map(drop));
                    if sent == Err(TooSlow) {
                        effects.extend(self.broker.handle(now, Event::Undelivered { connection, sender }));
                    }
                }
                Effect::Close { connection } => {
                    if let Some(outgoing) = self.sockets.remove(&connection) {
                        outgoing.end(Ending::Wordless);
                    }
                }
                Effect::Cut { connection, last } => {
                    if let Some(outgoing) = self.sockets.remove(&connection) {
                        outgoing.cut(frame(&last));
                    }
                }
            }
        }
    }
}

fn frame(text: &str) -> Frame {
    Frame { seq: None, body: text.into() }
}
