//! The moments that matter, told to the journal with what to do: once when they begin, once when
//! they are over.
//!
//! May use: `measure`, `sample`. Used by: `load`.

use base::clock::Monotonic;

use super::measure::Measure;
use super::sample::Sample;

/// Something that a technician should know of.
#[derive(Debug)]
struct Rule {
    /// Its name in the journal.
    name: &'static str,
    /// What to do, or to know.
    advice: &'static str,
    measure: Measure,
    /// From this on a second is bad.
    bad: f64,
    /// Up to this a second is good; between the two nothing changes.
    good: f64,
    /// Bad seconds among the last 64 that begin it.
    begins: u32,
    /// Milliseconds without a bad second that end it.
    ends_ms: u64,
}

const RULES: [Rule; 7] = [
    Rule {
        name: "under-voltage",
        advice: "the power supply or its cable is too weak: use the official supply, unplug what draws power \
                 by USB; the card may be damaged otherwise",
        measure: Measure::UnderVoltage,
        bad: 1.0,
        good: 0.0,
        begins: 1,
        ends_ms: 60_000,
    },
    Rule {
        name: "throttled",
        advice: "the processor is slowed down by heat or weak power: give it air or a cooler, and the official supply",
        measure: Measure::Throttled,
        bad: 1.0,
        good: 0.0,
        begins: 1,
        ends_ms: 60_000,
    },
    Rule {
        name: "memory pressure",
        advice: "programs wait for memory: close rooms that are not needed; a board with more memory carries more",
        measure: Measure::PressureMemory,
        bad: 100.0,
        good: 20.0,
        begins: 10,
        ends_ms: 60_000,
    },
    Rule {
        name: "card pressure",
        advice: "programs wait for the card most of the time: it may be worn or slow; replace it by a new one \
                 of class A1 or better",
        measure: Measure::PressureIoFull,
        bad: 500.0,
        good: 200.0,
        begins: 30,
        ends_ms: 60_000,
    },
    Rule {
        name: "slow commits",
        advice: "the card takes long to write, so chat and answers are shown late: it may be worn; replace it by \
                 a new one of class A1 or better, after a backup",
        measure: Measure::CommitTimeWorst,
        bad: 500_000.0,
        good: 250_000.0,
        begins: 3,
        ends_ms: 300_000,
    },
    Rule {
        name: "card worn",
        advice: "the card says that nine tenths of its life are over: make a backup and replace it",
        measure: Measure::CardWear,
        bad: 900.0,
        good: 800.0,
        begins: 1,
        ends_ms: 60_000,
    },
    // The last bytes are told by `space` as a problem of the card, on every page.
    Rule {
        name: "data nearly full",
        advice: "nine tenths of the card's room for the class are used: delete files and classes that are over, \
                 or move to a larger card, before uploads are refused",
        measure: Measure::DataUsed,
        bad: 900.0,
        good: 880.0,
        begins: 1,
        ends_ms: 60_000,
    },
];

/// How far one rule has come.
#[derive(Clone, Copy, Debug, Default)]
struct Episode {
    /// The last seconds, the newest in the lowest bit: 1 is bad.
    seconds: u64,
    /// Since when it goes on, and the worst value in it.
    going_on: Option<(Monotonic, f64)>,
    last_bad: Monotonic,
}

/// What is to be told.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Told {
    Begins { name: &'static str, advice: &'static str, measure: Measure, value: f64 },
    Ends { name: &'static str, seconds: u64, measure: Measure, worst: f64 },
}

/// Watches for all of them.
#[derive(Debug, Default)]
pub(super) struct Moments([Episode; RULES.len()]);

impl Moments {
    /// What a new sample begins or ends.
    pub(super) fn look(&mut self, sample: &Sample) -> Vec<Told> {
        let rules = RULES.iter().zip(&mut self.0);
        rules.filter_map(|(rule, episode)| episode.look(rule, sample)).collect()
    }
}

