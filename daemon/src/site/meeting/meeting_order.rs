//! A teacher moves, copies, deletes or starts a meeting.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Code, limits};
use store::{Meeting, Visibility};

use crate::site::Site;
use crate::site::form::Form;
use crate::site::next;
use crate::site::refusal::Refusal;

/// `POST /meetings/{meeting}/move`: to the place in the field `to`, counted from 1. The answer leads
/// back to the button that was pressed, so that the next press needs no search for it.
pub(crate) async fn shift(
    State(site): State<Site>,
    Path(meeting): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let meeting = super::managed(&site, &form.page, &meeting).await?;
    let to: i64 = form.get("to").parse().map_err(|_| Code::BadRequest)?;
    let there = site.store.move_meeting(meeting.id, to).await?;
    let last = site.store.meeting_ids_of(meeting.course.id).await?.len();
    let is_last = usize::try_from(there).is_ok_and(|there| there >= last);
    // At an end there is one button only.
    let button = if is_last || (there < meeting.position && there > 1) { "up" } else { "down" };
    let course = next::noticed(&format!("/courses/{}/order", meeting.course.id), "meeting.moved");
    Ok(Redirect::to(&format!("{course}#{button}-{}", meeting.id)).into_response())
}

/// `POST /meetings/{meeting}/copy`.
pub(crate) async fn copy(
    State(site): State<Site>,
    Path(meeting): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let meeting = super::managed(&site, &form.page, &meeting).await?;
    let title = form.page.fill("meeting.copy_of", "title", &meeting.title);
    let title: String = title.chars().take(limits::TITLE_CHARACTERS).collect();
    let copy = site.store.copy_meeting(meeting.id, title.trim()).await?;
    Ok(super::back(copy.id, "meeting.copied"))
}

/// `POST /meetings/{meeting}/delete`; the page has asked before.
pub(crate) async fn delete(
    State(site): State<Site>,
    Path(meeting): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let meeting = super::managed(&site, &form.page, &meeting).await?;
    if is_on(&site, &meeting).await {
        return Err(Code::MeetingInUse.into());
    }
    site.store.delete_meeting(meeting.id).await?;
    // It is deleted, whether the bytes of its files go now or at the next sweep.
    if let Err(error) = site.files.clean_up().await {
        tracing::warn!(%error, "the bytes of deleted files stay until the next sweep");
    }
    let course = format!("/courses/{}", meeting.course.id);
    Ok(Redirect::to(&next::noticed(&course, "meeting.deleted")).into_response())
}

/// `POST /meetings/{meeting}/start`: students see it from now on, and the teacher is in its room.
pub(crate) async fn start(
    State(site): State<Site>,
    Path(meeting): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let meeting = super::managed(&site, &form.page, &meeting).await?;
    site.store.set_visibility(meeting.id, Visibility::Published).await?;
    Ok(Redirect::to(&format!("/rooms/{}", meeting.id)).into_response())
}

/// Whether somebody is in its room, where they may be about to write.
async fn is_on(site: &Site, meeting: &Meeting) -> bool {
    site.crowds().await.contains_key(&meeting.id)
}
