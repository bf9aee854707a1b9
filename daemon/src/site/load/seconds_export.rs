//! `GET /load/seconds.csv`: every second of the last hour, with everything that is measured.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::Response;

use super::export::{Csv, time};
use super::figures;
use super::staff::Staff;
use crate::load::{Sample, Series};
use crate::site::Site;

pub(super) async fn export(State(site): State<Site>, Staff(_): Staff) -> Response {
    table(&site.load.recent()).respond("kelas-load-seconds")
}

/// A line for each second that was sampled.
fn table(samples: &[Sample]) -> Csv {
    let series: BTreeSet<&Series> =
        samples.iter().flat_map(|sample| sample.values().map(|(series, _)| series)).collect();
    let heads = series.iter().map(|series| figures::plain_head(series));
    let mut csv = Csv::new(std::iter::once("time".to_owned()).chain(heads));
    for sample in samples {
        let values = series.iter().map(|series| {
            let value = sample.of(series.measure, &series.label);
            value.map_or_else(String::new, |value| figures::shown(series.measure.unit()).plain(value))
        });
        csv.line(std::iter::once(time(sample.at)).chain(values));
    }
    csv
}
