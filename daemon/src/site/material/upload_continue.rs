//! `/uploads/{upload}`: an upload goes on where it is, becomes what it was sent for at its end, or is
//! given up (tus 1.0, core and extension `termination`). For who began it alone.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use base::id::UploadId;
use base::{Code, Error};
use futures_util::StreamExt as _;
use http::{HeaderMap, StatusCode, header};
use store::{NewMaterial, NewMatter, Upload};

use super::upload_begin::{describe, number, other_version};
use crate::files::{Incoming, Turn};
use crate::site::Site;
use crate::site::assignment::{self, Adding};
use crate::site::file_form::new_file;
use crate::site::meeting;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

/// `HEAD`: how much is here. What is here whole but was not named yet, is named now.
pub(super) async fn tell(
    State(site): State<Site>,
    page: Page,
    Path(upload): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if let Some(refusal) = other_version(&headers) {
        return Ok(refusal);
    }
    let (upload, _turn) = own(&site, &page, &upload).await?;
    let offset = offset(&site, &upload).await?;
    if offset == upload.size_bytes && !upload.is_complete() {
        complete(&site, &page, &upload, site.files.resume(upload.id).await?).await?;
    }
    let mut response = StatusCode::OK.into_response();
    describe(&mut response, &upload, offset)?;
    Ok(response)
}

/// `PATCH`: bytes from the offset on.
pub(super) async fn go_on(
    State(site): State<Site>,
    page: Page,
    Path(upload): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    if let Some(refusal) = other_version(&headers) {
        return Ok(refusal);
    }
    let kind = headers.get(header::CONTENT_TYPE).map(http::HeaderValue::as_bytes);
    if kind != Some(b"application/offset+octet-stream") {
        return Err(Code::MediaTypeUnsupported.into());
    }
    let (upload, turn) = own(&site, &page, &upload).await?;
    let here = offset(&site, &upload).await?;
    if number(&headers, "upload-offset") != Some(here) {
        return Err(Error::new(Code::UploadOffset).with("offset", here).into());
    }
    let mut at = here;
    if !upload.is_complete() {
        site.store.touch_upload(upload.id).await?;
        let mut incoming = site.files.resume(upload.id).await?;
        let received = receive(&mut incoming, &turn, upload.size_bytes, body).await;
        // Also what came before something went wrong: the next request goes on behind it.
        at = incoming.sync().await?;
        received?;
        if at == upload.size_bytes {
            complete(&site, &page, &upload, incoming).await?;
        }
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    describe(&mut response, &upload, at)?;
    Ok(response)
}

/// `DELETE`.
pub(super) async fn give_up(
    State(site): State<Site>,
    page: Page,
    Path(upload): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if let Some(refusal) = other_version(&headers) {
        return Ok(refusal);
    }
    let (upload, _turn) = own(&site, &page, &upload).await?;
    site.store.end_upload(upload.id).await?;
    site.files.give_up(upload.id).await?;
    Ok((StatusCode::NO_CONTENT, [("tus-resumable", "1.0.0")]).into_response())
}

/// The visitor's own upload, and the turn to write it. `upload_gone` for those that are over, and to
/// everybody else. Who may no longer add anything there does not.
async fn own(site: &Site, page: &Page, number: &str) -> Result<(Upload, Turn), Error> {
    let person = page.signed_in()?.person.id;
    let id: UploadId = number.parse().map_err(|_| Code::NotFound)?;
    let find = async || {
        let upload = site.store.upload(id).await?.filter(|upload| upload.person == person);
        upload.ok_or_else(|| Error::new(Code::UploadGone))
    };
    // Before its turn is taken from whoever writes it.
    let found = find().await?;
    match found.assignment {
        None => drop(meeting::managed(site, page, &found.meeting.to_string()).await?),
        Some(assignment) => drop(assignment::adding(site, page, assignment).await?),
    }
    let turn = site.files.turn(id).await;
    Ok((find().await?, turn))
}

async fn offset(site: &Site, upload: &Upload) -> Result<u64, Error> {
    if upload.is_complete() { Ok(upload.size_bytes) } else { site.files.arrived_bytes(upload.id).await }
}

/// Writes what comes, until it ends or another request takes the turn.
async fn receive(incoming: &mut Incoming, turn: &Turn, size_bytes: u64, body: Body) -> Result<(), Error> {
    let mut stream = body.into_data_stream();
    loop {
        let bytes = tokio::select! {
            bytes = stream.next() => bytes,
            () = turn.taken() => return Err(Code::UploadOffset.into()),
        };
        let bytes = match bytes {
            None => return Ok(()),
            Some(bytes) => bytes.map_err(|error| Error::new(Code::BadRequest).because(error))?,
        };
        if incoming.size_bytes() + bytes.len() as u64 > size_bytes {
            return Err(Error::new(Code::FileTooLarge).with("most", crate::files::megabytes(size_bytes)));
        }
        incoming.push(&bytes).await?;
    }
}

async fn complete(site: &Site, page: &Page, upload: &Upload, incoming: Incoming) -> Result<(), Error> {
    let arrived = incoming.finish().await?;
    let new = new_file(&arrived, upload.name.clone(), upload.person);
    let (store, meeting, person, id) = (site.store.clone(), upload.meeting, upload.person, upload.id);
    let arrived = vec![arrived];
    let Some(assignment) = upload.assignment else {
        let new = NewMaterial { title: None, matter: NewMatter::File(new) };
        let added = async move { store.add_material(meeting, new, Some(id)).await };
        return site.files.keep(arrived, added).await.map(drop);
    };
    match assignment::adding(site, page, assignment).await? {
        Adding::ToAssignment => {
            let added = async move { store.add_assignment_files(assignment, vec![new], Some(id)).await };
            site.files.keep(arrived, added).await
        }
        Adding::ToSubmission => {
            let added = async move { store.hand_in_upload(assignment, person, new, id).await };
            site.files.keep(arrived, added).await
        }
    }
}
