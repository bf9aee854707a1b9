//! A file on its way to a browser: whole or a range, or only that nothing has changed.
//!
//! tower-http's `ServeFile` would stamp it with the time of an object, of which dedup makes
//! nonsense; by the content's hash a browser asks for the rest of exactly what it has.

use std::fmt::Write as _;
use std::io::SeekFrom;
use std::ops::RangeInclusive;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use base::{Result, limits};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use store::StoredFile;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use super::kind::{self, Show};
use super::{Files, failed};

/// For everything that is shown or downloaded: no script, no form, no origin.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
/// The browsers' own viewers of PDF do not run in a sandbox. They give a document's scripts neither
/// our origin nor the network.
const POLICY_DOCUMENT: &str =
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'";

/// What a browser asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    /// The request's header.
    pub(crate) headers: &'a HeaderMap,
    /// Whether it says that it wants to keep the file rather than see it.
    pub(crate) download: bool,
}

/// What of a file is sent.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Whole,
    Range(RangeInclusive<u64>),
    Unchanged,
    /// The range is behind the end.
    Unsatisfiable,
}

impl Files {
    /// Answers with a file that the asker may have.
    pub(crate) async fn serve(&self, file: &StoredFile, asked: Asked<'_>) -> Result<Response> {
        let tag = format!("\"{}\"", data_encoding::HEXLOWER.encode(&file.sha256.0));
        let part = part(asked.headers, &tag, file.size_bytes);
        let size = file.size_bytes;
        let mut response = match part {
            Part::Unchanged => StatusCode::NOT_MODIFIED.into_response(),
            Part::Unsatisfiable => {
                let range = format!("bytes */{size}");
                (StatusCode::RANGE_NOT_SATISFIABLE, [(header::CONTENT_RANGE, range)]).into_response()
            }
            Part::Whole => {
                let body = self.body(file, 0..=size.saturating_sub(1)).await?;
                ([(header::CONTENT_LENGTH, size)], body).into_response()
            }
            Part::Range(range) => {
                let (first, last) = (*range.start(), *range.end());
                let body = self.body(file, range).await?;
                let headers = [
                    (header::CONTENT_RANGE, format!("bytes {first}-{last}/{size}")),
                    (header::CONTENT_LENGTH, (last - first + 1).to_string()),
                ];
                (StatusCode::PARTIAL_CONTENT, headers, body).into_response()
            }
        };
        describe(response.headers_mut(), file, &tag, asked.download);
        Ok(response)
    }

    async fn body(&self, file: &StoredFile, range: RangeInclusive<u64>) -> Result<Body> {
        let object = self.open_object(file.sha256).await?;
        let mut object = tokio::fs::File::from_std(object);
        object.seek(SeekFrom::Start(*range.start())).await.map_err(failed)?;
        let part = object.take(range.end() - range.start() + 1);
        Ok(Body::from_stream(ReaderStream::with_capacity(part, limits::FILE_CHUNK_BYTES)))
    }
}

/// What every answer about a file says.
fn describe(headers: &mut HeaderMap, file: &StoredFile, tag: &str, download: bool) {
    let show = kind::show(&file.media_type);
    let policy = if show == Show::Document { POLICY_DOCUMENT } else { POLICY };
    let inline = show != Show::Download && !download;
    headers.insert(header::CONTENT_TYPE, value(&file.media_type));
    headers.insert(header::CONTENT_DISPOSITION, value(&disposition(inline, &file.name)));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::ETAG, value(tag));
    // Kept by the browser, but asked about: who may no longer have it, does not see it again.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
}

/// Ours to write are ASCII only.
fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// What of the file to send (RFC 9110, 13.2.2 and 14.2). Several ranges at once, which no browser
/// asks for, get the whole.
fn part(headers: &HeaderMap, tag: &str, size_bytes: u64) -> Part {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if let Some(known) = text(header::IF_NONE_MATCH)
        && known.split(',').any(|one| one.trim() == "*" || one.trim().trim_start_matches("W/") == tag)
    {
        return Part::Unchanged;
    }
    let Some(range) = text(header::RANGE) else { return Part::Whole };
    // The rest of another file must not be glued to what the browser has.
    if text(header::IF_RANGE).is_some_and(|known| known != tag) {
        return Part::Whole;
    }
    let Ok(parsed) = http_range_header::parse_range_header(range) else { return Part::Whole };
    if parsed.len() != 1 {
        return Part::Whole;
    }
    match parsed.validate(size_bytes).map(|mut ranges| ranges.pop()) {
        Ok(Some(range)) => Part::Range(range),
        Ok(None) => Part::Whole,
        Err(_) => Part::Unsatisfiable,
    }
}

/// `Content-Disposition` (RFC 6266): a plain name for old programs, the true one as RFC 8187 has it.
pub(crate) fn disposition(inline: bool, name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|character| match character {
            '"' | '\\' | '%' => '_',
            ' '..='~' => character,
            _ => '_',
        })
        .collect();
    let mut text =
        format!("{}; filename=\"{plain}\"; filename*=UTF-8''", if inline { "inline" } else { "attachment" });
    for byte in name.bytes() {
        // attr-char of RFC 8187, 3.2.1.
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("a String takes all that is written");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &str)]) -> Part {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().expect("a header's value"));
        }
        part(&headers, "\"abc\"", 1_000)
    }

    #[test]
    fn ranges_and_conditions_are_understood() {
        assert_eq!(asked(&[]), Part::Whole);
        assert_eq!(asked(&[("range", "bytes=0-")]), Part::Range(0..=999));
        assert_eq!(asked(&[("range", "bytes=10-19")]), Part::Range(10..=19));
        assert_eq!(asked(&[("range", "bytes=-10")]), Part::Range(990..=999));
        assert_eq!(asked(&[("range", "bytes=990-5000")]), Part::Range(990..=999));
        assert_eq!(asked(&[("range", "bytes=1000-")]), Part::Unsatisfiable);
        assert_eq!(asked(&[("range", "bytes=5-2")]), Part::Whole);
        assert_eq!(asked(&[("range", "pages=1-2")]), Part::Whole);
        assert_eq!(asked(&[("range", "bytes=0-1,5-6")]), Part::Whole);
        assert_eq!(asked(&[("range", "bytes=10-19"), ("if-range", "\"abc\"")]), Part::Range(10..=19));
        assert_eq!(asked(&[("range", "bytes=10-19"), ("if-range", "\"abd\"")]), Part::Whole);
        assert_eq!(asked(&[("if-none-match", "\"x\", W/\"abc\"")]), Part::Unchanged);
        assert_eq!(asked(&[("if-none-match", "*")]), Part::Unchanged);
        assert_eq!(asked(&[("if-none-match", "\"x\""), ("range", "bytes=1-1")]), Part::Range(1..=1));
    }

    #[test]
    fn names_are_told_to_old_and_new_programs() {
        for (name, expected) in [
            ("Gaya.pdf", "inline; filename=\"Gaya.pdf\"; filename*=UTF-8''Gaya.pdf"),
            ("a b%\"c.txt", "inline; filename=\"a b__c.txt\"; filename*=UTF-8''a%20b%25%22c.txt"),
            ("Größe.pdf", "inline; filename=\"Gr__e.pdf\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe.pdf"),
            ("a\r\nX: y", "inline; filename=\"a__X: y\"; filename*=UTF-8''a%0D%0AX%3A%20y"),
        ] {
            assert_eq!(disposition(true, name), expected);
        }
        assert!(disposition(false, "a").starts_with("attachment; "));
    }
}
