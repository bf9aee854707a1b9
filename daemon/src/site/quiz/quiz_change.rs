//! A teacher shows a quiz to the students, makes it a draft again, releases its scores, or deletes it.

use axum::extract::{Path, State};
use axum::response::Response;
use store::Visibility;

use crate::site::Site;
use crate::site::form::Form;
use crate::site::meeting;
use crate::site::refusal::Refusal;

/// `POST /quizzes/{quiz}/publish`.
pub(super) async fn publish(
    State(site): State<Site>,
    Path(quiz): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let quiz = super::managed(&site, &form.page, &quiz).await?.quiz;
    site.store.show_quiz(quiz.id, Visibility::Published).await?;
    Ok(super::back(quiz.id, "quiz.published"))
}

/// `POST /quizzes/{quiz}/hide`.
pub(super) async fn hide(
    State(site): State<Site>,
    Path(quiz): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let quiz = super::managed(&site, &form.page, &quiz).await?.quiz;
    site.store.show_quiz(quiz.id, Visibility::Draft).await?;
    Ok(super::back(quiz.id, "quiz.hidden"))
}

/// `POST /quizzes/{quiz}/release`.
pub(super) async fn release(
    State(site): State<Site>,
    Path(quiz): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let quiz = super::managed(&site, &form.page, &quiz).await?.quiz;
    site.store.release_quiz(quiz.id).await?;
    Ok(super::back(quiz.id, "quiz.released"))
}

/// `POST /quizzes/{quiz}/delete`.
pub(super) async fn delete(
    State(site): State<Site>,
    Path(quiz): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let seen = super::managed(&site, &form.page, &quiz).await?;
    site.store.delete_quiz(seen.quiz.id).await?;
    Ok(meeting::back(seen.meeting.id, "quiz.deleted"))
}
