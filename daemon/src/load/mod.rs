//! The load log: what the box and its class cost, every second, kept by the minute and the hour.
//!
//! The tour: [`measure`] is the one table of what is measured. `sampler` asks the machine
//! (`machine`, `board`, `process`), `app` the daemon's own parts; all note into a `ledger`, which
//! makes a [`Sample`]. The `keeper` does so every second, lets `moments` look, and hands it on: the
//! newest to whoever subscribes, the last hour to `recent`, minutes and hours to `kept`, which are
//! written as packed `block`s. An `axis` puts them in order of wall time as a [`History`]. `verdict`
//! says for how many more there is room.
//!
//! A value that the machine does not have, or did not tell, is absent; it is never zero. Rows count
//! the monotonic time of their start, so that a clock that is set moves them and makes none twice
//! (docs/decisions/0015).
//!
//! May use: `live`, `http`, `hotspot`, `files`, `store`, `tasks`, procfs, nix. Used by: `site`,
//! `measurement`, `metrics`, `run`.

mod app;
mod axis;
mod block;
mod board;
mod cost;
mod history;
mod keeper;
mod kept;
mod ledger;
mod machine;
mod measure;
mod moments;
mod process;
mod recent;
mod sample;
mod sampler;
mod source;
mod tally;
#[cfg(test)]
mod tests;
mod varint;
mod verdict;

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base::clock::Clock;
use base::limits::LOAD_SECONDS;
use tokio::sync::watch;

use crate::tasks::Tasks;

pub(crate) use app::Parts;
use axis::Axis;
use cost::Cost;
#[cfg(test)]
pub(crate) use history::Resolution;
pub(crate) use history::{History, Line, Range, Spread};
use keeper::Keeper;
use kept::Kept;
pub(crate) use measure::{Kind, Measure, Unit};
use recent::Recent;
pub(crate) use sample::{Sample, Series};
pub(crate) use sampler::Places;
pub(crate) use verdict::{Resource, Room, Verdict};

/// The load log. Clones share it.
#[derive(Clone)]
pub(crate) struct Load {
    inner: Arc<Inner>,
}

struct Inner {
    parts: Parts,
    newest: watch::Sender<Option<Arc<Sample>>>,
    recent: Mutex<Recent>,
    /// What the verdict goes by, of the last seconds in which there were no bots: whoever looks at
    /// the page asks for it every second.
    points: Mutex<VecDeque<verdict::Point>>,
    /// Samples taken since the start.
    samples: AtomicU64,
    kept: Mutex<Kept>,
    /// Counters as they stood at the newest sample, each in its measure's unit times seconds.
    totals: Mutex<Vec<(Series, f64)>>,
    /// A block that is not understood was told.
    garbled: AtomicBool,
}

impl fmt::Debug for Load {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Load").finish_non_exhaustive()
    }
}

impl Load {
    /// Starts sampling.
    pub(crate) fn start(places: Places, clock: Arc<dyn Clock>, parts: Parts, tasks: &Tasks) -> Self {
        let load = Self::new(parts.clone());
        let cost = Cost::default();
        let keeper = Keeper::new(load.clone(), places, clock, parts, cost.clone());
        tasks.spawn("load", cost.of_task(Box::pin(keeper.keep(tasks.stopping()))));
        load
    }

    fn new(parts: Parts) -> Self {
        let inner = Inner {
            parts,
            newest: watch::Sender::new(None),
            recent: Mutex::default(),
            points: Mutex::default(),
            samples: AtomicU64::default(),
            kept: Mutex::default(),
            totals: Mutex::default(),
            garbled: AtomicBool::default(),
        };
        Self { inner: Arc::new(inner) }
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
    /// Their times are by the clock as it stands now: none is later than
    /// the next, also after it was set.
    pub(crate) fn recent(&self) -> Vec<Sample> {
        let zero = self.kept().zero();
        let mut all = lock(&self.inner.recent).all();
        for sample in &mut all {
            sample.at = zero.plus(i64::try_from(sample.monotonic.0).unwrap_or(i64::MAX));
        }
        all
    }

    /// What was kept of `measures` in `range`, all their series, by the minute, the hour or the day
    /// as [`Resolution::of`] has it. What is not on the card yet is part of it.
    pub(crate) async fn history(&self, range: Range, measures: &[Measure]) -> base::Result<History> {
        let mut axis = Axis::new(range, measures);
        let step = axis.step();
        // Before the store is asked: what is written meanwhile is then seen twice, and not missed.
        {
            let kept = self.kept();
            axis.add_steps(kept.zero(), kept.in_memory(step));
        }
        let load = self.clone();
        let see = move |axis: &mut Axis, zero, block: store::LoadBlock| match block::unpack(
            block.first,
            &block.data,
        ) {
            Some(steps) => axis.add_steps(zero, &steps),
            None => load.tell_garbled(),
        };
        Ok(self.inner.parts.store.see_load(step, axis.range(), axis, see).await?.history())
    }

    /// For how many more there is room, by what those in the rooms cost now.
    pub(crate) fn verdict(&self) -> Verdict {
        let network = self.inner.parts.hotspot.now();
        let taken =
            network.stations.as_ref().map(|stations| u16::try_from(stations.len()).unwrap_or(u16::MAX));
        verdict::verdict(lock(&self.inner.points).make_contiguous(), network.seats(), taken)
    }

    /// How many samples were taken since the start.
    pub(crate) fn samples(&self) -> u64 {
        self.inner.samples.load(Ordering::Relaxed)
    }

    /// The counters at the newest sample, each in its measure's unit times seconds.
    pub(crate) fn totals(&self) -> Vec<(Series, f64)> {
        lock(&self.inner.totals).clone()
    }

    fn take(&self, sample: Sample, totals: Vec<(Series, f64)>) {
        lock(&self.inner.recent).push(&sample);
        self.kept().take(&sample);
        if let Some(point) = verdict::Point::of(&sample) {
            let mut points = lock(&self.inner.points);
            if points.len() == LOAD_SECONDS {
                points.pop_front();
            }
            points.push_back(point);
        }
        self.inner.samples.fetch_add(1, Ordering::Relaxed);
        *lock(&self.inner.totals) = totals;
        self.inner.newest.send_replace(Some(Arc::new(sample)));
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        lock(&self.inner.kept)
    }

    fn tell_garbled(&self) {
        if !self.inner.garbled.swap(true, Ordering::Relaxed) {
            tracing::warn!("some of the load log is not understood, and left out");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
