//! The load log: what the box and its class cost, every second, kept by the minute and the hour.
//!
//! The tour: [`measure`] is the one table of what is measured. `sampler` asks the machine
//! (`machine`, `process`), the daemon's own parts are asked here; both note into a `ledger`, which
//! makes a [`Sample`]. The newest goes to whoever subscribes, the last hour stays in `recent`, and
//! minutes and hours are `tally`s. An `axis` puts them in order of wall time as a [`History`].
//!
//! A value that the machine does not have, or did not tell, is absent; it is never zero.
//!
//! May use: `live`, `store`, `tasks`, procfs, nix. Used by: `site`, `metrics`, `run`.
#![allow(dead_code, unused_imports, reason = "the pages that show it are being made")]

mod axis;
mod history;
mod ledger;
mod machine;
mod measure;
mod process;
mod recent;
mod sample;
mod sampler;
mod source;
mod tally;
mod varint;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base::clock::Clock;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::live;
use crate::tasks::{self, Tasks};

use axis::Axis;
pub(crate) use history::{History, Line, Range, Resolution, Spread};
use ledger::Ledger;
pub(crate) use measure::{By, Kind, Measure, Unit};
use recent::Recent;
pub(crate) use sample::{Sample, Series, StationNow};
pub(crate) use sampler::Places;
use sampler::Sampler;
use tally::Tallies;

/// How often a sample is taken.
const EVERY: Duration = Duration::from_secs(1);

/// The load log. Clones share it.
#[derive(Clone)]
pub(crate) struct Load {
    inner: Arc<Inner>,
}

struct Inner {
    newest: watch::Sender<Option<Arc<Sample>>>,
    recent: Mutex<Recent>,
}

impl fmt::Debug for Load {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Load").finish_non_exhaustive()
    }
}

impl Load {
    /// Starts sampling.
    pub(crate) fn start(parts: Parts, tasks: &Tasks) -> Self {
        let inner = Inner { newest: watch::Sender::new(None), recent: Mutex::default() };
        let load = Self { inner: Arc::new(inner) };
        tasks.spawn("load", load.clone().keep(parts, tasks.stopping()));
        load
    }

    /// The newest sample; none in the first second.
    pub(crate) fn now(&self) -> Option<Arc<Sample>> {
        self.inner.newest.borrow().clone()
    }

    /// Follows the newest sample.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Option<Arc<Sample>>> {
        self.inner.newest.subscribe()
    }

    /// The samples of the last hour, at most [`base::limits::LOAD_SECONDS`], the oldest first,
    /// without their stations.
    pub(crate) fn recent(&self) -> Vec<Sample> {
        self.inner.recent.lock().unwrap_or_else(PoisonError::into_inner).all()
    }

    /// What was kept of `measures` in `range`, all their series, by the minute or by the hour as
    /// [`Resolution::of`] has it.
    #[allow(clippy::unused_async, reason = "it will ask the store")]
    pub(crate) async fn history(&self, range: Range, measures: &[Measure]) -> base::Result<History> {
        let mut axis = Axis::new(range, measures);
        for sample in self.recent() {
            let mut tallies = Tallies::default();
            tallies.add(&sample);
            axis.add(sample.at, &tallies);
        }
        Ok(axis.history())
    }

    async fn keep(self, parts: Parts, stopping: CancellationToken) {
        let mut sampler = Sampler::new(&parts.places);
        let mut ledger = Ledger::default();
        let mut ticks = interval(EVERY);
        // A second that was missed is missing.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = stopping.cancelled() => return,
            }
            let now = parts.clock.monotonic();
            let read = tasks::blocking(move || {
                sampler.read(now, &mut ledger);
                (sampler, ledger)
            });
            match read.await {
                Ok(read) => (sampler, ledger) = read,
                Err(error) => {
                    tracing::error!(%error, "the load log begins anew");
                    (sampler, ledger) = (Sampler::new(&parts.places), Ledger::default());
                    continue;
                }
            }
            parts.note(&mut ledger).await;
            self.take(ledger.finish(parts.clock.now()).0);
        }
    }

    fn take(&self, sample: Sample) {
        self.inner.recent.lock().unwrap_or_else(PoisonError::into_inner).push(&sample);
        self.inner.newest.send_replace(Some(Arc::new(sample)));
    }
}

/// Whom the log asks.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) places: Places,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rooms: live::Handle,
}

impl Parts {
    /// Notes what the daemon's own parts count.
    async fn note(&self, ledger: &mut Ledger) {
        let Ok(rooms) = self.rooms.counts().await else { return };
        let count = |number: usize| machine::whole(number as u64);
        ledger.note(Measure::Rooms, count(rooms.rooms));
        ledger.note(Measure::Participants, count(rooms.participants));
        ledger.note(Measure::Waiting, count(rooms.waiting));
        ledger.note(Measure::PeopleOnline, count(rooms.people));
    }
}
