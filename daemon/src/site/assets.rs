//! Scripts and styles: embedded in a release, read from `web/dist` by a debug build.
//!
//! Their names carry a hash of their content, so a browser may keep them for ever.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::Code;
use bytes::Bytes;
use data_encoding::HEXLOWER;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::refusal::Refusal;

#[derive(RustEmbed)]
#[folder = "../web/dist"]
#[allow_missing = true]
struct Dist;

/// Which file carries which script or style today.
#[derive(Clone, Debug, Default)]
pub(crate) struct Assets(Arc<HashMap<String, String>>);

impl Assets {
    /// Reads the list that the build of `web/` left. A debug build reads it every time, so that
    /// a rebuilt style is seen on reload.
    pub(crate) fn current() -> Self {
        static ONCE: OnceLock<Assets> = OnceLock::new();
        if cfg!(debug_assertions) { Self::read() } else { ONCE.get_or_init(Self::read).clone() }
    }

    fn read() -> Self {
        let Some(manifest) = Dist::get("manifest.json") else {
            tracing::warn!("web/dist is not built: pages have no style and no script; run `make web`");
            return Self::default();
        };
        match serde_json::from_slice(&manifest.data) {
            Ok(files) => Self(Arc::new(files)),
            Err(error) => {
                tracing::error!(%error, "web/dist/manifest.json cannot be read; run `make web`");
                Self::default()
            }
        }
    }

    /// The file's path below the root of the site.
    pub(crate) fn file(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// `GET /assets/{file}`.
pub(super) async fn show(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Refusal> {
    let compressed =
        |name: &str| [".br", ".gz"].iter().any(|end| name.len() > end.len() && name.ends_with(end));
    if compressed(&file) {
        return Err(Code::NotFound.into());
    }
    let path = format!("assets/{file}");
    let (found, encoding) = best(&path, &headers).ok_or(Code::NotFound)?;
    let hash = HEXLOWER.encode(&found.metadata.sha256_hash()[..16]);
    let tag = format!("\"{hash}\"");
    let mut response = if headers.get(header::IF_NONE_MATCH).is_some_and(|given| given == tag.as_str()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Body::from(bytes(found)).into_response()
    };
    let kind = mime_guess::from_path(&file).first_or_octet_stream();
    let kind = if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    for (name, value) in [
        (header::CONTENT_TYPE, kind.as_str()),
        (header::ETAG, tag.as_str()),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::VARY, "accept-encoding"),
    ] {
        response.headers_mut().insert(name, HeaderValue::try_from(value).expect("plain characters"));
    }
    if let Some(encoding) = encoding {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    Ok(response)
}

/// The smallest form of the file that the client understands.
fn best(path: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    for (encoding, end) in [("br", "br"), ("gzip", "gz")] {
        if accepts(accepted, encoding)
            && let Some(file) = Dist::get(&format!("{path}.{end}"))
        {
            return Some((file, Some(encoding)));
        }
    }
    Dist::get(path).map(|file| (file, None))
}

/// Whether `Accept-Encoding` names `encoding` with a weight over zero (RFC 9110, 12.5.3).
fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        let weight = weight.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
        name.trim().eq_ignore_ascii_case(encoding) && weight.is_ok_and(|weight| weight > 0.0)
    })
}

fn bytes(file: EmbeddedFile) -> Bytes {
    match file.data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_with_weight_zero_is_refused() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.1", "br"));
        assert!(!accepts("br;q=0, gzip", "br"));
        assert!(!accepts("brotli", "br"));
        assert!(!accepts("", "gzip"));
    }
}
