//! What is asked of the log, and what it answers: columns over one time axis, with gaps.
//!
//! May use: `measure`, `sample`. Used by: `load`, and the pages that draw it.

use base::clock::Timestamp;

use super::sample::Series;

/// A stretch of wall time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    /// From here on.
    pub(crate) from: Timestamp,
    /// Up to and without this.
    pub(crate) until: Timestamp,
}

/// How fine a history is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolution {
    /// A point for each minute.
    Minute,
    /// A point for each hour.
    Hour,
    /// A point for each day, by UTC.
    Day,
}

impl Resolution {
    /// Ranges up to this are told by the minute: 2,880 points, twice what a wide screen can show.
    const MOST_BY_MINUTE_MS: i64 = 2 * 24 * 60 * 60 * 1_000;
    /// Ranges up to this are told by the hour: 2,880 points again.
    const MOST_BY_HOUR_MS: i64 = 120 * 24 * 60 * 60 * 1_000;

    /// The one that fits a range.
    pub(crate) const fn of(range: Range) -> Self {
        let length = range.until.0.saturating_sub(range.from.0);
        if length <= Self::MOST_BY_MINUTE_MS {
            Self::Minute
        } else if length <= Self::MOST_BY_HOUR_MS {
            Self::Hour
        } else {
            Self::Day
        }
    }

    /// Milliseconds from one point to the next.
    pub(crate) const fn step_ms(self) -> i64 {
        match self {
            Self::Minute => 60_000,
            Self::Hour => 3_600_000,
            Self::Day => 86_400_000,
        }
    }
}

/// What a value did during one step, in its measure's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    /// The least.
    pub(crate) min: f64,
    /// The mean of all seconds that had a value.
    pub(crate) mean: f64,
    /// The most.
    pub(crate) max: f64,
}

/// One series over the time axis of its [`History`].
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// Which.
    pub(crate) series: Series,
    /// As many as the history has times. Without a value there is nothing to draw.
    pub(crate) points: Vec<Option<Spread>>,
}

/// What was kept of some measures in a range of time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct History {
    /// How fine it is.
    pub(crate) resolution: Resolution,
    /// The beginnings of the steps, each later than the one before. Where the box was off, one
    /// time without any value stands for the whole gap, so that no line is drawn across it.
    pub(crate) times: Vec<Timestamp>,
    /// A line for each series that has a value, in the order of the table.
    pub(crate) lines: Vec<Line>,
}
