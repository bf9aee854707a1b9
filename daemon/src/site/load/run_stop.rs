//! `POST /load/runs/{run}/stop` and `…/delete`.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::run_show;
use super::staff::StaffForm;
use crate::site::Site;
use crate::site::next;
use crate::site::refusal::Refusal;

/// Stops a run; again is harmless. Any teacher may: the box has one run at a time for all of them,
/// and stopping loses nothing.
pub(super) async fn stop(
    State(site): State<Site>,
    Path(run): Path<String>,
    StaffForm(_): StaffForm,
) -> Result<Response, Refusal> {
    let run = run_show::found(&site, &run).await?;
    site.measurement.stop(run.id).await?;
    Ok(Redirect::to(&next::noticed(&format!("/load/runs/{}", run.id), "run.stopped")).into_response())
}

/// Deletes a run that has ended; the page has asked before. For who decides over it.
pub(super) async fn delete(
    State(site): State<Site>,
    Path(run): Path<String>,
    StaffForm(form): StaffForm,
) -> Result<Response, Refusal> {
    let run = run_show::held(&site, &form.page, &run).await?;
    site.store.delete_run(run.id).await?;
    Ok(Redirect::to(&next::noticed("/load/runs", "run.deleted")).into_response())
}
