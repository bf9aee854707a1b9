//! `GET /courses/{course}/notices`: all notices of a course.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use store::Course;

use super::section::{self, Shown};
use crate::site::Site;
use crate::site::course;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "notice/list.html")]
struct ListPage<'a> {
    page: &'a Page,
    course: Course,
    /// Whether the visitor decides here and anything can be decided.
    manages: bool,
    notices: Vec<Shown>,
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(course): Path<String>,
) -> Result<Response, Refusal> {
    let seen = course::seen(&site, &page, &course).await?;
    let notices = section::read(&site, &page, &seen).await?;
    Ok(page.show(&ListPage {
        page: &page,
        manages: seen.teaches() && seen.course.archived_at.is_none(),
        notices: notices.iter().map(|notice| section::show(&page, notice)).collect(),
        course: seen.course,
    }))
}
