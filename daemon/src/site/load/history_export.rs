//! `GET /load/history.csv`: what the history's charts are drawn from, and with `all` everything
//! that is measured.

use axum::extract::State;
use axum::response::Response;

use super::export::{Csv, time};
use super::figures;
use super::period::Asked;
use super::staff::Staff;
use crate::load::{History, Measure};
use crate::site::Site;
use crate::site::refusal::Refusal;

pub(super) async fn export(
    State(site): State<Site>,
    Staff(_): Staff,
    asked: Asked,
) -> Result<Response, Refusal> {
    let measures = if asked.all.is_some() { Measure::ALL.to_vec() } else { figures::drawn() };
    let range = asked.range.range(site.measurement.now());
    let history = site.load.history(range, &measures).await?;
    Ok(table(&history).respond(&format!("kelas-load-{}", asked.range.name())))
}

/// A line for each step; one with nothing but its time stands for each gap.
fn table(history: &History) -> Csv {
    let heads = history
        .lines
        .iter()
        .flat_map(|line| ["min", "mean", "max"].map(|what| figures::head(&line.series, what)));
    let mut csv = Csv::new(std::iter::once("time".to_owned()).chain(heads));
    for (place, at) in history.times.iter().enumerate() {
        let values = history.lines.iter().flat_map(|line| {
            let shown = figures::shown(line.series.measure.unit());
            match line.points[place] {
                Some(point) => [point.min, point.mean, point.max].map(|value| shown.plain(value)),
                None => [const { String::new() }; 3],
            }
        });
        csv.line(std::iter::once(time(*at)).chain(values));
    }
    csv
}
