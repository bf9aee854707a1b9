//! Notices: what teachers say to a whole course, on its page and on a page of their own.
//!
//! Not to be taken for the word that a change leaves on the page that follows it (`Page::notice`).

mod notice_delete;
mod notice_edit;
mod notice_list;
mod section;

use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use base::id::{CourseId, NoticeId};
use base::{Code, Error, limits};
use store::{Course, Notice};

use super::Site;
use super::next;
use super::page::Page;
use crate::http::routes::routes;
pub(super) use section::{Section, section};

routes!(Site {
    "/courses/{course}/notices" => get(notice_list::show)
        .post(notice_edit::create)
        .layer(DefaultBodyLimit::max(limits::MATERIAL_FORM_BYTES)),
    "/courses/{course}/notices/new" => get(notice_edit::show_new),
    "/notices/{notice}" => get(notice_edit::show)
        .post(notice_edit::save)
        .layer(DefaultBodyLimit::max(limits::MATERIAL_FORM_BYTES)),
    "/notices/{notice}/delete" => post(notice_delete::delete),
});

/// The notice that an address names, and its course, for teachers who change something there.
async fn managed(site: &Site, page: &Page, number: &str) -> Result<(Notice, Course), Error> {
    let person = &page.signed_in()?.person;
    let notice: NoticeId = number.parse().map_err(|_| Code::NotFound)?;
    let notice = site.store.notice(notice).await?.ok_or(Code::NotFound)?;
    let course = site.store.course_access(notice.course, person).await?.changed_by_teacher()?;
    Ok((notice, course))
}

/// Back to the course's page, with a word about what was done.
fn back(course: CourseId, word: &str) -> Response {
    Redirect::to(&next::noticed(&format!("/courses/{course}"), word)).into_response()
}
