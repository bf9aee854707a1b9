//! `POST /setup/restore`: a backup streams to the card, and is then looked through.

use axum::extract::multipart::Field;
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Code, Error, limits};
use tokio::io::{AsyncWriteExt as _, BufWriter};

use super::bringer::Bringer;
use super::restore_show::refused;
use crate::backup::{Receiving, Source};
use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

pub(super) async fn upload(State(site): State<Site>, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let page = Page::of(&site, &parts).await?;
    let bringer = Bringer::of(&site, &page, &parts.headers).await?;
    let announced = announced(&parts.headers);
    let form = Multipart::from_request(Request::from_parts(parts, body), &()).await;
    // Nor does anything else carry the token.
    let mut form = form.map_err(|_| Code::FormStale)?;
    let page = page.at("/setup/restore".to_owned());
    match take(&site, &page, &bringer, &mut form, announced).await {
        Ok(receiving) => {
            tracing::info!(who = Bringer::name(&page), what = "restore_upload", "applied");
            let path = receiving.path.clone();
            site.backup.begin(Source::Archive(path), receiving);
            Ok(Redirect::to("/setup/restore").into_response())
        }
        Err(error) => {
            drain(&mut form).await;
            refused(&site, &page, &bringer, error)
        }
    }
}

/// The fields stand before the file, so that nothing touches the card for somebody who may not.
async fn take(
    site: &Site,
    page: &Page,
    bringer: &Bringer,
    form: &mut Multipart,
    announced: u64,
) -> Result<Receiving, Error> {
    let (mut token, mut proof) = (String::new(), String::new());
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "form_token" => token = text(field).await?,
            "proof" => proof = text(field).await?,
            _ if field.file_name().is_some() => {
                bringer.check_token(page, &token)?;
                if bringer.stranger.is_some() {
                    bringer.check_proof(site, page, &proof).await?;
                }
                if field.file_name().is_some_and(str::is_empty) {
                    return Err(Code::FileMissing.into());
                }
                return receive(site, field, announced).await;
            }
            _ => {}
        }
    }
    bringer.check_token(page, &token)?;
    Err(Code::FileMissing.into())
}

async fn receive(site: &Site, mut field: Field<'_>, announced: u64) -> Result<Receiving, Error> {
    site.backup.check_room(announced).await?;
    let receiving = site.backup.receive().await?;
    let file = tokio::fs::File::create(&receiving.path).await.map_err(failed)?;
    let mut file = BufWriter::with_capacity(limits::UPLOAD_BATCH_BYTES, file);
    let mut bytes = 0;
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        bytes += chunk.len();
        file.write_all(&chunk).await.map_err(failed)?;
    }
    file.flush().await.map_err(failed)?;
    if bytes == 0 { Err(Code::FileMissing.into()) } else { Ok(receiving) }
}

async fn text(mut field: Field<'_>) -> Result<String, Error> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        if bytes.len() + chunk.len() > limits::REQUEST_BODY_BYTES {
            return Err(Code::BodyTooLarge.into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads what is left and keeps nothing of it: a browser that still sends does not read what is
/// answered.
async fn drain(form: &mut Multipart) {
    while let Ok(Some(mut field)) = form.next_field().await {
        while let Ok(Some(_)) = field.chunk().await {}
    }
}

/// Bytes that the form says it has; without a word, as many as one file may have.
fn announced(headers: &http::HeaderMap) -> u64 {
    let length = headers.get(http::header::CONTENT_LENGTH);
    length.and_then(|length| length.to_str().ok()?.parse().ok()).unwrap_or(limits::FILE_BYTES)
}

fn broken(error: axum::extract::multipart::MultipartError) -> Error {
    Error::new(Code::BadRequest).because(error)
}

fn failed(error: std::io::Error) -> Error {
    let full = matches!(error.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded);
    Error::new(if full { Code::StorageFull } else { Code::StorageFailed }).because(error)
}
