//! `GET /load/runs/compare?run=…&run=…`: runs side by side, a row for each number of users.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use base::Code;
use store::Crowd;

use super::run_show::{self, RowView, row_view};
use super::staff::Staff;
use crate::i18n::Language;
use crate::measurement;
use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

/// Runs side by side: more do not fit on a page, on a screen or of paper.
const RUNS: usize = 4;

#[derive(Template)]
#[template(path = "load/compare.html")]
struct ComparePage<'a> {
    page: &'a Page,
    runs: Vec<Column>,
    rows: Vec<CompareRow>,
    is_cut: bool,
}

struct Column {
    id: String,
    name: String,
    about: String,
}

struct CompareRow {
    users: String,
    cells: Vec<Cell>,
}

struct Cell {
    label: String,
    text: String,
    is_missing: bool,
}

pub(super) async fn show(
    State(site): State<Site>,
    Staff(page): Staff,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let query = query.unwrap_or_default();
    let asked = query.split('&').filter_map(|part| part.strip_prefix("run="));
    let mut numbers: Vec<&str> = Vec::new();
    for number in asked {
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    if numbers.is_empty() {
        return Err(Code::BadRequest.into());
    }
    let is_cut = numbers.len() > RUNS;
    numbers.truncate(RUNS);
    let mut runs = Vec::new();
    let mut by_users: BTreeMap<(usize, usize), Beside> = BTreeMap::new();
    for (place, number) in numbers.iter().enumerate() {
        let run = run_show::found(&site, number).await?;
        for row in measurement::rows(&site.store.measured(run.id).await?) {
            let (_, cells) =
                by_users.entry(measurement::order(&row.users)).or_insert_with(|| (row.users, Vec::new()));
            cells.resize_with(numbers.len(), || None);
            cells[place] = Some(row_view(page.language, &row));
        }
        let about = format!("{} · {}", page.language.date(run.created_at), run.machine);
        runs.push(Column { id: run.id.to_string(), name: run.name, about });
    }
    let row = |(users, cells): Beside| {
        let of_runs = cells.into_iter().zip(&runs).enumerate();
        let cells = of_runs.flat_map(|(place, (row, run))| cells_of(page.language, place + 1, run, row));
        CompareRow { users: run_show::crowd(page.language, users), cells: cells.collect() }
    };
    let rows = by_users.into_values().map(row).collect();
    Ok(page.show(&ComparePage { page: &page, runs, rows, is_cut }))
}

/// What each run has for the same users.
type Beside = (Crowd, Vec<Option<RowView>>);

/// What the daemon took in one run for so many users: memory, then CPU.
fn cells_of(language: Language, number: usize, run: &Column, row: Option<RowView>) -> [Cell; 2] {
    let missing = match &row {
        Some(row) if !row.settled => language.t("run.not_settled"),
        _ => language.t("load.unknown"),
    };
    let [memory, cpu, ..] = row.map(|row| row.figures).unwrap_or_default();
    [(memory, language.t("run.ram")), (cpu, language.t("run.cpu_core"))].map(|(figure, label)| Cell {
        label: format!("{number}. {}: {label}", run.name),
        is_missing: figure.is_none(),
        text: figure.unwrap_or_else(|| missing.to_owned()),
    })
}
