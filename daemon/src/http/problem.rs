//! Errors as problem details (RFC 9457): status by kind, a stable `code`, never the cause.

use axum::Json;
use axum::response::{IntoResponse, Response};
use base::random::{READABLE, Random, SystemRandom};
use base::{Error, Kind};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value};

/// An error on its way to a program. `?` turns `base::Error` into it.
#[derive(Debug)]
pub(crate) struct Problem(pub(crate) Error);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<base::Code> for Problem {
    fn from(code: base::Code) -> Self {
        Self(Error::new(code))
    }
}

/// Which error a response tells of, for a layer that has better words for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told(pub(crate) base::Code);

/// Logs an error once, at the edge, and gives the reference that the user sees if the fault is
/// ours.
pub(crate) fn report(error: &Error) -> Option<String> {
    if matches!(error.kind(), Kind::Internal | Kind::Full | Kind::Unavailable) {
        let reference = SystemRandom.characters(READABLE, 6);
        tracing::error!(reference, code = error.code.name(), "{error}");
        Some(reference)
    } else {
        tracing::debug!(code = error.code.name(), "refused: {error}");
        None
    }
}

/// The status of an error's kind.
pub(crate) fn status(error: &Error) -> StatusCode {
    StatusCode::from_u16(error.kind().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let error = self.0;
        let status = status(&error);
        let mut body = Map::new();
        body.insert("type".into(), "about:blank".into());
        body.insert("title".into(), status.canonical_reason().unwrap_or("Error").into());
        body.insert("status".into(), status.as_u16().into());
        body.insert("code".into(), error.code.name().into());
        if let Some(reference) = report(&error) {
            body.insert("ref".into(), reference.into());
        }
        let args = error.args.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.clone())));
        body.insert("args".into(), Value::Object(args.collect()));
        let mut response = (status, Json(Value::Object(body))).into_response();
        let json = HeaderValue::from_static("application/problem+json");
        response.extensions_mut().insert(Told(error.code));
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
