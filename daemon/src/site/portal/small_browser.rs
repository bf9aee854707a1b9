//! The class never runs in the small browser that a phone opens for a captive portal: there is no
//! camera in it, and it may be closed at any moment, on Apple's together with the Wi-Fi.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::uri::PathAndQuery;
use http::{HeaderValue, Method, StatusCode, header};

use crate::portal;
use crate::portal::browser::{self, Browser};
use crate::site::next;

/// Layer: whatever page such a browser asks for, it is shown the portal's, which says how to open
/// that page in a real one.
pub(crate) async fn send_out(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let reads_page = matches!(*request.method(), Method::GET | Method::HEAD) && browser::wants_html(headers);
    if !reads_page || request.uri().path() == portal::PATH || !Browser::of(headers).is_small() {
        return next.run(request).await;
    }
    let page = request.uri().path_and_query().map_or("/", PathAndQuery::as_str);
    let location = HeaderValue::try_from(next::with(portal::PATH, page));
    let location = location.expect("an encoded address is plain characters");
    let headers =
        [(header::LOCATION, location), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    (StatusCode::FOUND, headers).into_response()
}
