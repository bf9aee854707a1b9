//! Puts steps of the log, whenever they were, on one axis of wall time: each place once, in order,
//! with one empty time for each gap.
//!
//! May use: `history`, `tally`. Used by: `load`.

use std::collections::{BTreeMap, BTreeSet};

use base::clock::Timestamp;
use store::LoadStep;

use super::block::Step;
use super::history::{History, Line, Range, Resolution};
use super::measure::Measure;
use super::sample::Series;
use super::tally::{Tallies, Tally};

/// Gathers the steps of a history.
#[derive(Debug)]
pub(super) struct Axis {
    range: Range,
    resolution: Resolution,
    measures: BTreeSet<Measure>,
    /// By the wall time at which a step of the axis begins.
    steps: BTreeMap<i64, BTreeMap<Series, Tally>>,
}

impl Axis {
    pub(super) fn new(range: Range, measures: &[Measure]) -> Self {
        let measures = measures.iter().copied().collect();
        Self { range, resolution: Resolution::of(range), measures, steps: BTreeMap::new() }
    }

    /// How long the kept steps are that it is made of.
    pub(super) fn step(&self) -> LoadStep {
        match self.resolution {
            Resolution::Minute => LoadStep::Minute,
            Resolution::Hour | Resolution::Day => LoadStep::Hour,
        }
    }

    /// What has to be looked through: a step of the axis may begin before the range.
    pub(super) fn range(&self) -> (Timestamp, Timestamp) {
        (self.range.from.plus(-self.resolution.step_ms()), self.range.until)
    }

    /// Takes in kept steps, of a start whose monotonic zero was at `zero`.
    pub(super) fn add_steps<'a>(&mut self, zero: Timestamp, steps: impl IntoIterator<Item = &'a Step>) {
        let step_ms = self.step().milliseconds();
        for step in steps {
            self.add(zero.plus(step.number.saturating_mul(step_ms)), &step.tallies);
        }
    }

    /// Takes in what began at `at`. What falls on the same step is taken together: after a start
    /// with an old clock, two stretches of time may claim the same minute.
    pub(super) fn add(&mut self, at: Timestamp, tallies: &Tallies) {
        let step = at.0.div_euclid(self.resolution.step_ms()) * self.resolution.step_ms();
        if step.saturating_add(self.resolution.step_ms()) <= self.range.from.0 || step >= self.range.until.0 {
            return;
        }
        // A step of which nothing that was asked for is known was there all the same.
        let known = self.steps.entry(step).or_default();
        for (series, tally) in tallies.0.iter().filter(|(series, _)| self.measures.contains(&series.measure))
        {
            match known.get_mut(series) {
                Some(known) => known.take(*tally),
                None => drop(known.insert(series.clone(), *tally)),
            }
        }
    }

    /// The history.
    pub(super) fn history(self) -> History {
        let step_ms = self.resolution.step_ms();
        let all: BTreeSet<Series> = self.steps.values().flat_map(BTreeMap::keys).cloned().collect();
        let mut times: Vec<Timestamp> = Vec::with_capacity(self.steps.len());
        let mut lines: Vec<Line> = all
            .into_iter()
            .map(|series| Line { series, points: Vec::with_capacity(self.steps.len()) })
            .collect();
        for (step, tallies) in self.steps {
            if let Some(last) = times.last().filter(|last| last.plus(step_ms).0 < step) {
                times.push(last.plus(step_ms));
                for line in &mut lines {
                    line.points.push(None);
                }
            }
            times.push(Timestamp(step));
            for line in &mut lines {
                line.points.push(tallies.get(&line.series).map(|tally| tally.spread(&line.series)));
            }
        }
        History { resolution: self.resolution, times, lines }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn tallies(value: i64) -> Tallies {
        Tallies([(Series::one(Measure::CpuBusy), Tally::of(value, 60))].into())
    }

    fn axis(minutes: i64) -> Axis {
        Axis::new(Range { from: Timestamp(0), until: Timestamp(minutes * MINUTE) }, &[Measure::CpuBusy])
    }

    fn means(history: &History) -> Vec<(i64, Option<f64>)> {
        let points = &history.lines[0].points;
        history
            .times
            .iter()
            .zip(points)
            .map(|(at, point)| (at.0 / MINUTE, point.map(|point| point.mean)))
            .collect()
    }

    #[test]
    fn a_gap_is_one_empty_time_however_long_it_was() {
        let mut axis = axis(1_000);
        for (minute, value) in [(7, 10), (8, 20), (700, 30), (702, 40)] {
            axis.add(Timestamp(minute * MINUTE + 17), &tallies(value));
        }
        assert_eq!(
            means(&axis.history()),
            [(7, Some(1.0)), (8, Some(2.0)), (9, None), (700, Some(3.0)), (701, None), (702, Some(4.0))]
        );
    }

    #[test]
    fn two_that_claim_the_same_minute_are_one_in_whatever_order_they_come() {
        let mut axis = axis(100);
        for (minute, value) in [(9, 30), (8, 10), (8, 30), (7, 10)] {
            axis.add(Timestamp(minute * MINUTE), &tallies(value));
        }
        let history = axis.history();
        assert_eq!(means(&history), [(7, Some(1.0)), (8, Some(2.0)), (9, Some(3.0))]);
        let spread = history.lines[0].points[1].expect("a value");
        assert_eq!((spread.min, spread.max), (1.0, 3.0));
    }

    #[test]
    fn what_is_outside_and_what_nobody_asked_for_is_left_out() {
        let mut axis = Axis::new(
            Range { from: Timestamp(2 * MINUTE), until: Timestamp(4 * MINUTE) },
            &[Measure::DaemonCpu],
        );
        for minute in 0..6 {
            axis.add(Timestamp(minute * MINUTE), &tallies(1));
        }
        let history = axis.history();
        assert_eq!(history.times, [Timestamp(2 * MINUTE), Timestamp(3 * MINUTE)]);
        assert_eq!(history.lines, []);
    }
}
