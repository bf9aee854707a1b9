//! `GET /load/runs`: all measurement runs, and the form that starts one.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use base::Error;
use base::id::RunId;
use store::{Meeting, PersonKind, Run, RunEnding};

use super::names::Known;
use super::staff::Staff;
use crate::i18n::Language;
use crate::site::Site;
use crate::site::form::Field;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

/// Meetings that can be chosen: the newest.
const MEETINGS: usize = 60;

#[derive(Template)]
#[template(path = "load/runs.html")]
struct RunsPage<'a> {
    page: &'a Page,
    filled: Filled,
    meetings: Vec<MeetingChoice>,
    runs: Vec<RunRow>,
    /// The run that goes on.
    going: Option<RunId>,
    can_compare: bool,
}

/// What the form holds.
#[derive(Default)]
pub(super) struct Filled {
    pub(super) name: Field,
    pub(super) meeting: String,
}

struct MeetingChoice {
    id: String,
    title: String,
    chosen: bool,
}

/// A run in a line.
pub(super) struct RunRow {
    pub(super) id: RunId,
    pub(super) name: String,
    pub(super) about: String,
    pub(super) state: &'static str,
}

pub(super) async fn show(State(site): State<Site>, Staff(page): Staff) -> Result<Response, Refusal> {
    Ok(page.show(&compose(&site, &page, Filled::default()).await?))
}

/// The page with a refused form.
pub(super) async fn show_again(
    site: &Site,
    page: &Page,
    filled: Filled,
    error: &Error,
) -> Result<Response, Refusal> {
    Ok(page.show_error(error, &compose(site, page, filled).await?))
}

async fn compose<'a>(site: &Site, page: &'a Page, filled: Filled) -> Result<RunsPage<'a>, Error> {
    let runs = site.store.runs().await?;
    let meetings = meetings(site, page).await?.into_iter().map(|meeting| MeetingChoice {
        chosen: meeting.id.to_string() == filled.meeting,
        id: meeting.id.to_string(),
        title: format!("{} · {}", meeting.course.title, meeting.title),
    });
    Ok(RunsPage {
        page,
        meetings: meetings.collect(),
        filled,
        going: runs.iter().find(|run| run.ending.is_none()).map(|run| run.id),
        can_compare: runs.len() > 1,
        runs: runs.into_iter().map(|run| row(page.language, run)).collect(),
    })
}

fn row(language: Language, run: Run) -> RunRow {
    RunRow {
        id: run.id,
        about: format!("{} · {}", run.meeting_title, language.date(run.created_at)),
        state: state(language, run.ending),
        name: run.name,
    }
}

/// How a run ended, in words.
pub(super) fn state(language: Language, ending: Option<RunEnding>) -> &'static str {
    match ending {
        None => language.t("run.state.going"),
        Some(RunEnding::Stopped) => language.t("run.state.stopped"),
        Some(RunEnding::Full) => language.t("run.state.full"),
        Some(RunEnding::Interrupted) => language.t("run.state.interrupted"),
    }
}

/// The meetings that a visitor may watch: a technician every one, a teacher those of their own
/// courses; the newest first.
pub(super) async fn meetings(site: &Site, page: &Page) -> Result<Vec<Meeting>, Error> {
    let person = &page.signed_in()?.person;
    let mut meetings = if person.kind == PersonKind::Technician {
        site.store.newest_meetings(MEETINGS).await?
    } else {
        let known = Known::to(site, page).await?;
        let mut own = Vec::new();
        for course in site.store.courses_of(person.id).await? {
            if known.has(course.id) {
                own.extend(site.store.meetings_of(course.id).await?);
            }
        }
        own
    };
    meetings.sort_by_key(|meeting| std::cmp::Reverse(meeting.id));
    meetings.truncate(MEETINGS);
    Ok(meetings)
}
