//! `POST /people/import`: what the roster would change, before anything is written.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use base::limits::ROSTER_PROBLEMS;
use base::{Code, Error, Result};

use super::roster_import::{self, CourseChoice, chosen_course};
use super::staff;
use crate::roster::{self, Fate, Plan};
use crate::site::Site;
use crate::site::account::sign_in::is_for_the_form;
use crate::site::form::Form;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

/// Rows of each sort that are shown: enough to see whether it is the right file.
const ROWS_SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "people/preview.html")]
struct PreviewPage<'a> {
    page: &'a Page,
    /// Why it is shown again.
    problem: Option<String>,
    guessed: bool,
    has_secrets: bool,
    ignored: String,
    notes: Vec<NoteRow>,
    notes_left: Option<String>,
    parts: Vec<Part>,
    refused: Option<String>,
    /// What the button says; none if there is nothing to do.
    submit: Option<String>,
    course: Option<CourseChoice>,
    digest: String,
    roster: &'a str,
}

struct NoteRow {
    line: String,
    name: String,
    sentence: String,
    is_error: bool,
}

/// The rows of one fate.
struct Part {
    title: String,
    rows: Vec<(String, String, String)>,
    left: Option<String>,
    is_open: bool,
}

pub(super) async fn submit(
    State(site): State<Site>,
    page: Page,
    form: Result<Form, Refusal>,
) -> Result<Response, Refusal> {
    staff(&page)?;
    let form = match form {
        Ok(form) => form,
        // What came is not read to its end, so nothing of it is known but that it is too much.
        Err(Refusal(error)) if error.code == Code::BodyTooLarge => {
            let error = Code::RosterTooLarge.into();
            return Ok(roster_import::refuse(&site, &page, "", "", &error).await?);
        }
        Err(refusal) => return Err(refusal),
    };
    match preview(&site, &form).await {
        Ok(response) => Ok(response),
        Err(error) if is_for_the_form(&error) => {
            let (pasted, course) = (form.get("pasted"), form.get("course"));
            Ok(roster_import::refuse(&site, &form.page, pasted, course, &error).await?)
        }
        Err(error) => Err(error.into()),
    }
}

async fn preview(site: &Site, form: &Form) -> Result<Response> {
    let file = form.file("file");
    let bytes = if file.is_empty() { form.get("pasted").as_bytes() } else { file };
    let decoded = roster::decode(bytes)?;
    let course = chosen_course(site, form).await?;
    let plan = roster::plan(&decoded.text, &site.store.roster().await?)?;
    let page = preview_page(&form.page, &plan, &decoded.text, course);
    Ok(form.page.show(&PreviewPage { guessed: decoded.guessed, ..page }))
}

/// The preview of what has become of the plan since it was looked at.
pub(super) fn show_again(
    page: &Page,
    plan: &Plan,
    text: &str,
    course: Option<CourseChoice>,
    error: &Error,
) -> Response {
    let problem = Some(page.language.error(error));
    page.show_error(error, &PreviewPage { problem, ..preview_page(page, plan, text, course) })
}

fn preview_page<'a>(
    page: &'a Page,
    plan: &Plan,
    text: &'a str,
    course: Option<CourseChoice>,
) -> PreviewPage<'a> {
    let mut notes = note_rows(page, plan);
    let notes_left = left(page, "roster.notes_left", notes.len(), ROSTER_PROBLEMS);
    notes.truncate(ROSTER_PROBLEMS);
    let refused = plan.count(&Fate::Refuse);
    let changing = plan.count(&Fate::Create) + plan.count(&Fate::Update);
    let usable = if course.is_some() { plan.changes.len() } else { changing };
    let counted = page.language.count("roster.submit", usable);
    PreviewPage {
        page,
        problem: None,
        guessed: false,
        has_secrets: plan.columns.has_secrets,
        ignored: plan.columns.ignored.join(", "),
        notes,
        notes_left,
        parts: [Fate::Create, Fate::Update, Fate::Keep].iter().map(|fate| part(page, plan, fate)).collect(),
        refused: (refused > 0).then(|| page.language.count("roster.refused", refused)),
        submit: (usable > 0).then_some(counted),
        course,
        digest: plan.digest(),
        roster: text,
    }
}

/// Mistakes first, then what to look at, each in the order of the file.
fn note_rows(page: &Page, plan: &Plan) -> Vec<NoteRow> {
    let mut notes: Vec<NoteRow> = plan
        .rows
        .iter()
        .flat_map(|row| row.notes.iter().map(move |note| (row, note)))
        .map(|(row, note)| {
            let args: Vec<_> = note.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            NoteRow {
                line: page.fill("roster.line", "line", &row.line.to_string()),
                name: row.details.name.clone(),
                sentence: page.language.text(&note.key, &args),
                is_error: row.fate == Fate::Refuse,
            }
        })
        .collect();
    notes.sort_by_key(|note| !note.is_error);
    notes
}

/// How many more there are than are shown.
fn left(page: &Page, key: &str, all: usize, shown: usize) -> Option<String> {
    (all > shown).then(|| page.language.count(key, all - shown))
}

fn part(page: &Page, plan: &Plan, fate: &Fate) -> Part {
    let count = plan.count(fate);
    let title = match fate {
        Fate::Create => page.language.count("roster.created", count),
        Fate::Update => page.language.count("roster.updated", count),
        Fate::Keep | Fate::Refuse => page.language.count("roster.kept", count),
    };
    let rows = plan.rows.iter().filter(|row| row.fate == *fate).take(ROWS_SHOWN).map(|row| {
        let details = &row.details;
        let about = [details.group.as_deref(), details.number.as_deref(), details.login.as_deref()];
        let line = page.fill("roster.line", "line", &row.line.to_string());
        (line, details.name.clone(), about.into_iter().flatten().collect::<Vec<_>>().join(" · "))
    });
    Part {
        title,
        rows: rows.collect(),
        left: left(page, "roster.rows_left", count, ROWS_SHOWN),
        is_open: *fate == Fate::Create && count > 0,
    }
}
