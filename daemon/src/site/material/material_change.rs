//! A teacher moves a material past its neighbour, or deletes it.

use axum::extract::{Path, State};
use axum::response::Response;
use base::Code;
use store::Shift;

use crate::site::Site;
use crate::site::form::Form;
use crate::site::refusal::Refusal;

/// `POST /materials/{material}/move`.
pub(super) async fn shift(
    State(site): State<Site>,
    Path(material): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let (material, meeting) = super::managed(&site, &form.page, &material).await?;
    let shift = match form.get("direction") {
        "up" => Shift::Up,
        "down" => Shift::Down,
        _ => return Err(Code::BadRequest.into()),
    };
    site.store.shift_material(meeting.id, material.id, shift).await?;
    Ok(super::back(&meeting, "material.moved"))
}

/// `POST /materials/{material}/delete`. Somebody who presses twice has deleted it.
pub(super) async fn delete(
    State(site): State<Site>,
    Path(material): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let (material, meeting) = super::managed(&site, &form.page, &material).await?;
    site.store.delete_material(material.id).await?;
    // It is deleted, whether its bytes go now or at the next sweep.
    if let Err(error) = site.files.clean_up().await {
        tracing::warn!(%error, "the bytes of a deleted file stay until the next sweep");
    }
    Ok(super::back(&meeting, "material.deleted"))
}
