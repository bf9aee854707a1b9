//! History as a table: for those who do not see the charts, or have no script to draw them.

use super::figures::{self, Chart, Shown};
use crate::i18n::Language;
use crate::load::{History, Line, Spread};

/// Most rows of a table: as many as somebody reads, or hears.
const ROWS: usize = 24;

/// A chart with its numbers in words.
pub(super) struct ChartView {
    pub(super) key: &'static str,
    pub(super) title: &'static str,
    pub(super) unit: &'static str,
    pub(super) lines: Vec<LineView>,
    pub(super) rows: Vec<RowView>,
}

/// A line of a chart.
pub(super) struct LineView {
    /// The beginning of its columns' heads in the export.
    pub(super) column: String,
    /// The end of them, with its underscore.
    pub(super) suffix: String,
    pub(super) name: &'static str,
    pub(super) least: String,
    pub(super) mean: String,
    pub(super) most: String,
}

/// A row of the table.
pub(super) struct RowView {
    pub(super) time: String,
    /// For each line; none where nothing is known.
    pub(super) values: Vec<Option<String>>,
}

/// What `chart` shows of `history`; its lines are empty if nothing is known of it.
pub(super) fn view(language: Language, chart: Chart, history: &History) -> ChartView {
    let lines: Vec<&Line> =
        history.lines.iter().filter(|line| chart.measures.contains(&line.series.measure)).collect();
    let shown = figures::shown(chart.measures[0].unit());
    let rows = stretches(history.times.len()).map(|(from, until)| RowView {
        time: language.date(history.times[from]),
        values: lines.iter().map(|line| words(language, shown, &line.points[from..until])).collect(),
    });
    ChartView {
        key: chart.key,
        title: language.t(&format!("load.chart.{}", chart.key)),
        unit: shown.unit(language),
        rows: if lines.is_empty() { Vec::new() } else { rows.collect() },
        lines: lines.iter().filter_map(|line| line_view(language, shown, line)).collect(),
    }
}

fn line_view(language: Language, shown: Shown, line: &Line) -> Option<LineView> {
    let all = together(&line.points)?;
    let unit = shown.name;
    Some(LineView {
        column: figures::column(&line.series),
        suffix: if unit.is_empty() { String::new() } else { format!("_{unit}") },
        name: language.t(&format!("load.measure.{}", line.series.measure.name())),
        least: shown.number(language, all.min),
        mean: shown.number(language, all.mean),
        most: shown.number(language, all.max),
    })
}

/// "12,3 (4,0–56,7)": mean, least and most.
fn words(language: Language, shown: Shown, points: &[Option<Spread>]) -> Option<String> {
    let all = together(points)?;
    let number = |value| shown.number(language, value);
    Some(format!("{} ({}–{})", number(all.mean), number(all.min), number(all.max)))
}

/// Of several steps of the same length.
fn together(points: &[Option<Spread>]) -> Option<Spread> {
    let known: Vec<Spread> = points.iter().flatten().copied().collect();
    let first = *known.first()?;
    #[allow(clippy::cast_precision_loss, reason = "a few thousand points")]
    let mean = known.iter().map(|point| point.mean).sum::<f64>() / known.len() as f64;
    Some(known.iter().fold(Spread { mean, ..first }, |all, point| Spread {
        min: all.min.min(point.min),
        mean,
        max: all.max.max(point.max),
    }))
}

/// At most [`ROWS`] stretches of about the same length that make up so many points.
fn stretches(points: usize) -> impl Iterator<Item = (usize, usize)> {
    let step = points.div_ceil(ROWS).max(1);
    (0..points).step_by(step).map(move |from| (from, (from + step).min(points)))
}

#[cfg(test)]
mod tests {
    use base::clock::Timestamp;

    use super::*;
    use crate::load::{Measure, Resolution, Series};

    fn history(points: Vec<Option<Spread>>) -> History {
        let times = (0..points.len()).map(|place| Timestamp(60_000 * i64::try_from(place).expect("small")));
        let times = times.collect();
        let line = Line { series: Series::one(Measure::CpuBusy), points };
        History { resolution: Resolution::Minute, times, lines: vec![line] }
    }

    const fn point(value: f64) -> Spread {
        Spread { min: value - 10.0, mean: value, max: value + 10.0 }
    }

    #[test]
    fn what_is_drawn_is_summed_up_and_what_is_absent_stays_so() {
        let view = view(
            Language::En,
            figures::CHARTS[1],
            &history(vec![Some(point(100.0)), None, Some(point(300.0))]),
        );
        assert_eq!(view.lines.len(), 1, "of the daemon nothing is known");
        let line = &view.lines[0];
        assert_eq!((&*line.least, &*line.mean, &*line.most), ("9.0", "20.0", "31.0"));
        assert_eq!((&*line.column, &*line.suffix), ("cpu_busy", "_percent"));
        let values: Vec<_> = view.rows.iter().map(|row| row.values[0].as_deref()).collect();
        assert_eq!(values, [Some("10.0 (9.0–11.0)"), None, Some("30.0 (29.0–31.0)")]);
    }

    #[test]
    fn a_table_is_never_longer_than_somebody_reads() {
        let long = view(Language::Id, figures::CHARTS[1], &history(vec![Some(point(1.0)); 2_881]));
        assert!(long.rows.len() <= ROWS);
        let nothing = view(Language::Id, figures::CHARTS[0], &history(vec![Some(point(1.0))]));
        assert!(nothing.lines.is_empty() && nothing.rows.is_empty());
    }
}
