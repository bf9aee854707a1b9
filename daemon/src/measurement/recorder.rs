//! Follows one run: the load log's samples, and who comes into the room and goes.
//!
//! Used by: [`Measurement`](super::Measurement), which spawns it.

use std::sync::Arc;

use base::clock::Monotonic;
use base::id::{MeetingId, RunId};
use base::limits::{RUN_FLUSH_MS, RUN_MARKS, RUN_SECONDS};
use store::{Crowd, Measured, RunDirection, RunEnding, RunMark, RunSecond, Store};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;

use crate::live::{self, Direction, RoomChange};
use crate::load::{Measure, Sample};

/// The samples as they come.
type Samples = watch::Receiver<Option<Arc<Sample>>>;

/// Keeps one run.
pub(super) struct Recorder {
    store: Store,
    rooms: live::Handle,
    run: RunId,
    meeting: MeetingId,
    began: Monotonic,
    users: Crowd,
    marks: usize,
    /// What is not written yet.
    waiting: Measured,
    flushed_ms: u64,
}

impl Recorder {
    /// A run that began at `began`.
    pub(super) fn new(
        store: Store,
        rooms: live::Handle,
        (run, meeting): (RunId, MeetingId),
        began: Monotonic,
    ) -> Self {
        let waiting = Measured { seconds: Vec::new(), marks: Vec::new() };
        Self { store, rooms, run, meeting, began, users: Crowd::default(), marks: 0, waiting, flushed_ms: 0 }
    }

    /// Runs until it is stopped, full or interrupted, and writes how it ended.
    pub(super) async fn run(
        mut self,
        mut changes: broadcast::Receiver<RoomChange>,
        mut samples: Samples,
        stop: &CancellationToken,
        stopping: &CancellationToken,
    ) {
        samples.mark_unchanged();
        self.count_users().await;
        let ending = loop {
            tokio::select! {
                // Who came before a sample was taken is counted in it.
                biased;
                () = stop.cancelled() => break RunEnding::Stopped,
                () = stopping.cancelled() => break RunEnding::Interrupted,
                change = changes.recv() => match change {
                    Ok(change) => self.mark(&change),
                    Err(RecvError::Lagged(missed)) => {
                        tracing::warn!(missed, "a run does not know who came and went");
                        self.count_users().await;
                    }
                    Err(RecvError::Closed) => break RunEnding::Interrupted,
                },
                news = samples.changed() => {
                    if news.is_err() {
                        break RunEnding::Interrupted;
                    }
                    let sample = samples.borrow_and_update().clone();
                    let at_ms = sample.map_or(0, |sample| self.measure(&sample));
                    if at_ms >= 1_000 * RUN_SECONDS as u64 {
                        break RunEnding::Full;
                    }
                    if at_ms >= self.flushed_ms + RUN_FLUSH_MS {
                        self.flushed_ms = at_ms;
                        self.flush().await;
                    }
                }
            }
        };
        self.flush().await;
        if !self.waiting.seconds.is_empty() {
            tracing::error!(run = self.run.0, "the last seconds of a measurement run could not be written");
        }
        if let Err(error) = self.store.end_run(self.run, ending).await {
            tracing::error!(%error, run = self.run.0, "how a measurement run ended could not be written");
        }
    }

    async fn count_users(&mut self) {
        match self.rooms.inhabitants(self.meeting).await {
            Ok(users) => self.users = users,
            Err(error) => tracing::error!(%error, "a run does not know how many are in its room"),
        }
    }

    fn mark(&mut self, change: &RoomChange) {
        if change.meeting != self.meeting || change.at < self.began {
            return;
        }
        self.users = change.inside;
        self.marks += 1;
        if self.marks > RUN_MARKS {
            return;
        }
        self.waiting.marks.push(RunMark {
            at_ms: change.at.since(self.began),
            direction: match change.direction {
                Direction::In => RunDirection::In,
                Direction::Out => RunDirection::Out,
            },
            name: change.name.to_string(),
            person: change.person,
            users: change.inside,
        });
    }

    /// Takes a sample in; when it was, since the start.
    fn measure(&mut self, sample: &Sample) -> u64 {
        let at_ms = sample.monotonic.since(self.began);
        let used = match (sample.value(Measure::MemoryTotal), sample.value(Measure::MemoryAvailable)) {
            (Some(total), Some(available)) => Some(whole(total - available)),
            _ => None,
        };
        self.waiting.seconds.push(RunSecond {
            at_ms,
            users: self.users,
            daemon_cpu_permille: sample.value(Measure::DaemonCpu),
            daemon_pss_bytes: sample.value(Measure::DaemonPss).map(whole),
            machine_cpu_permille: sample.value(Measure::CpuBusy),
            machine_used_bytes: used,
        });
        at_ms
    }

    /// Writes what waits; what fails stays for the next time.
    async fn flush(&mut self) {
        match self.store.record_run(self.run, self.waiting.clone()).await {
            Ok(()) => {
                self.waiting.seconds.clear();
                self.waiting.marks.clear();
            }
            Err(error) => tracing::debug!(%error, "a measurement run waits to be written"),
        }
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bytes; `as` saturates")]
fn whole(value: f64) -> u64 {
    value.round() as u64
}
