//! `/courses/{course}/order`: a teacher puts the meetings of a course in another order, with buttons
//! that a thumb or a keyboard presses.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use store::Course;

use super::meeting_rows::{self, MeetingRow};
use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "course/order.html")]
struct OrderPage<'a> {
    page: &'a Page,
    course: Course,
    meetings: Vec<MeetingRow>,
}

pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(course): Path<String>,
) -> Result<Response, Refusal> {
    let course = super::managed(&site, &page, &course).await?;
    let meetings = meeting_rows::of(&site, &page, course.id, true).await?;
    Ok(page.show(&OrderPage { page: &page, course, meetings }))
}
