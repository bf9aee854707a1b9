//! Signing in and out, the password, the language.

pub(super) mod account_show;
mod device;
pub(super) mod handover;
pub(super) mod language_choose;
pub(super) mod link_redeem;
pub(super) mod password_set;
pub(super) mod session_end;
pub(super) mod sign_in;
pub(super) mod sign_out;

use axum::response::{IntoResponse as _, Redirect, Response};
use http::{HeaderValue, header};

/// A redirect that also sets a cookie.
pub(super) fn redirect_with(cookie: HeaderValue, address: &str) -> Response {
    let mut response = Redirect::to(address).into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
