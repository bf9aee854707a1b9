//! Quizzes of a meeting: a teacher asks, students answer, against the clock if need be, and the box
//! marks.
//!
//! Answers are saved one by one, by the script of the page or by its forms; what is saved counts,
//! whether it was handed in or the time ended it (docs/decisions/0018).

mod answered;
mod attempt_save;
mod attempt_show;
mod attempt_start;
mod head;
mod item;
mod question_change;
mod question_edit;
mod question_fields;
mod quiz_change;
mod quiz_edit;
mod quiz_show;
mod quiz_teach;
mod result_list;
mod result_show;
mod section;
mod standing;
mod statistics;

use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use base::id::{QuestionId, QuizId};
use base::{Code, Error, limits};
use store::{Question, QuizAccess};

use super::Site;
use super::next;
use super::page::Page;
use crate::http::routes::routes;
pub(super) use section::{Section, section};

routes!(Site {
    "/meetings/{meeting}/quizzes" => get(quiz_edit::show_new)
        .post(quiz_edit::create)
        .layer(DefaultBodyLimit::max(limits::MATERIAL_FORM_BYTES)),
    "/quizzes/{quiz}" => get(quiz_show::show),
    "/quizzes/{quiz}/edit" => get(quiz_edit::show)
        .post(quiz_edit::save)
        .layer(DefaultBodyLimit::max(limits::MATERIAL_FORM_BYTES)),
    "/quizzes/{quiz}/publish" => post(quiz_change::publish),
    "/quizzes/{quiz}/hide" => post(quiz_change::hide),
    "/quizzes/{quiz}/release" => post(quiz_change::release),
    "/quizzes/{quiz}/delete" => post(quiz_change::delete),
    "/quizzes/{quiz}/questions" => get(question_edit::show_new)
        .post(question_edit::create)
        .layer(DefaultBodyLimit::max(limits::QUIZ_FORM_BYTES)),
    "/quizzes/{quiz}/questions/{question}" => get(question_edit::show)
        .post(question_edit::save)
        .layer(DefaultBodyLimit::max(limits::QUIZ_FORM_BYTES)),
    "/quizzes/{quiz}/questions/{question}/move" => post(question_change::shift),
    "/quizzes/{quiz}/questions/{question}/delete" => post(question_change::delete),
    "/quizzes/{quiz}/questions/{question}/accept" => post(statistics::accept),
    "/quizzes/{quiz}/results" => get(result_list::show),
    "/quizzes/{quiz}/results/{person}" => get(result_show::show),
    "/quizzes/{quiz}/results/{person}/again" => post(result_show::spare),
    "/quizzes/{quiz}/scores.csv" => get(result_list::send),
    "/quizzes/{quiz}/statistics" => get(statistics::show),
    "/quizzes/{quiz}/start" => post(attempt_start::start),
    "/quizzes/{quiz}/attempt" => get(attempt_show::show),
    "/quizzes/{quiz}/answers" =>
        post(attempt_save::save).layer(DefaultBodyLimit::max(limits::QUIZ_FORM_BYTES)),
});

/// The quiz that an address names, as the visitor may see it. To others it does not exist.
async fn seen(site: &Site, page: &Page, number: &str) -> Result<QuizAccess, Error> {
    let person = &page.signed_in()?.person;
    let quiz: QuizId = number.parse().map_err(|_| Code::NotFound)?;
    site.store.quiz_access(quiz, person).await
}

/// The quiz that an address names, for its teachers who change something in it.
async fn managed(site: &Site, page: &Page, number: &str) -> Result<QuizAccess, Error> {
    seen(site, page, number).await?.changed_by_teacher()
}

/// The question of a quiz that an address names, and its place, counted from 1.
async fn question(site: &Site, quiz: QuizId, number: &str) -> Result<(usize, Question), Error> {
    let number: QuestionId = number.parse().map_err(|_| Code::NotFound)?;
    let questions = (1..).zip(site.store.questions_of(quiz).await?);
    let mut found = questions.filter(|(_, question)| question.id == number);
    Ok(found.next().ok_or(Code::NotFound)?)
}

/// Back to the quiz's page, with a word about what was done.
fn back(quiz: QuizId, notice: &str) -> Response {
    Redirect::to(&next::noticed(&format!("/quizzes/{quiz}"), notice)).into_response()
}
