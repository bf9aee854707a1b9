//! `POST /load/runs`: starts a measurement run.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use base::id::MeetingId;
use base::{Code, text};

use super::runs_show::{self, Filled};
use super::staff::StaffForm;
use crate::site::Site;
use crate::site::form::Field;
use crate::site::next;
use crate::site::refusal::Refusal;

pub(super) async fn start(State(site): State<Site>, StaffForm(form): StaffForm) -> Result<Response, Refusal> {
    let page = &form.page;
    let mut filled =
        Filled { name: Field::holding(form.get("name")), meeting: form.get("meeting").to_owned() };
    let name = match text::title(form.get("name")) {
        Ok(name) => name,
        Err(error) => {
            filled.name.refuse(page.language, &error);
            return runs_show::show_again(&site, page, filled, &error).await;
        }
    };
    let meeting: MeetingId = form.get("meeting").parse().map_err(|_| Code::BadRequest)?;
    let person = &page.signed_in()?.person;
    let meeting = site.store.meeting_access(meeting, person).await?.taught()?;
    match site.measurement.start(name, meeting.id, person.id).await {
        Ok(run) => {
            Ok(Redirect::to(&next::noticed(&format!("/load/runs/{run}"), "run.started")).into_response())
        }
        Err(error) if matches!(error.code, Code::RunBusy | Code::RunsFull) => {
            filled.name.refuse(page.language, &error);
            runs_show::show_again(&site, page, filled, &error).await
        }
        Err(error) => Err(error.into()),
    }
}
