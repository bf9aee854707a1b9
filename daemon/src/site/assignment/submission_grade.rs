//! `/assignments/{assignment}/submissions/{person}`: a teacher looks at one student's work, gives a
//! score and a comment, and goes on with the next.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::id::PersonId;
use base::score::Score;
use base::{Code, Error, text};
use store::{AssignmentAccess, Pupil, Standing};

use super::head::Head;
use super::own::{self, Received, Stage};
use super::pupil_list::stage;
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::next;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "assignment/grade.html")]
struct GradePage<'a> {
    page: &'a Page,
    head: Head,
    person: PersonId,
    name: &'a str,
    /// Such as "3 of 40".
    place: String,
    before: Option<&'a Pupil>,
    after: Option<&'a Pupil>,
    stage: &'static str,
    is_late: bool,
    received_at: Option<String>,
    text: Option<String>,
    received: Vec<Received>,
    score: Field,
    score_hint: String,
    comment: Field,
    /// Whether the student cannot go on with it now, so that a teacher may let them.
    may_reopen: bool,
    has_problem: bool,
}

impl GradePage<'_> {
    fn refuse(&mut self, error: &Error) -> bool {
        let field = match error.code {
            Code::ScoreInvalid => &mut self.score,
            Code::CommentTooLong => &mut self.comment,
            _ => return false,
        };
        field.refuse(self.page.language, error);
        self.has_problem = true;
        true
    }
}

/// The students of an assignment, and which of them an address names.
struct Pupils {
    seen: AssignmentAccess,
    all: Vec<Pupil>,
    at: usize,
}

impl Pupils {
    async fn find(site: &Site, seen: AssignmentAccess, person: &str) -> Result<Self, Error> {
        let person: PersonId = person.parse().map_err(|_| Code::NotFound)?;
        let all = site.store.pupils(seen.meeting.course.id, seen.assignment.id).await?;
        let at = all.iter().position(|pupil| pupil.person == person).ok_or(Code::NotFound)?;
        Ok(Self { seen, all, at })
    }

    fn one(&self) -> &Pupil {
        &self.all[self.at]
    }

    /// Whose work waits for a score, from the one after this on, and round.
    fn next_to_grade(&self) -> Option<&Pupil> {
        let (before, after) = self.all.split_at(self.at);
        let others = after.iter().skip(1).chain(before);
        let waits =
            |pupil: &&Pupil| matches!(stage(&self.seen.assignment, pupil), Stage::HandedIn | Stage::Late);
        others.into_iter().find(waits)
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path((assignment, person)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let seen = super::seen(&site, &page, &assignment).await?.taught()?;
    let pupils = Pupils::find(&site, seen, &person).await?;
    Ok(page.show(&compose(&site, &page, &pupils).await?))
}

/// `POST`: keeps score and comment, and goes on with whom `then` names.
pub(super) async fn save(
    State(site): State<Site>,
    Path((assignment, person)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Refusal> {
    let seen = super::managed(&site, &form.page, &assignment).await?;
    let pupils = Pupils::find(&site, seen, &person).await?;
    let (id, points) = (pupils.seen.assignment.id, pupils.seen.assignment.draft.points);
    let read = || Ok((Score::read(form.get("score"), points)?, text::comment(form.get("comment"))?));
    let (score, comment) = match read() {
        Ok(read) => read,
        Err(error) => {
            let mut template = compose(&site, &form.page, &pupils).await?;
            template.score = Field::holding(form.get("score"));
            template.comment = Field::holding(form.get("comment"));
            if !template.refuse(&error) {
                return Err(error.into());
            }
            return Ok(form.page.show_error(&error, &template));
        }
    };
    site.store.grade(id, pupils.one().person, score, comment).await?;
    if form.get("then") == "stay" {
        let here = format!("/assignments/{id}/submissions/{}", pupils.one().person);
        return Ok(Redirect::to(&next::noticed(&here, "assignment.graded")).into_response());
    }
    Ok(match pupils.next_to_grade() {
        Some(next) => {
            let there = format!("/assignments/{id}/submissions/{}", next.person);
            Redirect::to(&next::noticed(&there, "assignment.graded")).into_response()
        }
        None => super::back(id, "assignment.all_graded"),
    })
}

async fn compose<'a>(site: &Site, page: &'a Page, pupils: &'a Pupils) -> Result<GradePage<'a>, Error> {
    let (assignment, pupil) = (&pupils.seen.assignment, pupils.one());
    let Standing { submission, files, now } = site.store.standing(assignment.id, pupil.person).await?;
    let language = page.language;
    let own = submission.as_ref();
    let place = [("place", (pupils.at + 1).to_string()), ("count", pupils.all.len().to_string())];
    let place = place.each_ref().map(|(name, value)| (*name, value.as_str()));
    let score = own.and_then(|own| own.score).map(|score| language.score(score));
    Ok(GradePage {
        page,
        head: Head::of(site, page, &pupils.seen, now).await?,
        person: pupil.person,
        name: &pupil.name,
        place: language.text("assignment.place", &place),
        before: pupils.at.checked_sub(1).map(|at| &pupils.all[at]),
        after: pupils.all.get(pupils.at + 1),
        stage: Stage::of(assignment, own).word(language),
        is_late: own.is_some_and(|own| own.is_late(assignment)),
        received_at: own.and_then(|own| own.received_at).map(|at| language.date(at)),
        text: own.and_then(|own| own.text.clone()),
        received: files.iter().map(|file| own::received(language, file)).collect(),
        score: Field::holding(&score.unwrap_or_default()),
        score_hint: page.fill("assignment.score_hint", "points", &assignment.draft.points.to_string()),
        comment: Field::holding(own.and_then(|own| own.comment.as_deref()).unwrap_or_default()),
        may_reopen: store::closed(assignment, own, now).is_some(),
        has_problem: false,
    })
}