impl Episode {
    fn look(&mut self, rule: &Rule, sample: &Sample) -> Option<Told> {
        let now = sample.monotonic;
        self.seconds <<= 1;
        // Without a value, such as in a second without a commit, a second is neither.
        if let Some(value) = sample.value(rule.measure) {
            if value >= rule.bad {
                self.seconds |= 1;
            }
            // Once it goes on, what is not good keeps it going.
            if value >= rule.bad || (self.going_on.is_some() && value > rule.good) {
                self.last_bad = now;
            }
            if let Some((_, worst)) = &mut self.going_on {
                *worst = worst.max(value);
            } else if self.seconds.count_ones() >= rule.begins {
                self.going_on = Some((now, value));
                return Some(Told::Begins {
                    name: rule.name,
                    advice: rule.advice,
                    measure: rule.measure,
                    value,
                });
            }
        }
        let (since, worst) = self.going_on?;
        if now.since(self.last_bad) < rule.ends_ms {
            return None;
        }
        *self = Self::default();
        let seconds = now.since(since) / 1_000;
        Some(Told::Ends { name: rule.name, seconds, measure: rule.measure, worst })
    }
}

impl Told {
    /// Into the journal, with fields that programs can find.
    pub(super) fn tell(&self) {
        match self {
            Self::Begins { name, advice, measure, value } => {
                tracing::warn!(moment = name, measure = %measure, value, "{name}: {advice}");
            }
            Self::Ends { name, seconds, measure, worst } => {
                tracing::info!(moment = name, measure = %measure, worst, seconds, "{name}: over");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use base::clock::Timestamp;

    use super::*;
    use crate::load::sample::Series;

    /// What is told while a measure has these values, second by second.
    fn told(
        measure: Measure,
        values: impl IntoIterator<Item = Option<f64>>,
    ) -> Vec<(u64, &'static str, bool)> {
        let mut moments = Moments::default();
        let mut all = Vec::new();
        for (second, value) in (0..).zip(values) {
            let kept = value.map(|value| (Series::one(measure), measure.kept(value)));
            let sample = Sample::new(Timestamp(0), Monotonic(1_000 * second), kept.into_iter().collect());
            all.extend(moments.look(&sample).into_iter().map(|told| match told {
                Told::Begins { name, .. } => (second, name, true),
                Told::Ends { name, .. } => (second, name, false),
            }));
        }
        all
    }

    #[test]
    fn a_weak_supply_that_comes_and_goes_is_one_episode() {
        let flickering = (0..600).map(|second| Some(f64::from(u8::from(second < 300 && second % 20 == 5))));
        assert_eq!(
            told(Measure::UnderVoltage, flickering),
            [(5, "under-voltage", true), (285 + 60, "under-voltage", false)]
        );
    }

    #[test]
    fn one_slow_commit_is_nothing_and_three_in_a_minute_are_an_episode() {
        let commits = |slow: &'static [u64]| {
            (0..1_000).map(move |second| if slow.contains(&second) { Some(700_000.0) } else { None })
        };
        assert_eq!(told(Measure::CommitTimeWorst, commits(&[10, 200, 400])), []);
        assert_eq!(
            told(Measure::CommitTimeWorst, commits(&[10, 30, 50, 90])),
            [(50, "slow commits", true), (390, "slow commits", false)]
        );
    }

    #[test]
    fn between_bad_and_good_it_goes_on_but_does_not_begin() {
        let pressure = |from: f64| {
            (0..300).map(move |second| {
                Some(if second < 20 {
                    from
                } else if second < 200 {
                    50.0
                } else {
                    0.0
                })
            })
        };
        assert_eq!(told(Measure::PressureMemory, pressure(50.0)), []);
        assert_eq!(
            told(Measure::PressureMemory, pressure(400.0)),
            [(9, "memory pressure", true), (199 + 60, "memory pressure", false)]
        );
    }

    #[test]
    fn a_card_that_is_nine_tenths_full_is_told_once_until_there_is_room() {
        let used = [500.0, 900.0, 950.0, 890.0, 870.0];
        // Between 880 and 900 it goes on.
        assert_eq!(
            told(Measure::DataUsed, used.into_iter().flat_map(|used| [Some(used); 100])),
            [(100, "data nearly full", true), (399 + 60, "data nearly full", false)]
        );
    }

    #[test]
    fn a_machine_that_does_not_tell_has_no_moments() {
        assert_eq!(told(Measure::Throttled, (0..500).map(|_| None)), []);
    }
}
