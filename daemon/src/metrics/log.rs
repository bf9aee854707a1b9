//! What the load log knows beside, by the conventions of OpenMetrics: base units, and counters
//! where the log has rates.
//!
//! May use: `load`. Used by: `metrics`.

use crate::load::{Kind, Load, Measure, Series, Unit};

use super::reading::Reading;

/// What is told elsewhere, and finer: as a count where the log has a rate, as a histogram where it
/// has means, by the process' own names.
const ELSEWHERE: [Measure; 17] = [
    Measure::CpuBusy,
    Measure::DaemonCpu,
    Measure::DaemonPss,
    Measure::DaemonRss,
    Measure::DaemonFiles,
    Measure::DaemonThreads,
    Measure::Connections,
    Measure::Rooms,
    Measure::Participants,
    Measure::Bots,
    Measure::Waiting,
    Measure::Requests,
    Measure::RequestsFailed,
    Measure::RequestTime,
    Measure::RequestTimeSlow,
    Measure::Commits,
    Measure::WaitingJobs,
];

/// The machine, the card, the network, and the log itself, as of the newest second.
pub(super) fn read(load: &Load) -> Vec<Reading> {
    let about = "Samples that the load log has taken";
    let mut readings = vec![Reading::count("kelasd_load_samples", about, load.samples())];
    let totals = load.totals();
    let sample = load.now();
    // What is measured of all cores together is a part of them.
    let cores = totals.iter().filter(|(series, _)| series.measure == Measure::CoreBusy).count();
    for measure in Measure::ALL.iter().filter(|measure| !ELSEWHERE.contains(measure)) {
        let values: Vec<(Series, f64)> = match (measure.kind(), &sample) {
            (Kind::Rate, _) => {
                totals.iter().filter(|(series, _)| series.measure == *measure).cloned().collect()
            }
            (Kind::Gauge, Some(sample)) => {
                let values = sample.values().filter(|(series, _)| series.measure == *measure);
                values.map(|(series, value)| (series.clone(), value)).collect()
            }
            (Kind::Gauge, None) => Vec::new(),
        };
        readings.extend(reading(*measure, &values, cores));
    }
    readings
}

/// None of what this machine does not have.
fn reading(measure: Measure, values: &[(Series, f64)], cores: usize) -> Option<Reading> {
    let (factor, suffix) = base_unit(measure);
    let factor =
        if is_of_all_cores(measure) { factor * f64::from(u32::try_from(cores).ok()?) } else { factor };
    let name = format!("kelasd_{}{suffix}", measure.name());
    let values: Vec<(String, f64)> =
        values.iter().map(|(series, value)| (series.label.to_string(), value * factor)).collect();
    let (_, first) = values.first()?;
    let first = *first;
    Some(match (measure.kind(), measure.by().label()) {
        (Kind::Rate, None) => Reading::total(name, measure.about(), first),
        (Kind::Rate, Some(label)) => Reading::totals(name, measure.about(), label, values),
        (Kind::Gauge, None) => Reading::number(name, measure.about(), first),
        (Kind::Gauge, Some(label)) => Reading::numbers(name, measure.about(), label, values),
    })
}

const fn is_of_all_cores(measure: Measure) -> bool {
    matches!(
        measure,
        Measure::CpuUser
            | Measure::CpuSystem
            | Measure::CpuInterrupts
            | Measure::CpuIowait
            | Measure::CpuSteal
    )
}

/// How much one of the measure's unit is in the base unit, and the end of its name. Totals are in
/// the measure's unit times seconds.
const fn base_unit(measure: Measure) -> (f64, &'static str) {
    match (measure.unit(), measure.kind()) {
        (Unit::Permille, Kind::Rate) => (1e-3, "_seconds"),
        (Unit::Permille, Kind::Gauge) => (1e-3, "_ratio"),
        (Unit::Bytes | Unit::BytesPerSecond, _) => (1.0, "_bytes"),
        (Unit::Count | Unit::PerSecond | Unit::Flag, _) => (1.0, ""),
        (Unit::Microseconds, _) => (1e-6, "_seconds"),
        (Unit::Celsius, _) => (1.0, "_celsius"),
        (Unit::Dbm, _) => (1.0, "_dbm"),
        (Unit::KilobitsPerSecond, _) => (1e3, "_bits_per_second"),
        (Unit::Megahertz, _) => (1e6, "_hertz"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::reading::encode;

    fn text(measure: Measure, values: &[(&str, f64)]) -> String {
        let values: Vec<_> =
            values.iter().map(|(label, value)| (Series::of(measure, label), *value)).collect();
        encode(reading(measure, &values, 4).into_iter().collect()).expect("text")
    }

    #[test]
    fn units_are_base_units_and_rates_are_counters() {
        let told = |measure, values: &[(&str, f64)]| {
            let text = text(measure, values);
            text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>()
        };
        // A quarter of four cores for 8 seconds.
        assert_eq!(told(Measure::CpuUser, &[("", 2_000.0)]), ["kelasd_cpu_user_seconds_total 8.0"]);
        assert_eq!(
            told(Measure::CoreBusy, &[("0", 1_500.0), ("1", 0.0)]),
            [
                "kelasd_core_busy_seconds_total{core=\"0\"} 1.5",
                "kelasd_core_busy_seconds_total{core=\"1\"} 0.0"
            ]
        );
        assert_eq!(
            told(Measure::NetworkSent, &[("wlan0", 5.0)]),
            ["kelasd_network_sent_bytes_total{interface=\"wlan0\"} 5.0"]
        );
        assert_eq!(told(Measure::CardWear, &[("", 200.0)]), ["kelasd_card_wear_ratio 0.2"]);
        assert_eq!(told(Measure::Temperature, &[("", 48.5)]), ["kelasd_temperature_celsius 48.5"]);
        assert_eq!(told(Measure::Temperature, &[]), Vec::<String>::new());
    }
}
