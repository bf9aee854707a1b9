//! A teacher admits a guest or removes a member.

use axum::extract::{Path, State};
use axum::response::Response;
use base::Code;
use base::id::PersonId;

use super::course_change::back;
use crate::site::Site;
use crate::site::form::Form;
use crate::site::refusal::Refusal;

/// `POST /courses/{course}/members/{person}/admit`.
pub(crate) async fn admit(
    State(site): State<Site>,
    Path((course, person)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Refusal> {
    let course = super::managed(&site, &form.page, &course).await?;
    let person: PersonId = person.parse().map_err(|_| Code::NotFound)?;
    site.store.admit_member(course.id, person).await?;
    (site.membership_changed)(course.id, person);
    Ok(back(course.id, "member.admitted"))
}

/// `POST /courses/{course}/members/{person}/remove`.
pub(crate) async fn remove(
    State(site): State<Site>,
    Path((course, person)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Refusal> {
    let course = super::managed(&site, &form.page, &course).await?;
    let person: PersonId = person.parse().map_err(|_| Code::NotFound)?;
    let by = form.page.signed_in()?.person.id;
    site.store.remove_member(course.id, person, by).await?;
    (site.membership_changed)(course.id, person);
    Ok(back(course.id, "member.removed"))
}
