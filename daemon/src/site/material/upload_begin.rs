//! `/meetings/{meeting}/uploads` and `/assignments/{assignment}/uploads`: an upload begins (tus 1.0,
//! extension `creation`).

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use base::id::{AssignmentId, MeetingId};
use base::{Code, Error, limits, text};
use data_encoding::BASE64;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use store::{NewUpload, Upload};

use crate::site::Site;
use crate::site::meeting;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

/// The version that we speak.
const VERSION: &str = "1.0.0";

/// `OPTIONS`: what is spoken here.
pub(in crate::site) async fn tell() -> Response {
    let headers = [
        ("tus-resumable", VERSION.to_owned()),
        ("tus-version", VERSION.to_owned()),
        ("tus-extension", "creation,expiration,termination".to_owned()),
        ("tus-max-size", limits::FILE_BYTES.to_string()),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// `POST`.
pub(super) async fn begin(
    State(site): State<Site>,
    page: Page,
    Path(meeting): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if let Some(refusal) = other_version(&headers) {
        return Ok(refusal);
    }
    let meeting = meeting::managed(&site, &page, &meeting).await?;
    let aim = Aim { meeting: meeting.id, assignment: None, most_bytes: limits::FILE_BYTES };
    Ok(begin_for(&site, &page, &headers, aim).await?)
}

/// What an upload is for.
#[derive(Clone, Copy)]
pub(in crate::site) struct Aim {
    /// Where it becomes a material, or whose assignment it is for.
    pub(in crate::site) meeting: MeetingId,
    /// Which assignment it is for; without, it becomes a material.
    pub(in crate::site) assignment: Option<AssignmentId>,
    /// How large it may be.
    pub(in crate::site) most_bytes: u64,
}

/// Begins an upload of the visitor, who may.
pub(in crate::site) async fn begin_for(
    site: &Site,
    page: &Page,
    headers: &HeaderMap,
    aim: Aim,
) -> Result<Response, Error> {
    let size_bytes = number(headers, "upload-length").ok_or(Code::BadRequest)?;
    if size_bytes == 0 {
        return Err(Code::FileEmpty.into());
    }
    if size_bytes > aim.most_bytes {
        return Err(Error::new(Code::FileTooLarge).with("most", crate::files::megabytes(aim.most_bytes)));
    }
    site.files.check_room(size_bytes).await?;
    let person = page.signed_in()?.person.id;
    let name = file_name(headers)?;
    let new = NewUpload { person, meeting: aim.meeting, assignment: aim.assignment, name, size_bytes };
    let upload = site.store.create_upload(new).await?;
    let mut response = StatusCode::CREATED.into_response();
    let place = format!("/uploads/{}", upload.id);
    response.headers_mut().insert(header::LOCATION, ascii(&place)?);
    describe(&mut response, &upload, 0)?;
    Ok(response)
}

/// The refusal of a client that speaks another version.
pub(in crate::site) fn other_version(headers: &HeaderMap) -> Option<Response> {
    let spoken = headers.get("tus-resumable").map(HeaderValue::as_bytes);
    if spoken == Some(VERSION.as_bytes()) {
        return None;
    }
    let ours = [("tus-resumable", VERSION), ("tus-version", VERSION)];
    Some((StatusCode::PRECONDITION_FAILED, ours).into_response())
}

/// What every answer about an upload says.
pub(super) fn describe(response: &mut Response, upload: &Upload, offset: u64) -> Result<(), Error> {
    let expires = upload.used_at.plus(limits::UPLOAD_IDLE_MS).0 / 1_000;
    let expires =
        jiff::Timestamp::from_second(expires).map_err(|error| Error::new(Code::Internal).because(error))?;
    let expires = expires.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let headers = response.headers_mut();
    headers.insert("tus-resumable", HeaderValue::from_static(VERSION));
    headers.insert("upload-offset", offset.into());
    headers.insert("upload-length", upload.size_bytes.into());
    headers.insert("upload-expires", ascii(&expires)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(())
}

/// A header that is a number.
pub(super) fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// `filename` of `Upload-Metadata`: pairs of a key and Base64, with commas between.
fn file_name(headers: &HeaderMap) -> Result<String, Error> {
    let Some(pairs) = headers.get("upload-metadata") else { return Ok(text::file_name("")) };
    let pairs = pairs.to_str().map_err(|_| Code::BadRequest)?;
    let encoded = pairs.split(',').find_map(|pair| pair.trim().strip_prefix("filename "));
    let name = BASE64.decode(encoded.unwrap_or_default().trim().as_bytes()).map_err(|_| Code::BadRequest)?;
    Ok(text::file_name(&String::from_utf8_lossy(&name)))
}

fn ascii(text: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(text).map_err(|error| Error::new(Code::Internal).because(error))
}
