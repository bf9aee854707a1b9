//! A teacher shows an assignment to the students, makes it a draft again, or deletes it.

use axum::extract::{Path, State};
use axum::response::Response;
use store::Visibility;

use crate::site::Site;
use crate::site::form::Form;
use crate::site::meeting;
use crate::site::refusal::Refusal;

/// `POST /assignments/{assignment}/publish`.
pub(super) async fn publish(
    State(site): State<Site>,
    Path(assignment): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let assignment = super::managed(&site, &form.page, &assignment).await?.assignment;
    site.store.show_assignment(assignment.id, Visibility::Published).await?;
    Ok(super::back(assignment.id, "assignment.published"))
}

/// `POST /assignments/{assignment}/hide`.
pub(super) async fn hide(
    State(site): State<Site>,
    Path(assignment): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let assignment = super::managed(&site, &form.page, &assignment).await?.assignment;
    site.store.show_assignment(assignment.id, Visibility::Draft).await?;
    Ok(super::back(assignment.id, "assignment.hidden"))
}

/// `POST /assignments/{assignment}/delete`.
pub(super) async fn delete(
    State(site): State<Site>,
    Path(assignment): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let seen = super::managed(&site, &form.page, &assignment).await?;
    site.store.delete_assignment(seen.assignment.id).await?;
    super::files_add::sweep(&site).await;
    Ok(meeting::back(seen.meeting.id, "assignment.deleted"))
}
