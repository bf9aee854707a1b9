//! `/courses/{course}/show`: code and QR code on the whole screen, for the beamer.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::id::CourseId;

use crate::site::Site;
use crate::site::page::Page;
use crate::site::reach;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "course/board.html")]
struct BoardPage<'a> {
    page: &'a Page,
    course: CourseId,
    title: &'a str,
    code: &'a str,
    qr: String,
    typed_address: String,
}

pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(course): Path<String>,
) -> Result<Response, Refusal> {
    let course = super::taught(&site, &page, &course).await?;
    Ok(page.show(&BoardPage {
        page: &page,
        course: course.id,
        title: &course.title,
        code: &course.join_code,
        qr: reach::qr(&site.reach.join_address(&page.peer, &course.join_code)),
        typed_address: site.reach.typed_address(&page.peer),
    }))
}
