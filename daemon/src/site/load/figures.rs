//! Which measures the pages draw, and how their numbers are written: the same on a page and in
//! its export.

use crate::i18n::Language;
use crate::load::{Measure, Series, Unit};

/// A chart: measures on one axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chart {
    /// Its name in the catalogues.
    pub(super) key: &'static str,
    /// What it draws, all in one unit.
    pub(super) measures: &'static [Measure],
}

/// The charts of the history, in order.
pub(super) const CHARTS: [Chart; 8] = [
    Chart { key: "people", measures: &[Measure::PeopleOnline, Measure::Participants] },
    Chart { key: "cpu", measures: &[Measure::CpuBusy, Measure::DaemonCpu] },
    Chart { key: "memory", measures: &[Measure::MemoryAvailable] },
    Chart { key: "daemon_memory", measures: &[Measure::DaemonPss] },
    Chart { key: "temperature", measures: &[Measure::Temperature] },
    Chart { key: "disk", measures: &[Measure::DataFree] },
    Chart { key: "messages", measures: &[Measure::Signals, Measure::ChatMessages] },
    Chart { key: "commits", measures: &[Measure::CommitTime] },
];

/// Every measure that the charts draw.
pub(super) fn drawn() -> Vec<Measure> {
    CHARTS.iter().flat_map(|chart| chart.measures).copied().collect()
}

/// How numbers of a unit are shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shown {
    divisor: f64,
    decimals: usize,
    /// The unit's name in column heads and catalogues; empty for plain numbers.
    pub(super) name: &'static str,
}

/// How numbers of `unit` are shown.
pub(super) const fn shown(unit: Unit) -> Shown {
    let (divisor, decimals, name) = match unit {
        Unit::Permille => (10.0, 1, "percent"),
        Unit::Bytes => (1_000_000.0, 1, "mb"),
        Unit::BytesPerSecond => (1_000.0, 1, "kb_per_second"),
        Unit::Count => (1.0, 1, ""),
        Unit::PerSecond => (1.0, 2, "per_second"),
        Unit::Microseconds => (1_000.0, 2, "ms"),
        Unit::Celsius => (1.0, 1, "celsius"),
        Unit::Dbm => (1.0, 0, "dbm"),
        Unit::KilobitsPerSecond => (1_000.0, 1, "mbit_per_second"),
        Unit::Megahertz => (1.0, 0, "mhz"),
        Unit::Flag => (1.0, 2, ""),
    };
    Shown { divisor, decimals, name }
}

impl Shown {
    /// As an export has it.
    pub(super) fn plain(self, value: f64) -> String {
        format!("{:.*}", self.decimals, value / self.divisor)
    }

    /// As a page has it, without the unit.
    pub(super) fn number(self, language: Language, value: f64) -> String {
        language.number(value / self.divisor, self.decimals)
    }

    /// The unit as a page has it.
    pub(super) fn unit(self, language: Language) -> &'static str {
        if self.name.is_empty() { "" } else { language.t(&format!("load.unit.{}", self.name)) }
    }
}

/// The beginning of a series' column heads: `cpu_busy`, `network_sent_wlan0`.
pub(super) fn column(series: &Series) -> String {
    if series.label.is_empty() {
        return series.measure.name().to_owned();
    }
    let label = series.label.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    format!("{}_{label}", series.measure.name())
}

/// A column's head: what of the series, and the unit.
pub(super) fn head(series: &Series, what: &str) -> String {
    let unit = shown(series.measure.unit()).name;
    let column = column(series);
    if unit.is_empty() { format!("{column}_{what}") } else { format!("{column}_{what}_{unit}") }
}

/// The head of a column that has the values themselves.
pub(super) fn plain_head(series: &Series) -> String {
    let unit = shown(series.measure.unit()).name;
    let column = column(series);
    if unit.is_empty() { column } else { format!("{column}_{unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_has_one_unit_and_heads_say_it() {
        for chart in CHARTS {
            let units: Vec<_> = chart.measures.iter().map(|measure| shown(measure.unit())).collect();
            assert!(units.windows(2).all(|pair| pair[0].name == pair[1].name), "{}", chart.key);
        }
        assert_eq!(head(&Series::one(Measure::CpuBusy), "mean"), "cpu_busy_mean_percent");
        assert_eq!(
            head(&Series::of(Measure::NetworkSent, "wlan0:1"), "max"),
            "network_sent_wlan0-1_max_kb_per_second"
        );
        assert_eq!(head(&Series::one(Measure::PeopleOnline), "min"), "people_online_min");
        assert_eq!(plain_head(&Series::one(Measure::CpuBusy)), "cpu_busy_percent");
        assert_eq!(plain_head(&Series::one(Measure::PeopleOnline)), "people_online");
    }

    #[test]
    fn a_page_and_an_export_have_the_same_number() {
        let percent = shown(Unit::Permille);
        assert_eq!(
            (percent.plain(123.4), percent.number(Language::Id, 123.4)),
            ("12.3".into(), "12,3".into())
        );
        assert_eq!(shown(Unit::Bytes).number(Language::En, 1_234_560_000.0), "1,234.6");
    }
}
