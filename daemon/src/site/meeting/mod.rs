//! A meeting of a course: its page, and what its teacher decides about it.
//!
//! The page is a frame of sections: materials, assignments, quiz and attendance each bring one.

mod meeting_edit;
mod meeting_order;
mod meeting_publish;
mod meeting_show;

use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use base::id::MeetingId;
use base::{Code, Error};
use store::{Meeting, MeetingAccess};

use super::Site;
use super::next;
use super::page::Page;
use crate::http::routes::routes;
pub(super) use meeting_edit::draft;

routes!(Site {
    "/meetings/{meeting}" => get(meeting_show::show),
    "/meetings/{meeting}/edit" => get(meeting_edit::show).post(meeting_edit::submit),
    "/meetings/{meeting}/publish" => post(meeting_publish::publish),
    "/meetings/{meeting}/hide" => post(meeting_publish::hide),
    "/meetings/{meeting}/start" => post(meeting_order::start),
    "/meetings/{meeting}/move" => post(meeting_order::shift),
    "/meetings/{meeting}/copy" => post(meeting_order::copy),
    "/meetings/{meeting}/delete" => post(meeting_order::delete),
});

/// The meeting that an address names, as the visitor may see it. To others it does not exist, as
/// a draft does not to students.
pub(super) async fn seen(site: &Site, page: &Page, number: &str) -> Result<MeetingAccess, Error> {
    let person = &page.signed_in()?.person;
    let meeting: MeetingId = number.parse().map_err(|_| Code::NotFound)?;
    site.store.meeting_access(meeting, person).await
}

/// The meeting that an address names, for its teachers who change something in it.
pub(super) async fn managed(site: &Site, page: &Page, number: &str) -> Result<Meeting, Error> {
    seen(site, page, number).await?.changed_by_teacher()
}

/// Back to the meeting's page, with a word about what was done.
pub(super) fn back(meeting: MeetingId, notice: &str) -> Response {
    Redirect::to(&next::noticed(&format!("/meetings/{meeting}"), notice)).into_response()
}
