//! `POST /meetings/{meeting}/attendance`: keeps the marks that a teacher has changed.
//!
//! The form says for each student what its page showed, in `seen-…`: the mark that a teacher had
//! given, a slash, and the mark that was chosen. So what was not touched is not sent as anybody's
//! word, and what somebody else has marked meanwhile is not lost.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::id::PersonId;
use base::{Code, Error};
use store::{Mark, MarkChange};

use super::register_show;
use crate::site::Site;
use crate::site::form::Form;
use crate::site::meeting;
use crate::site::next;
use crate::site::refusal::Refusal;

pub(super) async fn save(
    State(site): State<Site>,
    Path(meeting): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let meeting = meeting::managed(&site, &form.page, &meeting).await?;
    let teacher = form.page.signed_in()?.person.id;
    let refused = site.store.mark_attendance(meeting.id, teacher, changes(&form)?).await?;
    if refused.is_empty() {
        let here = format!("/meetings/{}/attendance", meeting.id);
        return Ok(Redirect::to(&next::noticed(&here, "attendance.saved")).into_response());
    }
    let error = Error::new(Code::AttendanceChanged).with("count", refused.len());
    register_show::show_refused(&site, &form, meeting, &refused, &error).await
}

fn changes(form: &Form) -> Result<Vec<MarkChange>, Error> {
    let mut changes = Vec::new();
    for (name, seen) in form.starting_with("seen-") {
        let person: PersonId = name.parse().map_err(|_| Code::BadRequest)?;
        let (before, shown) = seen.split_once('/').ok_or(Code::BadRequest)?;
        let (before, shown) = (mark(before)?, mark(shown)?);
        let Some(chosen) = form.find(&format!("mark-{person}")) else { continue };
        let chosen = mark(chosen)?;
        if chosen != shown {
            changes.push(MarkChange { person, before, mark: chosen });
        }
    }
    Ok(changes)
}

fn mark(name: &str) -> Result<Option<Mark>, Error> {
    match name {
        "" => Ok(None),
        name => Ok(Some(Mark::parse(name).ok_or(Code::BadRequest)?)),
    }
}
