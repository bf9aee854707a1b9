//! `/courses/{course}/export`: a course as one file, for its teachers.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::header;

use crate::course_archive::{archive_name, send};
use crate::files::disposition;
use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

pub(crate) async fn send_archive(
    State(site): State<Site>,
    page: Page,
    Path(course): Path<String>,
) -> Result<Response, Refusal> {
    let course = super::taught(&site, &page, &course).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, disposition(false, &archive_name(&course.title))),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    let person = page.signed_in()?.person.id;
    let body = send(&site.tasks, site.store.clone(), site.files.clone(), course, person).await;
    Ok((headers, body).into_response())
}
