//! A teacher moves a question past its neighbour, or deletes it.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::Code;
use base::id::QuestionId;
use store::Shift;

use crate::site::Site;
use crate::site::form::Form;
use crate::site::next;
use crate::site::refusal::Refusal;

/// `POST /quizzes/{quiz}/questions/{question}/move`. The answer leads back to the question, so that the
/// next press needs no search for it.
pub(super) async fn shift(
    State(site): State<Site>,
    Path((quiz, question)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Refusal> {
    let quiz = super::managed(&site, &form.page, &quiz).await?.quiz;
    let (_, question) = super::question(&site, quiz.id, &question).await?;
    let shift = match form.get("direction") {
        "up" => Shift::Up,
        "down" => Shift::Down,
        _ => return Err(Code::BadRequest.into()),
    };
    site.store.shift_question(question.id, shift).await?;
    let there = next::noticed(&format!("/quizzes/{}", quiz.id), "quiz.question_moved");
    Ok(Redirect::to(&format!("{there}#question-{}", question.id)).into_response())
}

/// `POST /quizzes/{quiz}/questions/{question}/delete`. Somebody who presses twice has deleted it.
pub(super) async fn delete(
    State(site): State<Site>,
    Path((quiz, question)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Refusal> {
    let quiz = super::managed(&site, &form.page, &quiz).await?.quiz;
    let question: QuestionId = question.parse().map_err(|_| Code::NotFound)?;
    if site.store.questions_of(quiz.id).await?.iter().any(|held| held.id == question) {
        site.store.delete_question(question).await?;
    }
    Ok(super::back(quiz.id, "quiz.question_deleted"))
}
