//! `GET /load/runs/{run}`: the thesis's table of a run, its chart, and who came and went.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::id::RunId;
use base::limits::{RUN_SETTLE_MS, RUN_WINDOW_MS};
use base::{Code, Error};
use serde::Serialize;
use store::{Crowd, PersonKind, Run, RunDirection, RunMark};

use super::history_show::json;
use super::names::{Known, Numbers};
use super::run_bots::{self, BotsView};
use super::runs_show::state;
use super::staff::Staff;
use crate::i18n::Language;
use crate::measurement::{self, Figure, Row};
use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "load/run.html")]
struct RunPage<'a> {
    page: &'a Page,
    id: RunId,
    name: String,
    meeting: String,
    room: Option<String>,
    machine: String,
    date: String,
    length: String,
    state: &'static str,
    goes_on: bool,
    /// Whether who looks at it may send bots and delete it.
    holds: bool,
    is_interrupted: bool,
    labels: [String; 4],
    rows: Vec<RowView>,
    how: String,
    marks: Vec<MarkView>,
    marks_json: String,
    bots: BotsView,
}

/// A row in words.
pub(super) struct RowView {
    pub(super) users: Crowd,
    /// Such as "2 + 5 bots".
    pub(super) users_words: String,
    /// Whether anything was measured.
    pub(super) settled: bool,
    pub(super) seconds: String,
    /// "12.345 ± 67", in the order of the columns.
    pub(super) figures: [Option<String>; 4],
}

/// Somebody came or went.
#[derive(Serialize)]
struct MarkView {
    /// Seconds since the start.
    at: f64,
    #[serde(skip)]
    time: String,
    text: String,
}

/// Decimals of the columns: memory in whole kB, CPU in hundredths of a percent.
pub(super) const DECIMALS: [usize; 4] = [0, 2, 0, 2];

pub(super) async fn show(
    State(site): State<Site>,
    Staff(page): Staff,
    Path(run): Path<String>,
) -> Result<Response, Refusal> {
    let run = found(&site, &run).await?;
    let bots = run_bots::view(&site, page.language, run.meeting);
    Ok(page.show(&compose(&site, &page, run, bots).await?))
}

/// The page with a refused form for bots.
pub(super) async fn show_again(
    site: &Site,
    page: &Page,
    run: Run,
    bots: BotsView,
    error: &Error,
) -> Result<Response, Refusal> {
    Ok(page.show_error(error, &compose(site, page, run, bots).await?))
}

async fn compose<'a>(site: &Site, page: &'a Page, run: Run, bots: BotsView) -> Result<RunPage<'a>, Error> {
    let measured = site.store.measured(run.id).await?;
    let language = page.language;
    let rows = measurement::rows(&measured);
    let has_bots = rows.iter().any(|row| row.users.bots > 0);
    let rows = rows.iter().map(|row| row_view(language, row)).collect();
    let holds = holds(site, page, &run).await?;
    let marks = marks(site, page, &run, &measured.marks).await?;
    let seconds = |milliseconds: u64| (milliseconds / 1_000).to_string();
    let mut how =
        language.text("run.how", &[("settle", &seconds(RUN_SETTLE_MS)), ("window", &seconds(RUN_WINDOW_MS))]);
    if has_bots {
        how = format!("{how} {}", language.t("run.how_bots"));
    }
    Ok(RunPage {
        page,
        bots,
        holds,
        id: run.id,
        state: state(language, run.ending),
        goes_on: run.ending.is_none(),
        is_interrupted: run.ending == Some(store::RunEnding::Interrupted),
        room: run.meeting.map(|meeting| meeting.to_string()),
        meeting: run.meeting_title,
        name: run.name,
        machine: run.machine,
        date: language.date(run.created_at),
        length: clock(run.length_ms),
        labels: labels(language),
        rows,
        how,
        marks_json: json(&marks)?,
        marks,
    })
}

