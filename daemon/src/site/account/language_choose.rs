//! `POST /language`: the switch in every page's header.

use axum::response::Response;
use cookie::{Cookie, SameSite};
use http::HeaderValue;

use super::redirect_with;
use crate::i18n::{LANGUAGE_COOKIE, Language};
use crate::site::form::Form;

pub(crate) async fn choose(form: Form) -> Response {
    let language = Language::by_tag(form.get("language")).unwrap_or(form.page.language);
    redirect_with(cookie(language), form.next())
}

/// The `Set-Cookie` that remembers the choice.
pub(in crate::site) fn cookie(language: Language) -> HeaderValue {
    let cookie = Cookie::build((LANGUAGE_COOKIE, language.tag()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .max_age(cookie::time::Duration::days(365));
    HeaderValue::try_from(cookie.to_string()).expect("the name and the tags are plain letters")
}
