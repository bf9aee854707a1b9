//! `/files/{file}/{name}`: a file, for those who see the meeting that it is in.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use base::Code;
use base::id::FileId;
use http::HeaderMap;
use serde::Deserialize;

use crate::files::Asked;
use crate::site::Site;
use crate::site::meeting;
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
    page.signed_in()?;
    let file: FileId = file.parse().map_err(|_| Code::NotFound)?;
    let (file, meeting) = site.store.file_of_meeting(file).await?.ok_or(Code::NotFound)?;
    meeting::seen(&site, &page, &meeting.to_string()).await?;
    let asked = Asked { headers: &headers, download: wanted.download.is_some() };
    Ok(site.files.serve(&file, asked).await?)
}
