//! `POST /setup/restore/copy`: one of the copies that the box made by itself shall come back.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use base::Code;

use crate::backup::Source;
use crate::site::Site;
use crate::site::form::Form;
use crate::site::refusal::Refusal;
use crate::site::setup::{journal, technician};

pub(super) async fn begin(State(site): State<Site>, form: Form) -> Result<Response, Refusal> {
    let person = technician(&site, &form.page).await?;
    let number = form.get("copy").parse().map_err(|_| Code::NotFound)?;
    let path = site.backup.copy_path(number).await?;
    let receiving = site.backup.receive().await?;
    site.backup.begin(Source::Copy(path), receiving);
    journal::log(person, "restore_copy", None);
    Ok(Redirect::to("/setup/restore").into_response())
}
