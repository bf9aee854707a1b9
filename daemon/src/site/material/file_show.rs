//! `/files/{file}/{name}`: a file, for those who see where it is.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use base::Code;
use base::id::FileId;
use http::HeaderMap;
use serde::Deserialize;

use crate::files::Asked;
use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

/// `?download` keeps it instead of showing it.
#[derive(Deserialize)]
pub(super) struct Wanted {
    download: Option<String>,
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path((file, _)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let person = &page.signed_in()?.person;
    let file: FileId = file.parse().map_err(|_| Code::NotFound)?;
    let file = site.store.file_access(file, person).await?;
    let asked = Asked { headers: &headers, download: wanted.download.is_some() };
    Ok(site.files.serve(&file, asked).await?)
}
