//! `/assignments/{assignment}`: students read it and hand in, teachers see who has.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::{Code, Error, limits};
use store::{AssignmentAccess, CourseRole, Standing, closed};

use super::head::Head;
use super::own::{self, Received, Stage};
use super::pupil_list;
use crate::files::megabytes;
use crate::site::Site;
use crate::site::form::Field;
use crate::site::material::material_add;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "assignment/show.html")]
struct StudentPage<'a> {
    page: &'a Page,
    head: Head,
    /// Where the own work is on its way.
    stage: &'static str,
    is_late: bool,
    received_at: Option<String>,
    received: Vec<Received>,
    /// The score, once it was given back, and of how much.
    score: Option<String>,
    /// The teacher's word, once the student is to see it.
    comment: Option<String>,
    was_reopened: bool,
    /// Whether anything can be handed in now.
    is_open: bool,
    /// Why not, to a student.
    closed: Option<String>,
    text: Field,
    /// What was wrong with what was sent.
    problem: Option<String>,
    files_hint: String,
    /// Under which the browser keeps what is typed and not yet sent.
    draft_key: String,
    words: String,
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(assignment): Path<String>,
) -> Result<Response, Refusal> {
    let seen = super::seen(&site, &page, &assignment).await?;
    if seen.teaches() {
        return pupil_list::show(&site, &page, &seen, None).await;
    }
    Ok(page.show(&compose(&site, &page, &seen, None).await?))
}

/// The page again, with what was typed and why it was not taken.
pub(super) async fn show_refused(
    site: &Site,
    page: &Page,
    seen: &AssignmentAccess,
    typed: &str,
    error: &Error,
) -> Result<Response, Refusal> {
    let mut template = compose(site, page, seen, Some(typed)).await?;
    template.problem = Some(page.language.error(error));
    Ok(page.show_error(error, &template))
}

async fn compose<'a>(
    site: &Site,
    page: &'a Page,
    seen: &AssignmentAccess,
    typed: Option<&str>,
) -> Result<StudentPage<'a>, Error> {
    let (assignment, person) = (&seen.assignment, page.signed_in()?.person.id);
    let Standing { submission, files, now } = site.store.standing(assignment.id, person).await?;
    let own = submission.as_ref();
    let refused = match seen.role {
        CourseRole::Student if seen.meeting.course.archived_at.is_some() => Some(Code::CourseArchived),
        CourseRole::Student => closed(assignment, own, now),
        CourseRole::Guest | CourseRole::Teacher => Some(Code::NotAllowed),
    };
    let stage = Stage::for_student(assignment, own);
    let language = page.language;
    let held = own.and_then(|own| own.text.as_deref()).unwrap_or_default();
    let returned = own.filter(|own| own.returned_at.is_some());
    let told = own.filter(|own| own.returned_at.is_some() || own.reopened_at.is_some());
    let points = assignment.draft.points.to_string();
    let most = [
        ("count", limits::SUBMISSION_FILES.to_string()),
        ("most", megabytes(limits::SUBMISSION_FILE_BYTES).to_string()),
    ];
    let most = most.each_ref().map(|(name, value)| (*name, value.as_str()));
    Ok(StudentPage {
        page,
        head: Head::of(site, page, seen, now).await?,
        stage: stage.word(language),
        is_late: own.is_some_and(|own| own.is_late(assignment)),
        received_at: own.and_then(|own| own.received_at).map(|at| language.date(at)),
        received: files.iter().map(|file| own::received(language, file)).collect(),
        score: returned.and_then(|own| own.score).map(|score| {
            let score = language.score(score);
            language.text("submission.score_of", &[("score", &score), ("points", &points)])
        }),
        comment: told.and_then(|own| own.comment.clone()),
        was_reopened: own.is_some_and(|own| own.reopened_at.is_some()),
        is_open: refused.is_none(),
        closed: refused.filter(|code| *code != Code::CourseArchived).map(|code| why(page, code)),
        text: Field::holding(typed.unwrap_or(held)),
        problem: None,
        files_hint: language.text("submission.files_hint", &most),
        draft_key: format!("assignment-{}-{person}", assignment.id),
        words: material_add::words(page)?,
    })
}

/// Why a visitor hands in nothing, in a sentence.
fn why(page: &Page, code: Code) -> String {
    match code {
        Code::NotAllowed => page.t("submission.guest").to_owned(),
        code => page.language.error(&Error::new(code)),
    }
}
