//! An assignment's page for its teachers: who is missing, who waits for a score, who has one.

use askama::Template;
use axum::response::Response;
use base::Error;
use base::id::PersonId;
use store::{Assignment, AssignmentAccess, Pupil};

use super::head::Head;
use super::own::Stage;
use crate::i18n::Language;
use crate::site::Site;
use crate::site::material::material_add;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "assignment/pupils.html")]
struct TeacherPage<'a> {
    page: &'a Page,
    head: Head,
    groups: [Group; 3],
    has_pupils: bool,
    /// How many would see their score now.
    to_return: usize,
    returns: String,
    /// Whether it may be deleted: nobody has work or a score there.
    is_unused: bool,
    /// What was wrong with the files that were sent.
    files_error: Option<String>,
    words: String,
}

/// Students who stand alike.
struct Group {
    id: &'static str,
    title: String,
    rows: Vec<Row>,
}

struct Row {
    person: PersonId,
    name: String,
    stage: &'static str,
    is_late: bool,
    /// Score and time, as far as there are any.
    details: String,
}

pub(super) async fn show(
    site: &Site,
    page: &Page,
    seen: &AssignmentAccess,
    files_error: Option<&Error>,
) -> Result<Response, Refusal> {
    let (assignment, language) = (&seen.assignment, page.language);
    let person = page.signed_in()?.person.id;
    let now = site.store.standing(assignment.id, person).await?.now;
    let pupils = site.store.pupils(seen.meeting.course.id, assignment.id).await?;
    let to_return = pupils.iter().filter(|pupil| stage(assignment, pupil) == Stage::Graded).count();
    let rows = |wanted: &[Stage]| -> Vec<Row> {
        let chosen = pupils.iter().filter(|pupil| wanted.contains(&stage(assignment, pupil)));
        chosen.map(|pupil| row(language, assignment, pupil)).collect()
    };
    let waiting = rows(&[Stage::HandedIn, Stage::Late]);
    let missing = rows(&[Stage::Missing]);
    let graded = rows(&[Stage::Graded, Stage::Returned]);
    let template = TeacherPage {
        page,
        head: Head::of(site, page, seen, now).await?,
        has_pupils: !pupils.is_empty(),
        is_unused: waiting.is_empty() && graded.is_empty(),
        groups: [
            Group {
                id: "waiting",
                title: language.count("assignment.to_grade", waiting.len()),
                rows: waiting,
            },
            Group {
                id: "missing",
                title: language.count("assignment.missing", missing.len()),
                rows: missing,
            },
            Group { id: "graded", title: language.count("assignment.done", graded.len()), rows: graded },
        ],
        to_return,
        returns: language.count("assignment.return", to_return),
        files_error: files_error.map(|error| language.error(error)),
        words: material_add::words(page)?,
    };
    Ok(match files_error {
        Some(error) => page.show_error(error, &template),
        None => page.show(&template),
    })
}

pub(super) fn stage(assignment: &Assignment, pupil: &Pupil) -> Stage {
    Stage::of(assignment, pupil.submission.as_ref())
}

fn row(language: Language, assignment: &Assignment, pupil: &Pupil) -> Row {
    let submission = pupil.submission.as_ref();
    let score = submission.and_then(|submission| submission.score);
    let score = score.map(|score| language.score(score));
    let received = submission.and_then(|submission| submission.received_at).map(|at| language.date(at));
    let details: Vec<String> = score.into_iter().chain(received).collect();
    Row {
        person: pupil.person,
        name: pupil.name.clone(),
        stage: stage(assignment, pupil).word(language),
        is_late: submission.is_some_and(|submission| submission.is_late(assignment)),
        details: details.join(" · "),
    }
}
