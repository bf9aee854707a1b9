//! A teacher decides who belongs to a course: admits a guest, removes and restores members, adds
//! co-teachers and whole groups.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::Code;
use base::id::{CourseId, PersonId};
use store::{CourseRole, MemberState, Membership};

use super::course_change::back;
use crate::site::Site;
use crate::site::form::Form;
use crate::site::next;
use crate::site::refusal::Refusal;

/// `POST /courses/{course}/members/{person}/admit`.
pub(crate) async fn admit(
    State(site): State<Site>,
    Path((course, person)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Refusal> {
    let (course, person) = concerned(&site, &form, &course, &person).await?;
    site.store.admit_member(course, person).await?;
    Ok(changed(&site, &form, course, person, "member.admitted"))
}

/// `POST /courses/{course}/members/{person}/remove`.
pub(crate) async fn remove(
    State(site): State<Site>,
    Path((course, person)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Refusal> {
    let (course, person) = concerned(&site, &form, &course, &person).await?;
    let by = form.page.signed_in()?.person.id;
    let teaching = Membership { role: CourseRole::Teacher, state: MemberState::Active };
    if site.store.membership(course, person).await? == Some(teaching) {
        site.store.remove_teacher(course, person, by).await?;
    } else {
        site.store.remove_member(course, person, by).await?;
    }
    Ok(changed(&site, &form, course, person, "member.removed"))
}

/// `POST /courses/{course}/members/{person}/restore`.
pub(crate) async fn restore(
    State(site): State<Site>,
    Path((course, person)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Refusal> {
    let (course, person) = concerned(&site, &form, &course, &person).await?;
    site.store.restore_member(course, person).await?;
    Ok(changed(&site, &form, course, person, "member.restored"))
}

/// `POST /courses/{course}/members`: the student of the school in the field `person` belongs to it.
pub(crate) async fn add(
    State(site): State<Site>,
    Path(course): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let course = super::managed(&site, &form.page, &course).await?;
    let person = form.get("person").parse().map_err(|_| Code::ChoiceMissing)?;
    site.store.add_student(course.id, person).await?;
    (site.membership_changed)(course.id, person);
    let place = format!("/courses/{}/members/add?q={}", course.id, next::encode(form.get("q")));
    Ok(Redirect::to(&next::noticed(&place, "member.added")).into_response())
}

/// `POST /courses/{course}/teachers`: the person in the field `person` teaches too.
pub(crate) async fn add_teacher(
    State(site): State<Site>,
    Path(course): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let course = super::managed(&site, &form.page, &course).await?;
    let person = form.get("person").parse().map_err(|_| Code::ChoiceMissing)?;
    site.store.add_teacher(course.id, person).await?;
    Ok(changed(&site, &form, course.id, person, "member.teaches"))
}

/// `POST /courses/{course}/group`: the students of the group in the field `group` belong to it.
pub(crate) async fn add_group(
    State(site): State<Site>,
    Path(course): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let course = super::managed(&site, &form.page, &course).await?;
    let group = form.get("group");
    if group.is_empty() {
        return Err(Code::ChoiceMissing.into());
    }
    let added = site.store.add_group(course.id, group).await?;
    Ok(answer(&form, course.id, if added == 0 { "member.group_there" } else { "member.group_added" }))
}

/// The course and the person that an address names, for who may decide about them.
async fn concerned(
    site: &Site,
    form: &Form,
    course: &str,
    person: &str,
) -> Result<(CourseId, PersonId), Refusal> {
    let course = super::managed(site, &form.page, course).await?;
    Ok((course.id, person.parse().map_err(|_| Code::NotFound)?))
}

/// Lets the course's rooms know.
fn changed(site: &Site, form: &Form, course: CourseId, person: PersonId, notice: &str) -> Response {
    (site.membership_changed)(course, person);
    answer(form, course, notice)
}

/// Back to the page that the form stood on: the list of members, or the course.
fn answer(form: &Form, course: CourseId, notice: &str) -> Response {
    if form.get("from") == "members" {
        return Redirect::to(&next::noticed(&format!("/courses/{course}/members"), notice)).into_response();
    }
    back(course, notice)
}
