//! A teacher lets students see what was graded, or lets one go on with their work.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::Code;
use base::id::PersonId;

use crate::site::Site;
use crate::site::form::Form;
use crate::site::next;
use crate::site::refusal::Refusal;

/// `POST /assignments/{assignment}/return`: all that was graded.
pub(super) async fn return_graded(
    State(site): State<Site>,
    Path(assignment): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let assignment = super::managed(&site, &form.page, &assignment).await?.assignment;
    site.store.return_graded(assignment.id).await?;
    Ok(super::back(assignment.id, "assignment.returned"))
}

/// `POST /assignments/{assignment}/submissions/{person}/reopen`.
pub(super) async fn reopen(
    State(site): State<Site>,
    Path((assignment, person)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Refusal> {
    let seen = super::managed(&site, &form.page, &assignment).await?;
    let person: PersonId = person.parse().map_err(|_| Code::NotFound)?;
    let pupils = site.store.pupils(seen.meeting.course.id, seen.assignment.id).await?;
    if !pupils.iter().any(|pupil| pupil.person == person) {
        return Err(Code::NotFound.into());
    }
    site.store.reopen_submission(seen.assignment.id, person).await?;
    let there = format!("/assignments/{}/submissions/{person}", seen.assignment.id);
    Ok(Redirect::to(&next::noticed(&there, "assignment.reopened")).into_response())
}
