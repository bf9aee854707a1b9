//! A form as it was sent: its fields, and the proof that it came from our own page.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{FromRequest, Multipart, Request};
use base::{Code, Error, limits};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};

use super::Site;
use super::next;
use super::page::Page;
use super::refusal::Refusal;
use crate::auth::form_token;
use crate::i18n::Language;

/// A sent form, and the frame of the page that answers it.
pub(crate) struct Form {
    /// The frame.
    pub(crate) page: Page,
    fields: Vec<(String, String)>,
    files: Vec<(String, Bytes)>,
}

impl Form {
    /// What was typed into `name`; empty if the field was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    /// What was sent for `name`; `None` if the field was not sent.
    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Everything that was sent for `name`, as of boxes that are ticked.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.fields.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The fields whose names begin so: the rest of each name, and what was typed into it.
    pub(crate) fn starting_with(&self, prefix: &str) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }

    /// The bytes of the file that was chosen for `name`; none if none was.
    pub(crate) fn file(&self, name: &str) -> &[u8] {
        self.files.iter().find(|(known, _)| known == name).map_or(&[], |(_, bytes)| bytes)
    }

    /// Where to go afterwards: the field `next`, if it is an address of this site.
    pub(crate) fn next(&self) -> &str {
        next::local(self.get("next"))
    }
}

impl FromRequest<Site> for Form {
    type Rejection = Refusal;

    /// `form_stale` if somebody is signed in and the form does not carry their token.
    async fn from_request(request: Request, site: &Site) -> Result<Self, Refusal> {
        let (parts, body) = request.into_parts();
        let page = Page::of(site, &parts).await?;
        let request = Request::from_parts(parts, body);
        let (fields, files) = if has_files(request.headers()) {
            with_files(request).await?
        } else {
            (plain(request).await?, Vec::new())
        };
        let form = Self { page, fields, files };
        if let Some(signed_in) = &form.page.visitor.signed_in
            && !form_token::same(&signed_in.form_token, form.get(form_token::FIELD))
        {
            return Err(Code::FormStale.into());
        }
        Ok(form)
    }
}

type Fields = Vec<(String, String)>;

async fn plain(request: Request) -> Result<Fields, Error> {
    let form = axum::Form::<Vec<(String, String)>>::from_request(request, &()).await;
    let axum::Form(fields) = form.map_err(|rejection| refused(rejection.status()))?;
    Ok(fields)
}

/// The fields of a form with files (RFC 7578). A file is kept as it is, and counts as text too, with
/// signs for what is none.
async fn with_files(request: Request) -> Result<(Fields, Vec<(String, Bytes)>), Error> {
    let form = Multipart::from_request(request, &()).await;
    let mut form = form.map_err(|rejection: MultipartRejection| refused(rejection.status()))?;
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    while let Some(field) = form.next_field().await.map_err(|error| refused(error.status()))? {
        if fields.len() >= limits::FORM_FIELDS {
            return Err(Code::BadRequest.into());
        }
        let name = field.name().unwrap_or_default().to_owned();
        let is_file = field.file_name().is_some();
        let bytes = field.bytes().await.map_err(|error| refused(error.status()))?;
        if is_file {
            files.push((name.clone(), bytes.clone()));
        }
        fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
    }
    Ok((fields, files))
}

fn has_files(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(http::HeaderValue::as_bytes);
    kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with(b"multipart/form-data"))
}

fn refused(status: StatusCode) -> Error {
    Error::new(match status {
        StatusCode::PAYLOAD_TOO_LARGE => Code::BodyTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::MediaTypeUnsupported,
        _ => Code::BadRequest,
    })
}

/// One field of a form that is shown: what was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Field {
    /// What it holds.
    pub(crate) value: String,
    /// The sentence beside it.
    pub(crate) error: Option<String>,
}

impl Field {
    /// A field that holds `value`.
    pub(crate) fn holding(value: &str) -> Self {
        Self { value: value.to_owned(), error: None }
    }

    /// Puts the error's sentence beside the field.
    pub(crate) fn refuse(&mut self, language: Language, error: &Error) {
        self.error = Some(language.error(error));
    }
}
