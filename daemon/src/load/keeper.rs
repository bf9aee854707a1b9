//! Takes a sample every second, hands it on, and writes what has come together.
//!
//! May use: everything in `load`, `store`, `tasks`. Used by: `load`.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use base::clock::{Clock, Monotonic};
use store::{LoadBatch, LoadStep, Store};
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::tasks;

use super::Load;
use super::app::{App, Parts};
use super::block::unpack;
use super::cost::Cost;
use super::kept::{Handed, block, hours_of};
use super::ledger::Ledger;
use super::measure::Measure;
use super::moments::Moments;
use super::sampler::{Places, Sampler};

/// How often a sample is taken.
const EVERY: Duration = Duration::from_secs(1);
/// How long a card that could not be written is left alone, in milliseconds.
const RETRY_MS: u64 = 60_000;

/// A batch on its way to the card.
type Writing = Pin<Box<dyn Future<Output = (Handed, base::Result<i64>)> + Send>>;

/// Keeps the log.
pub(super) struct Keeper {
    load: Load,
    places: Places,
    clock: Arc<dyn Clock>,
    store: Store,
    app: App,
    sampler: Option<Sampler>,
    ledger: Ledger,
    moments: Moments,
    /// What all of this takes.
    cost: Cost,
    /// After a failure, which was told.
    retry_at: Option<Monotonic>,
}

impl Keeper {
    pub(super) fn new(load: Load, places: Places, clock: Arc<dyn Clock>, parts: Parts, cost: Cost) -> Self {
        Self {
            load,
            sampler: None,
            places,
            clock,
            store: parts.store.clone(),
            app: App::new(parts),
            ledger: Ledger::default(),
            moments: Moments::default(),
            cost,
            retry_at: None,
        }
    }

    /// Until the daemon stops; what has come together by then is written.
    pub(super) async fn keep(mut self, stopping: CancellationToken) {
        self.roll_up_the_last_start().await;
        let mut ticks = interval(EVERY);
        // A second that was missed is missing.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut writing: Option<Writing> = None;
        loop {
            tokio::select! {
                _ = ticks.tick() => self.second().await,
                written = over(&mut writing) => {
                    writing = None;
                    self.written(written);
                }
                () = stopping.cancelled() => break,
            }
            if writing.is_none() && self.is_time_to_write() {
                writing = self.write();
            }
        }
        if let Some(writing) = writing {
            self.written(writing.await);
        }
        self.load.kept().end();
        if let Some(writing) = self.write() {
            self.written(writing.await);
        }
    }

    async fn second(&mut self) {
        let now = self.clock.monotonic();
        // They come back, unless the thread dies with them.
        let mut sampler = self.sampler.take().unwrap_or_else(|| Sampler::new(&self.places));
        let mut ledger = std::mem::take(&mut self.ledger);
        let cost = self.cost.clone();
        let read = tasks::blocking(move || {
            cost.of(|| sampler.read(now, &mut ledger));
            (sampler, ledger)
        });
        match read.await {
            Ok((sampler, ledger)) => (self.sampler, self.ledger) = (Some(sampler), ledger),
            Err(error) => return tracing::error!(%error, "a second of the load log is lost"),
        }
        self.app.read(&mut self.ledger).await;
        // What this sample takes from here on is part of the next.
        self.ledger.count(Measure::SamplingCpu, self.cost.permille_seconds());
        let (sample, totals) = self.ledger.finish(self.clock.now());
        for told in self.moments.look(&sample) {
            told.tell();
        }
        self.load.take(sample, totals);
    }

    fn is_time_to_write(&self) -> bool {
        let now = self.clock.monotonic();
        self.retry_at.is_none_or(|retry_at| now >= retry_at) && self.load.kept().is_due()
    }

    fn write(&self) -> Option<Writing> {
        let (batch, handed) = self.load.kept().batch()?;
        let store = self.store.clone();
        Some(Box::pin(async move { (handed, store.keep_load(batch).await) }))
    }

    fn written(&mut self, (handed, result): (Handed, base::Result<i64>)) {
        match result {
            Ok(epoch) => {
                self.load.kept().written(epoch, handed);
                self.retry_at = None;
            }
            Err(error) => {
                if self.retry_at.is_none() {
                    tracing::warn!(%error, "the load log is not written; it waits in memory");
                }
                self.retry_at = Some(self.clock.monotonic().plus(RETRY_MS));
            }
        }
    }

    /// Makes the hours that the last start could not: its power went.
    async fn roll_up_the_last_start(&self) {
        if let Err(error) = self.roll_up().await {
            tracing::warn!(%error, "the last hours before this start are kept by the minute alone");
        }
    }

    async fn roll_up(&self) -> base::Result<()> {
        let Some(last) = self.store.last_load_epoch().await? else { return Ok(()) };
        if last.rolled_until >= last.kept_until {
            return Ok(());
        }
        let first = last.rolled_until / LoadStep::Minute.milliseconds();
        let blocks = self.store.load_blocks_of(last.id, LoadStep::Minute, first).await?;
        let minutes = blocks.iter().filter_map(|block| unpack(block.first, &block.data)).flatten();
        let hours = hours_of(minutes.filter(|minute| minute.number >= first));
        let batch = LoadBatch {
            epoch: Some(last.id),
            zero_at: last.zero_at,
            kept_until: last.kept_until,
            rolled_until: last.kept_until,
            blocks: hours.chunks(24).map(|hours| block(LoadStep::Hour, hours)).collect(),
        };
        self.store.keep_load(batch).await.map(drop)
    }
}

async fn over(writing: &mut Option<Writing>) -> (Handed, base::Result<i64>) {
    match writing {
        Some(writing) => writing.await,
        None => std::future::pending().await,
    }
}
