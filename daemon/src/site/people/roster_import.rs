//! `/people/import`: where a roster is chosen. What is in it is looked at first (`roster_preview`).

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use base::id::CourseId;
use base::{Code, Error};
use store::{CourseRole, MemberState};

use super::staff;
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "people/import.html")]
struct ImportPage<'a> {
    page: &'a Page,
    courses: Vec<CourseChoice>,
    roster: Field,
}

/// A course in which the imported students can be enrolled.
pub(super) struct CourseChoice {
    pub(super) id: CourseId,
    pub(super) title: String,
    pub(super) chosen: bool,
}

pub(super) async fn show(State(site): State<Site>, page: Page) -> Result<Response, Refusal> {
    staff(&page)?;
    let courses = courses(&site, &page, "").await?;
    Ok(page.show(&ImportPage { page: &page, courses, roster: Field::default() }))
}

/// The page with what is wrong with the file.
pub(super) async fn refuse(
    site: &Site,
    page: &Page,
    pasted: &str,
    course: &str,
    error: &Error,
) -> Result<Response, Error> {
    let mut roster = Field::holding(pasted);
    roster.refuse(page.language, error);
    let courses = courses(site, page, course).await?;
    Ok(page.show_error(error, &ImportPage { page, courses, roster }))
}

/// The courses that the visitor teaches.
async fn courses(site: &Site, page: &Page, chosen: &str) -> Result<Vec<CourseChoice>, Error> {
    let person = page.signed_in()?.person.id;
    let mut choices = Vec::new();
    for course in site.store.courses_of(person).await? {
        if teaches(site, page, course.id).await? {
            let chosen = course.id.to_string() == chosen;
            choices.push(CourseChoice { id: course.id, title: course.title, chosen });
        }
    }
    Ok(choices)
}

/// The course of the form, if one is chosen. `not_allowed` for one that the visitor does not teach.
pub(super) async fn chosen_course(site: &Site, form: &Form) -> Result<Option<CourseChoice>, Error> {
    let chosen = form.get("course");
    if chosen.is_empty() {
        return Ok(None);
    }
    let id: CourseId = chosen.parse().map_err(|_| Code::NotFound)?;
    if !teaches(site, &form.page, id).await? {
        return Err(Code::NotAllowed.into());
    }
    let course = site.store.course(id).await?.ok_or(Code::NotFound)?;
    Ok(Some(CourseChoice { id, title: course.title, chosen: true }))
}

async fn teaches(site: &Site, page: &Page, course: CourseId) -> Result<bool, Error> {
    let membership = site.store.membership(course, page.signed_in()?.person.id).await?;
    Ok(membership.is_some_and(|membership| {
        membership.role == CourseRole::Teacher && membership.state == MemberState::Active
    }))
}
