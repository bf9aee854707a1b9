//! What a teacher changes about a course with one press: who may enter with the code, the code, and
//! whether it is put away.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::Code;
use base::id::CourseId;
use base::random::SystemRandom;
use store::GuestPolicy;

use crate::site::form::Form;
use crate::site::next;
use crate::site::refusal::Refusal;
use crate::site::{ShutTo, Site};

/// `POST /courses/{course}/guests`.
pub(crate) async fn set_guest_policy(
    State(site): State<Site>,
    Path(course): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let course = super::managed(&site, &form.page, &course).await?;
    let policy = GuestPolicy::parse(form.get("policy")).ok_or(Code::BadRequest)?;
    site.store.set_guest_policy(course.id, policy).await?;
    Ok(back(course.id, "guests.saved"))
}

/// `POST /courses/{course}/join-code`.
pub(crate) async fn renew_join_code(
    State(site): State<Site>,
    Path(course): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let course = super::managed(&site, &form.page, &course).await?;
    site.store.renew_join_code(course.id, &mut SystemRandom).await?;
    Ok(back(course.id, "code.renewed"))
}

/// `POST /courses/{course}/archive`.
pub(crate) async fn archive(
    State(site): State<Site>,
    Path(course): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let course = super::taught(&site, &form.page, &course).await?;
    site.store.archive_course(course.id).await?;
    (site.rooms_shut)(site.store.meeting_ids_of(course.id).await?, ShutTo::Everybody);
    Ok(back(course.id, "course.archived"))
}

/// `POST /courses/{course}/restore`.
pub(crate) async fn restore(
    State(site): State<Site>,
    Path(course): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let course = super::taught(&site, &form.page, &course).await?;
    site.store.restore_course(course.id).await?;
    Ok(back(course.id, "course.restored"))
}

/// Back to the course, with a word about what was done.
pub(super) fn back(course: CourseId, notice: &str) -> Response {
    Redirect::to(&next::noticed(&format!("/courses/{course}"), notice)).into_response()
}
