//! Minutes and hours on their way to the card: gathered second by second, handed over in batches,
//! and held until they are written.
//!
//! May use: `block`, `sample`, `tally`, `store`. Used by: `load`.

use base::clock::{Monotonic, Timestamp};
use base::limits::{LOAD_BATCH, LOAD_WAITING};
use store::{LoadBatch, LoadBlock, LoadStep};

use super::block::{Step, pack};
use super::sample::Sample;
use super::tally::Tallies;

/// Steps of one length: those of the newest block, which grows, and those that are not written.
#[derive(Debug)]
struct Growing {
    step: LoadStep,
    /// Steps of a full block.
    block: i64,
    /// The one that is going on.
    going_on: Option<Step>,
    over: Vec<Step>,
    /// The number of the last that is on the card.
    written: Option<i64>,
}

/// What is not written yet, and the blocks that it goes into.
#[derive(Debug)]
pub(super) struct Kept {
    /// The number of this start in the store, once something of it was written.
    epoch: Option<i64>,
    minutes: Growing,
    hours: Growing,
    /// Wall time of monotonic zero. It stays while the clock only drifts, so that the minutes of a
    /// start follow each other without gap or overlap.
    zero: Option<Timestamp>,
    /// What is on the card has another zero.
    is_moved: bool,
}

/// Less is a clock that runs on, read a moment earlier or later.
const MOVED_MS: u64 = 1_000;

/// What a batch held, to be let go of once it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Handed {
    last_minute: Option<i64>,
    last_hour: Option<i64>,
    zero: Timestamp,
}

impl Default for Kept {
    fn default() -> Self {
        Self {
            epoch: None,
            minutes: Growing::new(LoadStep::Minute, 60),
            hours: Growing::new(LoadStep::Hour, 24),
            zero: None,
            is_moved: false,
        }
    }
}

impl Kept {
    /// Takes in a second.
    pub(super) fn take(&mut self, sample: &Sample) {
        self.follow(sample.at, sample.monotonic);
        self.minutes.take(sample);
        self.hours.take(sample);
    }

    /// Whether it is time to write: enough has come together, or the clock was set, and what was
    /// written before moves along.
    pub(super) fn is_due(&self) -> bool {
        self.minutes.unwritten().count() >= LOAD_BATCH || (self.is_moved && self.epoch.is_some())
    }

    /// Wall time of monotonic zero.
    pub(super) fn zero(&self) -> Timestamp {
        self.zero.unwrap_or(Timestamp(0))
    }

    /// Ends the minute and the hour that are going on: the daemon stops.
    pub(super) fn end(&mut self) {
        self.minutes.end();
        self.hours.end();
    }

    /// What is to be written; none if nothing is.
    pub(super) fn batch(&self) -> Option<(LoadBatch, Handed)> {
        let moved = self.is_moved && self.epoch.is_some();
        let blocks: Vec<LoadBlock> = self.minutes.blocks().chain(self.hours.blocks()).collect();
        if blocks.is_empty() && !moved {
            return None;
        }
        let batch = LoadBatch {
            epoch: self.epoch,
            zero_at: self.zero(),
            kept_until: self.minutes.until(),
            rolled_until: self.hours.until(),
            blocks,
        };
        let (last_minute, last_hour) = (self.minutes.last(), self.hours.last());
        Some((batch, Handed { last_minute, last_hour, zero: self.zero() }))
    }

    /// A batch is on the card, under this start.
    pub(super) fn written(&mut self, epoch: i64, handed: Handed) {
        self.epoch = Some(epoch);
        // What ended while the batch was written is written with the next.
        self.minutes.written(handed.last_minute);
        self.hours.written(handed.last_hour);
        self.is_moved = self.zero() != handed.zero;
    }

    /// What is not on the card, and of what is there the newest.
    pub(super) fn in_memory(&self, step: LoadStep) -> impl Iterator<Item = &Step> {
        let growing = match step {
            LoadStep::Minute => &self.minutes,
            LoadStep::Hour => &self.hours,
        };
        growing.over.iter().chain(&growing.going_on)
    }

    fn follow(&mut self, at: Timestamp, now: Monotonic) {
        let zero = at.plus(-signed(now.0));
        if self.zero.is_none_or(|known| known.0.abs_diff(zero.0) >= MOVED_MS) {
            self.zero = Some(zero);
            self.is_moved = true;
        }
    }
}

impl Growing {
    const fn new(step: LoadStep, block: i64) -> Self {
        Self { step, block, going_on: None, over: Vec::new(), written: None }
    }

    fn take(&mut self, sample: &Sample) {
        let number = signed(sample.monotonic.0) / self.step.milliseconds();
        if self.going_on.as_ref().is_some_and(|step| step.number != number) {
            self.end();
        }
        let empty = || Step { number, seconds: 0, tallies: Tallies::default() };
        let step = self.going_on.get_or_insert_with(empty);
        step.seconds += 1;
        step.tallies.add(sample);
    }

    fn end(&mut self) {
        self.over.extend(self.going_on.take());
        // While the card cannot be written for long, the oldest are let go, a block at a time, so
        // that what is written of the next keeps its beginning.
        if self.over.len() > LOAD_WAITING {
            let oldest = self.over.first().map(|step| self.block_of(step));
            let kept = self.over.iter().position(|step| Some(self.block_of(step)) != oldest);
            self.over.drain(..kept.unwrap_or_default());
        }
    }

    fn written(&mut self, last: Option<i64>) {
        self.written = last;
        let newest = self.over.last().map(|step| self.block_of(step));
        let block = self.block;
        self.over.retain(|step| Some(step.number) > last || Some(step.number.div_euclid(block)) == newest);
    }

    fn block_of(&self, step: &Step) -> i64 {
        step.number.div_euclid(self.block)
    }

    fn unwritten(&self) -> impl Iterator<Item = &Step> {
        self.over.iter().filter(|step| Some(step.number) > self.written)
    }

    /// Blocks of which something is not written, whole.
    fn blocks(&self) -> impl Iterator<Item = LoadBlock> {
        let blocks = self.over.chunk_by(|one, other| self.block_of(one) == self.block_of(other));
        let changed = blocks.filter(|steps| steps.last().map(|step| step.number) > self.written);
        changed.map(|steps| block(self.step, steps))
    }

    fn last(&self) -> Option<i64> {
        self.over.last().map(|step| step.number).or(self.written)
    }

    /// Monotonic milliseconds up to which all is over.
    fn until(&self) -> i64 {
        self.last().map_or(0, |number| (number + 1) * self.step.milliseconds())
    }
}

/// Hours of the minutes that an earlier start could not make any of, because the power went.
pub(super) fn hours_of(minutes: impl IntoIterator<Item = Step>) -> Vec<Step> {
    let mut hours: Vec<Step> = Vec::new();
    for minute in minutes {
        let number = minute.number.div_euclid(60);
        match hours.last_mut().filter(|hour| hour.number == number) {
            Some(hour) => {
                hour.seconds += minute.seconds;
                hour.tallies.take(&minute.tallies);
            }
            None => hours.push(Step { number, ..minute }),
        }
    }
    hours
}

/// One block of steps.
pub(super) fn block(step: LoadStep, steps: &[Step]) -> LoadBlock {
    LoadBlock {
        step,
        first: steps.first().map_or(0, |step| step.number),
        steps: u32::try_from(steps.len()).unwrap_or(u32::MAX),
        data: pack(steps),
    }
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
