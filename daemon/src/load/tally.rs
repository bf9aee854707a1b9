//! Values of a stretch of time, taken together: least, mean and most.
//!
//! May use: `sample`, `history`. Used by: `load`.

use std::collections::BTreeMap;

use super::history::Spread;
use super::sample::{Sample, Series};

/// Of one series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) min: i64,
    pub(super) max: i64,
    pub(super) sum: i64,
    /// Seconds that had a value.
    pub(super) seconds: u32,
}

impl Tally {
    /// Of one value that stood for so many seconds.
    pub(super) fn of(value: i64, seconds: u32) -> Self {
        Self { min: value, max: value, sum: value.saturating_mul(seconds.into()), seconds }
    }

    /// Takes in what another stretch of time had.
    pub(super) fn take(&mut self, other: Self) {
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.sum = self.sum.saturating_add(other.sum);
        self.seconds += other.seconds;
    }

    /// The mean, to the whole number, as it is kept.
    pub(super) fn mean(&self) -> i64 {
        let seconds = i64::from(self.seconds.max(1));
        let half = if self.sum < 0 { -seconds / 2 } else { seconds / 2 };
        // What was too large for the sum is still not larger than the most.
        (self.sum.saturating_add(half) / seconds).clamp(self.min, self.max)
    }

    /// In the unit of `series`.
    pub(super) fn spread(&self, series: &Series) -> Spread {
        let shown = |kept| series.measure.shown(kept);
        Spread { min: shown(self.min), mean: shown(self.mean()), max: shown(self.max) }
    }
}

/// Of all series, in one step of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tallies(pub(super) BTreeMap<Series, Tally>);

impl Tallies {
    /// Takes in a second.
    pub(super) fn add(&mut self, sample: &Sample) {
        for (series, value) in sample.kept() {
            self.add_one(series, Tally::of(*value, 1));
        }
    }

    /// Takes in another step.
    pub(super) fn take(&mut self, other: &Self) {
        other.0.iter().for_each(|(series, tally)| self.add_one(series, *tally));
    }

    fn add_one(&mut self, series: &Series, tally: Tally) {
        match self.0.get_mut(series) {
            Some(known) => known.take(tally),
            None => drop(self.0.insert(series.clone(), tally)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_rounded_and_never_outside() {
        let mut tally = Tally::of(-7, 1);
        tally.take(Tally::of(-8, 1));
        assert_eq!((tally.min, tally.mean(), tally.max), (-8, -8, -7));
        tally.take(Tally::of(100, 58));
        assert_eq!(tally.mean(), 96);
        assert_eq!(Tally::of(i64::MAX, 60).mean(), i64::MAX);
        assert_eq!(Tally::of(i64::MIN, 60).mean(), i64::MIN);
    }
}
