//! Signing in and out, the password, the language.

mod account_show;
mod card_redeem;
mod device;
mod handover;
pub(super) mod language_choose;
mod link_redeem;
mod name_choose;
mod password_set;
mod pin_enter;
mod session_end;
pub(super) mod sign_in;
mod sign_out;

use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use http::{HeaderValue, header};

use super::Site;
use crate::http::routes::routes;

routes!(Site {
    "/sign-in" => get(sign_in::show).post(sign_in::submit),
    "/sign-in/name" => get(name_choose::show),
    "/sign-in/name/{person}" => get(pin_enter::show).post(pin_enter::submit),
    "/card/{token}" => get(card_redeem::show).post(card_redeem::submit),
    "/link/{token}" => get(link_redeem::show).post(link_redeem::submit),
    "/handover" => post(handover::offer),
    "/account" => get(account_show::show),
    "/account/password" => get(password_set::show).post(password_set::submit),
    "/account/sessions/{session}/end" => post(session_end::end),
    "/account/sign-out" => post(sign_out::here),
    "/account/sign-out-everywhere" => post(sign_out::everywhere),
    "/language" => post(language_choose::choose),
});

/// A redirect that also sets a cookie.
pub(super) fn redirect_with(cookie: HeaderValue, address: &str) -> Response {
    let mut response = Redirect::to(address).into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}
