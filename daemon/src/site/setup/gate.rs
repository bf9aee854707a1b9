//! While the box belongs to nobody, every page leads to the wizard.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base::Code;
use http::header;

use crate::site::Site;
use crate::site::refusal::Refusal;

/// What is open to everybody all the same: the wizard itself guards its steps, and a page needs
/// its style, its language, and the way to the certificate that a browser complains about.
const OPEN: [&str; 5] = ["/assets/", "/language", "/setup", "/trust", crate::portal::PATH];

/// Who changes something here is a page of this box in a browser, which says so: `origin_refused`
/// without `Origin`, before anything is read. Whether it is ours is checked for the whole site.
pub(in crate::site) async fn needs_origin(request: Request, next: Next) -> Response {
    if !request.method().is_safe() && !request.headers().contains_key(header::ORIGIN) {
        return Refusal::from(Code::OriginRefused).into_response();
    }
    next.run(request).await
}

/// The layer.
pub(in crate::site) async fn lead_to_setup(
    State(site): State<Site>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    if OPEN.iter().any(|open| path.starts_with(open)) {
        return next.run(request).await;
    }
    match site.setup.is_claimed().await {
        Ok(true) => next.run(request).await,
        Ok(false) => Refusal::from(Code::NotSetUp).into_response(),
        Err(error) => Refusal(error).into_response(),
    }
}
