//! One second's values.
//!
//! May use: `measure`. Used by: `load`, and whoever is shown a sample.

use std::sync::Arc;

use base::clock::{Monotonic, Timestamp};

use super::measure::Measure;

/// One line of the log: a measure, and which of its series.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Series {
    /// What is measured.
    pub(crate) measure: Measure,
    /// Of what, where there are several: `wlan0`, `3`. Empty where there is one.
    pub(crate) label: Arc<str>,
}

impl Series {
    /// The one series of a measure.
    pub(crate) fn one(measure: Measure) -> Self {
        Self { measure, label: Arc::from("") }
    }

    /// The series of `label`.
    pub(crate) fn of(measure: Measure, label: &str) -> Self {
        Self { measure, label: Arc::from(label) }
    }
}

/// The values of one second. What the machine does not have, or did not tell, is not among them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sample {
    /// Wall time, as the clock stood then.
    pub(crate) at: Timestamp,
    /// Time since the daemon started, which no set clock moves.
    pub(crate) monotonic: Monotonic,
    /// In the order of [`Series`], as kept.
    values: Vec<(Series, i64)>,
}

impl Sample {
    /// The value of a measure that has one series, in its unit.
    pub(crate) fn value(&self, measure: Measure) -> Option<f64> {
        self.of(measure, "")
    }

    /// The value of one of a measure's series, in its unit.
    pub(crate) fn of(&self, measure: Measure, label: &str) -> Option<f64> {
        let key = (measure, label);
        let place =
            self.values.binary_search_by(|(series, _)| (series.measure, &*series.label).cmp(&key)).ok()?;
        Some(measure.shown(self.values[place].1))
    }

    /// All values that there are, each in its measure's unit, in the order of the table.
    pub(crate) fn values(&self) -> impl Iterator<Item = (&Series, f64)> {
        self.values.iter().map(|(series, kept)| (series, series.measure.shown(*kept)))
    }

    /// As kept.
    pub(super) fn kept(&self) -> &[(Series, i64)] {
        &self.values
    }

    /// Made of values as kept, in any order.
    pub(super) fn new(at: Timestamp, monotonic: Monotonic, mut values: Vec<(Series, i64)>) -> Self {
        values.sort_by(|(one, _), (other, _)| one.cmp(other));
        values.dedup_by(|(later, _), (first, _)| later == first);
        Self { at, monotonic, values }
    }
}
