//! `/quizzes/{quiz}/results/{person}`: what one student answered, attempt by attempt.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::Code;
use base::id::PersonId;
use store::{QuizPupil, points_of, score_of};

use super::answered::{self, Answered, Tell, earned};
use super::head::Head;
use super::quiz_show::ended;
use super::result_list::Class;
use crate::site::Site;
use crate::site::form::Form;
use crate::site::next;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "quiz/result.html")]
struct ResultPage<'a> {
    page: &'a Page,
    head: Head,
    person: PersonId,
    name: &'a str,
    before: Option<&'a QuizPupil>,
    after: Option<&'a QuizPupil>,
    attempts: Vec<Taken>,
    /// Whether the student could not take it again without a teacher.
    may_spare: bool,
}

/// An attempt of the student.
struct Taken {
    title: String,
    state: String,
    score: String,
    answered: Vec<Answered>,
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path((quiz, person)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let class = Class::find(&site, &page, &quiz).await?;
    let (quiz, questions, now) = (&class.seen.quiz, &class.questions, class.results.now);
    let pupils = &class.results.pupils;
    let person: PersonId = person.parse().map_err(|_| Code::NotFound)?;
    let at = pupils.iter().position(|pupil| pupil.person == person).ok_or(Code::NotFound)?;
    let (pupil, language) = (&pupils[at], page.language);
    let attempts = (1_usize..).zip(&pupil.attempts).map(|(number, (attempt, answers))| Taken {
        title: page.fill("quiz.attempt_number", "number", &number.to_string()),
        state: if attempt.is_over(quiz, now) {
            ended(&page, attempt)
        } else {
            page.t("quiz.under_way").to_owned()
        },
        score: earned(language, score_of(questions, answers), points_of(questions)),
        answered: answered::all(language, questions, answers, Tell::Solution),
    });
    let counted = pupil.attempts.iter().filter(|(attempt, _)| attempt.spared_at.is_none()).count();
    let all_over = pupil.attempts.iter().all(|(attempt, _)| attempt.handed_in_at.is_some());
    let is_used_up = i64::try_from(counted).is_ok_and(|counted| counted >= quiz.draft.attempts);
    Ok(page.show(&ResultPage {
        page: &page,
        head: Head::of(&page, &class.seen, now),
        person,
        name: &pupil.name,
        before: at.checked_sub(1).map(|at| &pupils[at]),
        after: pupils.get(at + 1),
        attempts: attempts.collect(),
        may_spare: all_over && is_used_up,
    }))
}

/// `POST /quizzes/{quiz}/results/{person}/again`: lets the student take it as often again.
pub(super) async fn spare(
    State(site): State<Site>,
    Path((quiz, person)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Refusal> {
    let quiz = super::managed(&site, &form.page, &quiz).await?.quiz;
    let person: PersonId = person.parse().map_err(|_| Code::NotFound)?;
    site.store.spare_attempts(quiz.id, person).await?;
    let there = format!("/quizzes/{}/results/{person}", quiz.id);
    Ok(Redirect::to(&next::noticed(&there, "quiz.spared")).into_response())
}
