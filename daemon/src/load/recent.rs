//! The last hour, second by second, in memory: each sample as what changed since the one before.
//!
//! May use: `sample`, `varint`. Used by: `load`.

use std::collections::VecDeque;
use std::sync::Arc;

use base::clock::{Monotonic, Timestamp};
use base::limits::LOAD_SECONDS;

use super::sample::{Sample, Series};
use super::varint::{fold, put, take, unfold};

/// Samples that go by one list of series. The oldest minute goes as a whole.
const CHUNK: usize = 60;

/// Samples of the last hour.
#[derive(Debug, Default)]
pub(super) struct Recent {
    chunks: VecDeque<Chunk>,
    /// Of the newest sample, in the order of the newest chunk's series.
    last: Vec<i64>,
    last_at: Times,
}

/// Times of the newest sample.
#[derive(Clone, Copy, Debug, Default)]
struct Times {
    at: i64,
    monotonic: u64,
}

/// Up to a minute of samples.
#[derive(Debug)]
struct Chunk {
    samples: usize,
    /// Those of all its samples, in order of appearance.
    series: Arc<Vec<Series>>,
    /// Each sample: its times since the one before, how many series were known then, and for each
    /// 0 if it has no value, else 1 more than the folded difference to the value before.
    bytes: Vec<u8>,
}

impl Recent {
    /// Adds the newest sample.
    pub(super) fn push(&mut self, sample: &Sample) {
        if self.chunks.back().is_none_or(|chunk| chunk.samples == CHUNK) {
            self.begin(sample);
        }
        let Some(chunk) = self.chunks.back_mut() else { return };
        let (at, monotonic) = (sample.at.0, sample.monotonic.0);
        put(&mut chunk.bytes, fold(at.wrapping_sub(self.last_at.at)));
        put(&mut chunk.bytes, monotonic.wrapping_sub(self.last_at.monotonic));
        self.last_at = Times { at, monotonic };
        let unknown = sample.kept().iter().filter(|(series, _)| !chunk.series.contains(series));
        let unknown: Vec<Series> = unknown.map(|(series, _)| series.clone()).collect();
        if !unknown.is_empty() {
            Arc::make_mut(&mut chunk.series).extend(unknown);
            self.last.resize(chunk.series.len(), 0);
        }
        put(&mut chunk.bytes, chunk.series.len() as u64);
        for (series, last) in chunk.series.iter().zip(&mut self.last) {
            let found = sample.kept().binary_search_by(|(known, _)| known.cmp(series));
            let Ok(place) = found else {
                chunk.bytes.push(0);
                continue;
            };
            let value = sample.kept()[place].1;
            put(&mut chunk.bytes, fold(value.wrapping_sub(*last)).saturating_add(1));
            *last = value;
        }
        chunk.samples += 1;
        if chunk.samples == CHUNK {
            chunk.bytes.shrink_to_fit();
        }
    }

    /// All samples, the oldest first.
    pub(super) fn all(&self) -> Vec<Sample> {
        let samples = self.chunks.iter().map(|chunk| chunk.samples).sum();
        let mut all = Vec::with_capacity(samples);
        self.chunks.iter().for_each(|chunk| chunk.read(&mut all));
        let surplus = all.len().saturating_sub(LOAD_SECONDS);
        all.drain(..surplus);
        all
    }

    /// Bytes on the heap.
    #[cfg(test)]
    pub(super) fn size(&self) -> usize {
        let chunks = self.chunks.iter();
        // Most chunks share their list; counting it for each errs on the safe side.
        chunks
            .map(|chunk| chunk.bytes.capacity() + chunk.series.capacity() * size_of::<Series>())
            .sum::<usize>()
            + self.last.capacity() * size_of::<i64>()
    }

    fn begin(&mut self, sample: &Sample) {
        // One chunk more than fits, as the newest begins empty.
        if self.chunks.len() > LOAD_SECONDS / CHUNK {
            self.chunks.pop_front();
        }
        let series = sample.kept().iter().map(|(series, _)| series);
        let before = self.chunks.back().map(|chunk| &chunk.series);
        let series = match before {
            Some(before) if before.iter().eq(series.clone()) => Arc::clone(before),
            _ => Arc::new(series.cloned().collect()),
        };
        self.last = vec![0; series.len()];
        self.last_at = Times::default();
        self.chunks.push_back(Chunk { samples: 0, series, bytes: Vec::new() });
    }
}

impl Chunk {
    fn read(&self, all: &mut Vec<Sample>) {
        let mut bytes = self.bytes.as_slice();
        let mut last = vec![0; self.series.len()];
        let mut times = Times::default();
        for _ in 0..self.samples {
            let read = read_one(&mut bytes, &self.series, &mut last, &mut times);
            all.push(read.expect("written by `push`"));
        }
    }
}

fn read_one(bytes: &mut &[u8], series: &[Series], last: &mut [i64], times: &mut Times) -> Option<Sample> {
    times.at = times.at.wrapping_add(unfold(take(bytes)?));
    times.monotonic = times.monotonic.wrapping_add(take(bytes)?);
    let known = usize::try_from(take(bytes)?).ok()?;
    let mut values = Vec::with_capacity(known);
    for (series, last) in series.iter().zip(last).take(known) {
        if let Some(difference) = take(bytes)?.checked_sub(1) {
            *last = last.wrapping_add(unfold(difference));
            values.push((series.clone(), *last));
        }
    }
    Some(Sample::new(Timestamp(times.at), Monotonic(times.monotonic), values))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::load::measure::Measure;

    fn sample(second: u64, values: Vec<(Series, i64)>) -> Sample {
        Sample::new(
            Timestamp(1_790_000_000_000 + 1_000 * second.cast_signed()),
            Monotonic(1_000 * second),
            values,
        )
    }

    proptest! {
        #[test]
        fn what_went_in_comes_out(
            seconds in proptest::collection::vec(
                proptest::collection::btree_map(0..5_usize, any::<i32>(), 0..5), 0..200,
            ),
        ) {
            let rooms: Vec<Series> =
                (0..5).map(|room| Series::of(Measure::RoomPeers, &room.to_string())).collect();
            let samples: Vec<Sample> = (0..).zip(seconds).map(|(second, values)| {
                sample(second, values.into_iter().map(|(room, value)| (rooms[room].clone(), value.into())).collect())
            }).collect();
            let mut recent = Recent::default();
            for sample in &samples {
                recent.push(sample);
            }
            prop_assert_eq!(recent.all(), samples);
        }
    }

    #[test]
    fn it_holds_an_hour_and_not_more() {
        let mut recent = Recent::default();
        for second in 0..10_000 {
            recent.push(&sample(second, vec![(Series::one(Measure::CpuBusy), 7)]));
        }
        let all = recent.all();
        assert_eq!(all.len(), LOAD_SECONDS);
        assert_eq!(all.last().map(|sample| sample.monotonic), Some(Monotonic(9_999_000)));
        assert!(all.windows(2).all(|pair| pair[1].monotonic.since(pair[0].monotonic) == 1_000));
    }
}
