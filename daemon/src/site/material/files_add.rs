//! `POST /meetings/{meeting}/materials/files`: files in one form, without a script. They stream to
//! the card; of a form that breaks off nothing stays.

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Path, Request, State};
use axum::response::Response;
use base::{Code, Error, limits, text};
use http::{HeaderMap, StatusCode, header};
use store::{Meeting, NewFile, NewMaterial, NewMatter};

use super::material_add;
use crate::auth::form_token;
use crate::files::{Arrived, Files, Incoming, kind};
use crate::site::Site;
use crate::site::meeting;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

/// A form's token has 22 characters, a title at most four times [`limits::TITLE_CHARACTERS`].
const FIELD_BYTES: usize = 4 * limits::TITLE_CHARACTERS;

pub(super) async fn add(
    State(site): State<Site>,
    Path(meeting): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let page = Page::of(&site, &parts).await?;
    let meeting = meeting::managed(&site, &page, &meeting).await?;
    let announced = announced(&parts.headers);
    let form = Multipart::from_request(Request::from_parts(parts, body), &()).await;
    let mut form = form.map_err(|rejection| refused(rejection.status()))?;
    let page = page.at(format!("/meetings/{}/materials", meeting.id));
    match take(&site, &page, &meeting, &mut form, announced).await {
        Ok(()) => Ok(super::back(&meeting, "material.added")),
        Err(error) => {
            // A browser that still sends does not read what is answered.
            drain(&mut form).await;
            material_add::show_refused_files(&site, &page, &meeting, error).await
        }
    }
}

/// Bytes that the form says it has; without a word, as many as a file may have.
fn announced(headers: &HeaderMap) -> u64 {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    length.unwrap_or(limits::FILE_BYTES)
}

async fn take(
    site: &Site,
    page: &Page,
    meeting: &Meeting,
    form: &mut Multipart,
    announced: u64,
) -> Result<(), Error> {
    let mut is_ours = false;
    let mut files = Vec::new();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let Some(given) = field.file_name().map(str::to_owned) else {
            if field.name() == Some(form_token::FIELD) {
                let sent = small(field).await?;
                is_ours = form_token::same(&page.signed_in()?.form_token, &sent);
            }
            continue;
        };
        // Before a file touches the card. The token stands first in our form.
        if !is_ours {
            return Err(Code::FormStale.into());
        }
        if files.is_empty() {
            site.files.check_room(announced).await?;
        }
        if files.len() >= limits::MATERIALS_PER_MEETING {
            return Err(Error::new(Code::MaterialsTooMany).with("most", limits::MATERIALS_PER_MEETING));
        }
        match one(&site.files, field).await? {
            Some(arrived) => files.push((text::file_name(&given), arrived)),
            // A form in which nothing was chosen sends a file without a name.
            None if given.is_empty() => {}
            None => return Err(Code::FileEmpty.into()),
        }
    }
    if files.is_empty() {
        return Err(Code::FileMissing.into());
    }
    for (name, arrived) in files {
        keep(site, page, meeting, name, arrived).await?;
    }
    Ok(())
}

/// A file on the card; `None` for an empty one.
async fn one(files: &Files, mut field: Field<'_>) -> Result<Option<Arrived>, Error> {
    let mut incoming: Option<Incoming> = None;
    while let Some(bytes) = field.chunk().await.map_err(broken)? {
        if bytes.is_empty() {
            continue;
        }
        let incoming = match &mut incoming {
            Some(incoming) => incoming,
            none => none.insert(files.take().await?),
        };
        if incoming.size_bytes() + bytes.len() as u64 > limits::FILE_BYTES {
            let most = crate::files::megabytes(limits::FILE_BYTES);
            return Err(Error::new(Code::FileTooLarge).with("most", most));
        }
        incoming.push(&bytes).await?;
    }
    match incoming {
        Some(incoming) => incoming.finish().await.map(Some),
        None => Ok(None),
    }
}

async fn keep(
    site: &Site,
    page: &Page,
    meeting: &Meeting,
    name: String,
    arrived: Arrived,
) -> Result<(), Error> {
    let file = NewFile {
        sha256: arrived.sha256,
        size_bytes: arrived.size_bytes,
        media_type: kind::of(&arrived.beginning, &name),
        name,
        person: page.signed_in()?.person.id,
    };
    let new = NewMaterial { title: None, matter: NewMatter::File(file) };
    let (store, meeting) = (site.store.clone(), meeting.id);
    site.files.keep(vec![arrived], async move { store.add_material(meeting, new, None).await }).await?;
    Ok(())
}

async fn small(mut field: Field<'_>) -> Result<String, Error> {
    let mut text = Vec::new();
    while let Some(bytes) = field.chunk().await.map_err(broken)? {
        if text.len() + bytes.len() > FIELD_BYTES {
            return Err(Code::BodyTooLarge.into());
        }
        text.extend_from_slice(&bytes);
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

async fn drain(form: &mut Multipart) {
    while let Ok(Some(mut field)) = form.next_field().await {
        while let Ok(Some(_)) = field.chunk().await {}
    }
}

fn broken(error: MultipartError) -> Error {
    refused(error.status()).because(error)
}

fn refused(status: StatusCode) -> Error {
    Error::new(match status {
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::MediaTypeUnsupported,
        _ => Code::BadRequest,
    })
}
