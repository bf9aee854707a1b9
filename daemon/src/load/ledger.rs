//! Where the values of a sample are taken down, and counters are made into what happens per
//! second.
//!
//! May use: `measure`, `sample`. Used by: everything in `load` that reads a value.

use std::collections::BTreeMap;

use base::clock::{Monotonic, Timestamp};

use super::measure::Measure;
use super::sample::{Sample, Series};

/// The counters as they stood at the last sample, and the values of the next.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    now: Monotonic,
    values: Vec<(Series, i64)>,
    /// Counters of the last sample, with when they were read.
    before: BTreeMap<Series, (Monotonic, f64)>,
    /// Counters of the sample that is being taken.
    totals: BTreeMap<Series, (Monotonic, f64)>,
}

impl Ledger {
    /// Begins a sample.
    pub(super) fn begin(&mut self, now: Monotonic) {
        self.now = now;
        self.values.clear();
        self.totals.clear();
    }

    /// Notes what is there, of a measure that has one series.
    pub(super) fn note(&mut self, measure: Measure, value: f64) {
        self.note_of(measure, "", value);
    }

    /// Notes what is there, if it is.
    pub(super) fn note_some(&mut self, measure: Measure, value: Option<f64>) {
        if let Some(value) = value {
            self.note(measure, value);
        }
    }

    /// Notes what is there, of one of a measure's series.
    pub(super) fn note_of(&mut self, measure: Measure, label: &str, value: f64) {
        self.put(Series::of(measure, label), value);
    }

    /// Notes a counter that only grows, in the measure's unit times seconds. A counter that went
    /// back is another one, and tells nothing yet.
    pub(super) fn count(&mut self, measure: Measure, total: f64) {
        self.count_of(measure, "", total);
    }

    /// Notes a counter, of one of a measure's series.
    pub(super) fn count_of(&mut self, measure: Measure, label: &str, total: f64) {
        let series = Series::of(measure, label);
        if let Some((at, before)) = self.before.get(&series)
            && total >= *before
            && let elapsed = self.now.since(*at)
            && elapsed > 0
        {
            let elapsed = f64::from(u32::try_from(elapsed).unwrap_or(u32::MAX));
            // Ticks that are counted a moment late would make a core busier than it can be.
            let rate = ((total - before) * 1_000.0 / elapsed).min(measure.most());
            self.put(series.clone(), rate);
        }
        self.totals.insert(series, (self.now, total));
    }

    /// By how much a counter that is no measure of its own has grown, for means per event.
    pub(super) fn grown(before: &mut Option<f64>, total: f64) -> Option<f64> {
        let grown = before.map(|before| total - before).filter(|grown| *grown >= 0.0);
        *before = Some(total);
        grown
    }

    /// The sample, and the counters as they stand.
    pub(super) fn finish(&mut self, at: Timestamp) -> (Sample, Vec<(Series, f64)>) {
        let totals = self.totals.iter().map(|(series, (_, total))| (series.clone(), *total)).collect();
        std::mem::swap(&mut self.before, &mut self.totals);
        (Sample::new(at, self.now, std::mem::take(&mut self.values)), totals)
    }

    fn put(&mut self, series: Series, value: f64) {
        // Neither can be kept, and neither is a value.
        if value.is_finite() {
            let kept = series.measure.kept(value);
            self.values.push((series, kept));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_what_it_grew_by_per_second() {
        let mut ledger = Ledger::default();
        let mut seen = Vec::new();
        for (now, total) in [(1_000, 10.0), (2_000, 12.0), (4_000, 13.0), (5_000, 3.0), (6_000, 4.0)] {
            ledger.begin(Monotonic(now));
            ledger.count(Measure::Requests, total);
            let (sample, totals) = ledger.finish(Timestamp(0));
            assert_eq!(totals, [(Series::one(Measure::Requests), total)]);
            seen.push(sample.value(Measure::Requests));
        }
        assert_eq!(seen, [None, Some(2.0), Some(0.5), None, Some(1.0)]);
    }

    #[test]
    fn what_is_no_number_is_no_value() {
        let mut ledger = Ledger::default();
        ledger.note(Measure::Load1, f64::NAN);
        ledger.note(Measure::Load5, 0.0);
        let (sample, _) = ledger.finish(Timestamp(0));
        assert_eq!((sample.value(Measure::Load1), sample.value(Measure::Load5)), (None, Some(0.0)));
    }
}
