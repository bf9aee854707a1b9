//! `POST /quizzes/{quiz}/start`: a student begins, or goes on on another device.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::random::{Random as _, SystemRandom};

use crate::site::Site;
use crate::site::form::Form;
use crate::site::refusal::Refusal;

pub(super) async fn start(
    State(site): State<Site>,
    Path(quiz): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let seen = super::seen(&site, &form.page, &quiz).await?.taken_by_student()?;
    let mut drawn = [0; 8];
    SystemRandom.fill(&mut drawn);
    let person = form.page.signed_in()?.person.id;
    site.store.start_attempt(seen.quiz.id, person, u64::from_le_bytes(drawn)).await?;
    Ok(Redirect::to(&format!("/quizzes/{}/attempt", seen.quiz.id)).into_response())
}
