//! `POST /notices/{notice}/delete`; the page has asked before.

use axum::extract::{Path, State};
use axum::response::Response;

use crate::site::Site;
use crate::site::form::Form;
use crate::site::refusal::Refusal;

pub(super) async fn delete(
    State(site): State<Site>,
    Path(notice): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let (notice, course) = super::managed(&site, &form.page, &notice).await?;
    site.store.delete_notice(notice.id).await?;
    Ok(super::back(course.id, "notice.deleted"))
}
