//! `GET /assignments/{assignment}/scores.csv`: every student with score and comment, for the school's
//! own tables.

use axum::extract::{Path, State};
use axum::response::Response;
use store::{Assignment, Pupil};

use super::pupil_list::stage;
use crate::i18n::{Language, local};
use crate::site::Site;
use crate::site::download;
use crate::site::page::Page;
use crate::site::refusal::Refusal;
use crate::spreadsheet::{self, Cell};

pub(super) async fn send(
    State(site): State<Site>,
    page: Page,
    Path(assignment): Path<String>,
) -> Result<Response, Refusal> {
    let seen = super::seen(&site, &page, &assignment).await?.taught()?;
    let assignment = &seen.assignment;
    let pupils = site.store.pupils(seen.meeting.course.id, assignment.id).await?;
    let language = page.language;
    let headings = [
        language.t("people.name"),
        language.t("people.number"),
        language.t("people.group"),
        language.t("assignment.state"),
        language.t("assignment.received"),
        language.t("assignment.score"),
        language.t("assignment.points"),
        language.t("assignment.comment_short"),
    ];
    let rows = pupils.iter().map(|pupil| row(language, assignment, pupil));
    let table = spreadsheet::write(language, headings, rows)?;
    Ok(download::csv(&assignment.draft.title, table)?)
}

fn row(language: Language, assignment: &Assignment, pupil: &Pupil) -> [Cell; 8] {
    let submission = pupil.submission.as_ref();
    let received_at = submission.and_then(|submission| submission.received_at);
    let score = submission.and_then(|submission| submission.score);
    let late = submission.is_some_and(|submission| submission.is_late(assignment));
    let word = stage(assignment, pupil).word(language);
    let late_word = language.t("submission.late");
    let state = if late && word != late_word { format!("{word}, {late_word}") } else { word.to_owned() };
    [
        Cell::of(Some(&pupil.name)),
        Cell::of(pupil.number.as_deref()),
        Cell::of(pupil.group.as_deref()),
        Cell::Text(state),
        // As spreadsheets of either language read it.
        Cell::Text(received_at.map(|at| local::written(at).replace('T', " ")).unwrap_or_default()),
        Cell::Number(score.map(|score| language.score(score)).unwrap_or_default()),
        Cell::Number(assignment.draft.points.to_string()),
        Cell::of(submission.and_then(|submission| submission.comment.as_deref())),
    ]
}
