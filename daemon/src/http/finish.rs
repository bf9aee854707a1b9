//! What every response gets on its way out: safe headers, a count, a line in the log.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use base::clock::Stopwatch;
use base::{Code, limits};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::http::counters::Counters;
use crate::http::peer::{Peer, Transport};
use crate::http::problem::Problem;

/// Wraps the whole router. A route that takes larger bodies lifts the limit for itself with its
/// own `DefaultBodyLimit`.
pub(crate) fn wrap(router: Router, counters: Arc<Counters>) -> Router {
    router
        .layer(DefaultBodyLimit::max(limits::REQUEST_BODY_BYTES))
        .layer(RequestBodyTimeoutLayer::new(Duration::from_millis(limits::BODY_TIMEOUT_MS)))
        .layer(from_fn_with_state(counters, finish))
}

async fn finish(State(counters): State<Arc<Counters>>, request: Request, next: Next) -> Response {
    let started = Stopwatch::start();
    let method = request.method().clone();
    // The path alone: a query may hold a secret.
    let path = request.uri().path().to_owned();
    tracing::trace!(%method, path, "request begins");
    let transport = request.extensions().get::<Peer>().map_or(Transport::Plain, |peer| peer.transport);
    let mut response = explain(next.run(request).await);
    headers(response.headers_mut(), transport);
    counters.answered(response.status());
    tracing::debug!(%method, path, status = response.status().as_u16(), took = ?started.elapsed(), "request");
    response
}

/// Gives a refusal of axum's own extractors the form that all our errors have.
fn explain(response: Response) -> Response {
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE && !is_problem(response.headers()) {
        return Problem::from(Code::BodyTooLarge).into_response();
    }
    response
}

fn is_problem(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|form| form == "application/problem+json")
}

/// Sets what a handler did not set itself. No `Strict-Transport-Security`: it would take away
/// "proceed anyway", and with it rung 1 of the ladder of trust.
fn headers(headers: &mut HeaderMap, transport: Transport) {
    let always: [(HeaderName, &str); 3] = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    ];
    for (name, value) in always {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // Browsers ignore it without TLS and complain in the console.
    if transport == Transport::Tls {
        let name = HeaderName::from_static("cross-origin-opener-policy");
        headers.entry(name).or_insert(HeaderValue::from_static("same-origin"));
    }
}
