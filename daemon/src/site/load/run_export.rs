//! `GET /load/runs/{run}/table.csv` and `…/seconds.csv`: a run to be published, without names.

use axum::extract::{Path, State};
use axum::response::Response;
use store::RunSecond;

use super::export::Csv;
use super::run_show::{self, DECIMALS};
use super::staff::Staff;
use crate::measurement::{self, Figure, kilobytes};
use crate::site::Site;
use crate::site::refusal::Refusal;

const TABLE: [&str; 11] = [
    "users",
    "bots",
    "seconds",
    "daemon_memory_mean_kb",
    "daemon_memory_deviation_kb",
    "daemon_cpu_mean_percent",
    "daemon_cpu_deviation_percent",
    "machine_memory_mean_kb",
    "machine_memory_deviation_kb",
    "machine_cpu_mean_percent",
    "machine_cpu_deviation_percent",
];

const SECONDS: [&str; 7] = [
    "seconds",
    "users",
    "bots",
    "daemon_memory_kb",
    "daemon_cpu_percent",
    "machine_memory_kb",
    "machine_cpu_percent",
];

/// The table of the page.
pub(super) async fn table(
    State(site): State<Site>,
    Staff(_): Staff,
    Path(run): Path<String>,
) -> Result<Response, Refusal> {
    let run = run_show::found(&site, &run).await?;
    let measured = site.store.measured(run.id).await?;
    let mut csv = Csv::new(TABLE);
    for row in measurement::rows(&measured) {
        let mut cells =
            [row.users.people, row.users.bots, row.seconds].map(|number| number.to_string()).to_vec();
        for (figure, decimals) in row.figures().into_iter().zip(DECIMALS) {
            let cell =
                |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.decimals$}"));
            cells.push(cell(figure.map(|Figure { mean, .. }| mean)));
            cells.push(cell(figure.map(|Figure { deviation, .. }| deviation)));
        }
        csv.line(cells);
    }
    Ok(csv.respond(&format!("kelas-run-{}", run.id)))
}

/// Every sample, which the page's chart is drawn from.
pub(super) async fn seconds(
    State(site): State<Site>,
    Staff(_): Staff,
    Path(run): Path<String>,
) -> Result<Response, Refusal> {
    let run = run_show::found(&site, &run).await?;
    let measured = site.store.measured(run.id).await?;
    let mut csv = Csv::new(SECONDS);
    measured.seconds.iter().for_each(|second| csv.line(cells(second)));
    Ok(csv.respond(&format!("kelas-run-{}-seconds", run.id)))
}

fn cells(second: &RunSecond) -> [String; 7] {
    let memory =
        |bytes: Option<u64>| bytes.map_or_else(String::new, |bytes| format!("{:.0}", kilobytes(bytes)));
    let percent = |permille: Option<f64>| {
        permille.map_or_else(String::new, |permille| format!("{:.2}", permille / 10.0))
    };
    [
        format!("{:.1}", run_show::seconds(second.at_ms)),
        second.users.people.to_string(),
        second.users.bots.to_string(),
        memory(second.daemon_pss_bytes),
        percent(second.daemon_cpu_permille),
        memory(second.machine_used_bytes),
        percent(second.machine_cpu_permille),
    ]
}