/// The names of the columns.
fn labels(language: Language) -> [String; 4] {
    let (daemon, machine) = (language.t("run.daemon"), language.t("run.whole_machine"));
    let ram = language.t("run.ram");
    [
        format!("{daemon}: {ram}"),
        format!("{daemon}: {}", language.t("run.cpu_core")),
        format!("{machine}: {ram}"),
        format!("{machine}: {}", language.t("run.cpu_all")),
    ]
}

/// The run that an address names.
pub(super) async fn found(site: &Site, number: &str) -> Result<Run, Error> {
    let run: RunId = number.parse().map_err(|_| Code::NotFound)?;
    site.store.run(run).await?.ok_or_else(|| Code::NotFound.into())
}

/// How many people, and bots apart from them: "2 + 5 bots".
pub(super) fn crowd(language: Language, Crowd { people, bots }: Crowd) -> String {
    match bots {
        0 => people.to_string(),
        bots => format!("{people} + {}", language.count("run.bots.number", bots)),
    }
}

/// Whether who looks at `page` decides over a run: teachers of the course whose room it watches,
/// and technicians.
pub(super) async fn holds(site: &Site, page: &Page, run: &Run) -> Result<bool, Error> {
    let person = &page.signed_in()?.person;
    let Some(meeting) = run.meeting else { return Ok(person.kind == PersonKind::Technician) };
    match site.store.meeting_access(meeting, person).await {
        Ok(access) => Ok(access.teaches()),
        Err(error) if matches!(error.code, Code::NotFound | Code::MemberRemoved) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The run that an address names, for who decides over it; others are told what they are told of
/// its meeting.
pub(super) async fn held(site: &Site, page: &Page, number: &str) -> Result<Run, Error> {
    let run = found(site, number).await?;
    let person = &page.signed_in()?.person;
    match run.meeting {
        Some(meeting) => drop(site.store.meeting_access(meeting, person).await?.taught()?),
        None if person.kind == PersonKind::Technician => {}
        None => return Err(Code::NotAllowed.into()),
    }
    Ok(run)
}

/// A row in words.
pub(super) fn row_view(language: Language, row: &Row) -> RowView {
    let mut decimals = DECIMALS.into_iter();
    let words = |figure: Option<Figure>| {
        let decimals = decimals.next().unwrap_or_default();
        let number = |value| language.number(value, decimals);
        figure.map(|figure| format!("{} ± {}", number(figure.mean), number(figure.deviation)))
    };
    RowView {
        users: row.users,
        users_words: crowd(language, row.users),
        settled: row.seconds > 0,
        seconds: row.seconds.to_string(),
        figures: row.figures().map(words),
    }
}

async fn marks(site: &Site, page: &Page, run: &Run, marks: &[RunMark]) -> Result<Vec<MarkView>, Error> {
    let meeting = match run.meeting {
        Some(meeting) => site.store.meeting(meeting).await?,
        None => None,
    };
    let known = Known::to(site, page).await?;
    let is_known = match meeting {
        Some(meeting) => known.has(meeting.course.id),
        None => matches!(known, Known::All),
    };
    let mut numbers = Numbers::default();
    let view = |mark: &RunMark| {
        let name = if is_known || mark.person.is_bot() {
            mark.name.clone()
        } else {
            numbers.name(page.language, mark.person)
        };
        let key = match mark.direction {
            RunDirection::In => "run.mark.joined",
            RunDirection::Out => "run.mark.left",
        };
        let users = crowd(page.language, mark.users);
        MarkView {
            at: seconds(mark.at_ms),
            time: clock(mark.at_ms),
            text: page.language.text(key, &[("name", &name), ("users", &users)]),
        }
    };
    Ok(marks.iter().map(view).collect())
}

/// Milliseconds as seconds.
#[allow(clippy::cast_precision_loss, reason = "an hour")]
pub(super) fn seconds(milliseconds: u64) -> f64 {
    milliseconds as f64 / 1_000.0
}

/// Minutes and seconds: "12:05".
fn clock(milliseconds: u64) -> String {
    let seconds = milliseconds / 1_000;
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
