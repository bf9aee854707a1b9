//! A teacher shows a meeting to the students, or makes it a draft again.

use axum::extract::{Path, State};
use axum::response::Response;
use store::Visibility;

use crate::site::form::Form;
use crate::site::refusal::Refusal;
use crate::site::{ShutTo, Site};

/// `POST /meetings/{meeting}/publish`.
pub(crate) async fn publish(
    State(site): State<Site>,
    Path(meeting): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    set(&site, &meeting, &form, Visibility::Published, "meeting.published").await
}

/// `POST /meetings/{meeting}/hide`.
pub(crate) async fn hide(
    State(site): State<Site>,
    Path(meeting): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    set(&site, &meeting, &form, Visibility::Draft, "meeting.hidden").await
}

async fn set(
    site: &Site,
    meeting: &str,
    form: &Form,
    visibility: Visibility,
    notice: &str,
) -> Result<Response, Refusal> {
    let meeting = super::managed(site, &form.page, meeting).await?;
    site.store.set_visibility(meeting.id, visibility).await?;
    if visibility == Visibility::Draft {
        // Whoever is in its room would go on seeing what was hidden.
        (site.rooms_shut)(vec![meeting.id], ShutTo::Students);
    }
    Ok(super::back(meeting.id, notice))
}
