//! `/`: for strangers the way in, for others their courses.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::Error;
use base::id::CourseId;
use store::{Meeting, PersonKind};

use super::home_entries::{self, Entries};
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
    entries: Entries,
    new_course: Field,
    no_code: Field,
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
    let entries = home_entries::of(site, page, person).await?;
    let teaches = person.kind.is_staff();
    let is_technician = person.kind == PersonKind::Technician;
    let no_code = Field::default();
    Ok(HomePage { page, name: &person.name, teaches, is_technician, entries, new_course, no_code })
}

/// The last meeting that everybody of the course sees.
pub(super) async fn newest_published(site: &Site, course: CourseId) -> Result<Option<Meeting>, Error> {
    let meetings = site.store.meetings_of(course).await?;
    Ok(meetings.into_iter().rfind(|meeting| meeting.published_at.is_some()))
}
