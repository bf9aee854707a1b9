//! A form with files, as a page without a script sends it: its fields, and its files on the card. They
//! stream there one after the other; of a form that breaks off nothing stays but what was typed.
//!
//! The token and the fields stand before the files in our forms, so that a form that is not ours
//! touches no card, and what was typed is known whatever happens to the files.

use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest as _, Multipart, Request};
use base::id::PersonId;
use base::{Code, Error, limits, text};
use http::{HeaderMap, StatusCode, header};
use store::NewFile;

use super::Site;
use super::page::Page;
use crate::auth::form_token;
use crate::files::{Arrived, Files, Incoming, kind, megabytes};

/// What a form may carry.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    /// Files.
    pub(super) most_files: usize,
    /// What is wrong with one more.
    pub(super) too_many: Code,
    /// Bytes of each.
    pub(super) file_bytes: u64,
    /// Why none is taken at all.
    pub(super) refused: Option<Code>,
}

/// A form while it arrives.
pub(super) struct FileForm {
    form: Multipart,
    /// Bytes that it says it has; without a word, as many as a file may have.
    announced: u64,
    fields: Vec<(String, String)>,
    files: Vec<(String, Arrived)>,
}

impl FileForm {
    /// Begins to read a request's body.
    pub(super) async fn open(request: Request) -> Result<Self, Error> {
        let announced = announced(request.headers());
        let form = Multipart::from_request(request, &()).await;
        let form = form.map_err(|rejection| refused(rejection.status()))?;
        Ok(Self { form, announced, fields: Vec::new(), files: Vec::new() })
    }

    /// What was typed into `name`, as far as it has arrived.
    pub(super) fn get(&self, name: &str) -> &str {
        field_of(&self.fields, name)
    }

    /// Takes everything. `form_stale` without the visitor's token.
    pub(super) async fn read(&mut self, site: &Site, page: &Page, rules: Rules) -> Result<(), Error> {
        while let Some(field) = self.form.next_field().await.map_err(broken)? {
            let Some(given) = field.file_name().map(str::to_owned) else {
                let name = field.name().unwrap_or_default().to_owned();
                if self.fields.len() >= limits::FORM_FIELDS {
                    return Err(Code::BadRequest.into());
                }
                self.fields.push((name, small(field).await?));
                continue;
            };
            // Before a file touches the card.
            if !form_token::same(&page.signed_in()?.form_token, field_of(&self.fields, form_token::FIELD)) {
                return Err(Code::FormStale.into());
            }
            // A field in which nothing was chosen sends a file without a name.
            if given.is_empty() {
                continue;
            }
            if let Some(code) = rules.refused {
                return Err(code.into());
            }
            if self.files.is_empty() {
                site.files.check_room(self.announced).await?;
            }
            if self.files.len() >= rules.most_files {
                return Err(Error::new(rules.too_many).with("most", rules.most_files));
            }
            let arrived = one(&site.files, field, rules.file_bytes).await?.ok_or(Code::FileEmpty)?;
            self.files.push((text::file_name(&given), arrived));
        }
        if form_token::same(&page.signed_in()?.form_token, self.get(form_token::FIELD)) {
            Ok(())
        } else {
            Err(Code::FormStale.into())
        }
    }

    /// The files, with what the store is told of each.
    pub(super) fn take_files(&mut self, person: PersonId) -> (Vec<Arrived>, Vec<NewFile>) {
        let files = std::mem::take(&mut self.files).into_iter();
        files
            .map(|(name, arrived)| {
                let new = new_file(&arrived, name, person);
                (arrived, new)
            })
            .unzip()
    }

    /// Reads what is left and keeps nothing of it: a browser that still sends does not read what is
    /// answered.
    pub(super) async fn drain(&mut self) {
        while let Ok(Some(mut field)) = self.form.next_field().await {
            while let Ok(Some(_)) = field.chunk().await {}
        }
    }
}

/// What the store is told of a file that has arrived.
pub(super) fn new_file(arrived: &Arrived, name: String, person: PersonId) -> NewFile {
    NewFile {
        sha256: arrived.sha256,
        size_bytes: arrived.size_bytes,
        media_type: kind::of(&arrived.beginning, &name),
        name,
        person,
    }
}

fn field_of<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

fn announced(headers: &HeaderMap) -> u64 {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    length.unwrap_or(limits::FILE_BYTES)
}

/// A file on the card; `None` for an empty one.
async fn one(files: &Files, mut field: Field<'_>, most: u64) -> Result<Option<Arrived>, Error> {
    let mut incoming: Option<Incoming> = None;
    while let Some(bytes) = field.chunk().await.map_err(broken)? {
        if bytes.is_empty() {
            continue;
        }
        let incoming = match &mut incoming {
            Some(incoming) => incoming,
            none => none.insert(files.take().await?),
        };
        if incoming.size_bytes() + bytes.len() as u64 > most {
            return Err(Error::new(Code::FileTooLarge).with("most", megabytes(most)));
        }
        incoming.push(&bytes).await?;
    }
    match incoming {
        Some(incoming) => incoming.finish().await.map(Some),
        None => Ok(None),
    }
}

async fn small(mut field: Field<'_>) -> Result<String, Error> {
    let mut text = Vec::new();
    while let Some(bytes) = field.chunk().await.map_err(broken)? {
        if text.len() + bytes.len() > limits::MATERIAL_FORM_BYTES {
            return Err(Code::BodyTooLarge.into());
        }
        text.extend_from_slice(&bytes);
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
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
