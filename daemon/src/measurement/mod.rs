//! Measurement runs: the thesis's experiment as a button. Somebody starts a run and gives it a
//! name, people or bots come into a room one by one, and each sample of the load log is kept
//! together with how many were there. `table` makes the thesis's table of it.
//!
//! One run goes on at a time. It is written down every few seconds; when the daemon ends, whether
//! in order or not, it is interrupted and what was measured until then stays.
//!
//! May use: `load`, `live`, `store`, `tasks`. Used by: `site`, `run`.

mod machine;
mod recorder;
mod table;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base::clock::{Clock, Timestamp};
use base::id::{MeetingId, PersonId, RunId};
use base::{Code, Error, Result};
use store::{NewRun, Store};
use tokio_util::sync::CancellationToken;

use crate::live;
use crate::load::Load;
use crate::tasks::Tasks;
use recorder::Recorder;
pub(crate) use table::{Figure, Row, kilobytes, order, rows};

/// How long a run may take to write its last seconds.
const END: Duration = Duration::from_secs(10);

/// The runs. Clones share them.
#[derive(Clone)]
pub(crate) struct Measurement(Arc<Inner>);

/// What they are made from.
pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) rooms: live::Handle,
    pub(crate) load: Load,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) tasks: Tasks,
}

struct Inner {
    parts: Parts,
    going: Mutex<Option<Going>>,
}

/// The run that goes on.
#[derive(Clone)]
struct Going {
    run: RunId,
    /// Cancelled to stop it.
    stop: CancellationToken,
    /// Cancelled when it has ended.
    ended: CancellationToken,
}

impl Measurement {
    /// No run goes on; one that did when the daemon ended was interrupted, and is marked so.
    pub(crate) fn open(parts: Parts) -> Self {
        let store = parts.store.clone();
        parts.tasks.spawn("interrupted runs", async move {
            match store.interrupt_runs().await {
                Ok(0) => {}
                Ok(_) => tracing::warn!("a measurement run was interrupted by the last end of the daemon"),
                // It is tried again before the next one starts.
                Err(error) => tracing::debug!(%error, "interrupted runs were not marked"),
            }
        });
        Self(Arc::new(Inner { parts, going: Mutex::new(None) }))
    }

    /// Starts a run in the room of `meeting`.
    ///
    /// # Errors
    /// Those of [`Store::start_run`].
    pub(crate) async fn start(&self, name: String, meeting: MeetingId, by: PersonId) -> Result<RunId> {
        let Parts { store, rooms, load, clock, tasks } = &self.0.parts;
        if self.going().is_none() {
            store.interrupt_runs().await?;
        }
        // Before the run begins, so that nobody is missed who comes meanwhile.
        let (changes, samples) = (rooms.changes(), load.subscribe());
        let run = store.start_run(NewRun { name, meeting, by, machine: machine::describe() }).await?;
        let began = clock.monotonic();
        let going = Going { run, stop: CancellationToken::new(), ended: CancellationToken::new() };
        *self.going() = Some(going.clone());
        let recorder = Recorder::new(store.clone(), rooms.clone(), (run, meeting), began);
        let (runs, stopping) = (self.clone(), tasks.stopping());
        tasks.spawn("measurement run", async move {
            recorder.run(changes, samples, &going.stop, &stopping).await;
            *runs.going() = None;
            going.ended.cancel();
        });
        Ok(run)
    }

    /// Stops a run and waits until all of it is written; one that does not go on is left alone.
    ///
    /// # Errors
    /// `unavailable` if that takes longer than a card should need.
    pub(crate) async fn stop(&self, run: RunId) -> Result<()> {
        let going = self.going().clone().filter(|going| going.run == run);
        let Some(going) = going else { return Ok(()) };
        going.stop.cancel();
        let ended = tokio::time::timeout(END, going.ended.cancelled()).await;
        ended.map_err(|late| Error::new(Code::Unavailable).because(late))
    }

    /// The time on the wall.
    pub(crate) fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    /// Cancelled when the daemon stops: whoever shows a run, or the load, ends then.
    pub(crate) fn stopping(&self) -> CancellationToken {
        self.0.parts.tasks.stopping()
    }

    fn going(&self) -> MutexGuard<'_, Option<Going>> {
        self.0.going.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
