//! `/`: for strangers the way in, for others their courses.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::Error;
use base::id::CourseId;
use store::{Meeting, PersonKind};

use super::member_join;
use crate::site::Site;
use crate::site::account::sign_in::Next;
use crate::site::form::Field;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "course/home.html")]
struct HomePage<'a> {
    page: &'a Page,
    name: &'a str,
    /// Whether this person may make courses.
    teaches: bool,
    /// Whether this person may change the settings of the box.
    is_technician: bool,
    courses: Vec<Entry>,
    new_course: Field,
    no_code: Field,
}

struct Entry {
    id: CourseId,
    title: String,
    manages: bool,
    newest: Option<Meeting>,
}

pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Query(next): Query<Next>,
) -> Result<Response, Refusal> {
    if page.person().is_none() {
        return Ok(member_join::welcome(&page, next.local()));
    }
    // Whoever was sent here to sign in and has done so meanwhile goes on.
    if next.local() != "/" {
        return Ok(Redirect::to(next.local()).into_response());
    }
    Ok(page.show(&compose(&site, &page, Field::default()).await?))
}

/// The page of a signed-in person with a refused new course in its form.
pub(super) async fn show_again(
    site: &Site,
    page: &Page,
    new_course: Field,
    error: &Error,
) -> Result<Response, Refusal> {
    Ok(page.show_error(error, &compose(site, page, new_course).await?))
}

async fn compose<'a>(site: &Site, page: &'a Page, new_course: Field) -> Result<HomePage<'a>, Error> {
    let person = &page.signed_in()?.person;
    let mut courses = Vec::new();
    for course in site.store.courses_of(person.id).await? {
        let manages = site.store.course_access(course.id, person).await?.teaches();
        let newest = newest_published(site, course.id).await?;
        courses.push(Entry { id: course.id, title: course.title, manages, newest });
    }
    // What somebody joined or made last is what they look for.
    courses.reverse();
    let teaches = person.kind.is_staff();
    let is_technician = person.kind == PersonKind::Technician;
    let no_code = Field::default();
    Ok(HomePage { page, name: &person.name, teaches, is_technician, courses, new_course, no_code })
}

/// The last meeting that everybody of the course sees.
pub(super) async fn newest_published(site: &Site, course: CourseId) -> Result<Option<Meeting>, Error> {
    let meetings = site.store.meetings_of(course).await?;
    Ok(meetings.into_iter().rfind(|meeting| meeting.published_at.is_some()))
}
