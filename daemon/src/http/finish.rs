//! What every response gets on its way out: safe headers, a count, a line in the log.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use base::clock::Stopwatch;
use base::{Code, limits};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::http::body::{self, Late};
use crate::http::counters::Counters;
use crate::http::peer::{Peer, Transport};
use crate::http::problem::Problem;

/// Wraps the whole router. A route that takes larger bodies lifts the limit for itself with its
/// own `DefaultBodyLimit`.
pub(crate) fn wrap(router: Router, counters: Arc<Counters>) -> Router {
    router
        .layer(DefaultBodyLimit::max(limits::REQUEST_BODY_BYTES))
        .layer(from_fn_with_state(counters, finish))
}

async fn finish(State(counters): State<Arc<Counters>>, request: Request, next: Next) -> Response {
    let started = Stopwatch::start();
    let method = request.method().clone();
    // Paths and queries hold secrets: one-time links, join codes, ids of fallback connections.
    let route = request.extensions().get::<MatchedPath>().cloned();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    tracing::trace!(%method, route, "request begins");
    let transport = request.extensions().get::<Peer>().map_or(Transport::Plain, |peer| peer.transport);
    let (request, late) = body::limit(request);
    let mut response = explain(next.run(request).await, &late);
    headers(response.headers_mut(), transport);
    let took = started.elapsed();
    counters.answered(response.status(), took);
    tracing::debug!(%method, route, status = response.status().as_u16(), ?took, "request");
    response
}

/// Gives a refusal of axum's own extractors the form that all our errors have.
fn explain(response: Response, late: &Late) -> Response {
    if late.is_late() {
        return Problem::from(Code::RequestTimeout).into_response();
    }
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE && !is_explained(response.headers()) {
        return Problem::from(Code::BodyTooLarge).into_response();
    }
    response
}

/// Whether a handler has said what is wrong, to a program or on a page.
fn is_explained(headers: &HeaderMap) -> bool {
    let form = headers.get(header::CONTENT_TYPE).map(http::HeaderValue::as_bytes);
    form.is_some_and(|form| form == b"application/problem+json" || form.starts_with(b"text/html"))
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

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;
    use crate::logging::memory::Log;

    #[tokio::test]
    async fn the_log_names_the_route_and_no_secret_of_the_path() {
        let log = Log::default();
        let _logging = tracing::subscriber::set_default(log.subscriber());
        let router = wrap(Router::new().route("/link/{token}", get(async || "")), Arc::default());
        for path in ["/link/geheim?next=geheim", "/lnik/geheim"] {
            let request = Request::builder().uri(path).body(Body::empty()).expect("a request");
            router.clone().oneshot(request).await.expect("infallible");
        }
        let text = log.text();
        assert!(text.contains("/link/{token}") && text.contains("status=404"), "{text}");
        assert!(!text.contains("geheim"), "{text}");
    }
}
