//! `/setup/language`: the first page, and the only one over plain HTTP, where no password may be
//! typed. There it also says how to get past the browser's warning to the secure address.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::header;

use super::owner::technician;
use crate::i18n::Language;
use crate::setup::Step;
use crate::site::Site;
use crate::site::account::language_choose::cookie;
use crate::site::form::Form;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "setup/language.html")]
struct LanguagePage<'a> {
    page: &'a Page,
    fingerprint: String,
}

pub(super) async fn show(State(site): State<Site>, page: Page) -> Result<Response, Refusal> {
    if site.setup.is_claimed().await? {
        technician(&site, &page).await?;
    }
    Ok(first_page(&site, &page))
}

/// The page, also at `/setup` over plain HTTP.
pub(super) fn first_page(site: &Site, page: &Page) -> Response {
    page.show(&LanguagePage { page, fingerprint: site.certificates.authority().fingerprint() })
}

pub(super) async fn choose(State(site): State<Site>, form: Form) -> Result<Response, Refusal> {
    let language = Language::by_tag(form.get("language")).unwrap_or(form.page.language);
    let claimed = site.setup.is_claimed().await?;
    if claimed {
        technician(&site, &form.page).await?;
        site.setup.change_kept(move |kept| kept.draft.language = Some(language)).await?;
    }
    // Over plain HTTP the same page again, with the way to the secure address.
    let goal = match (form.page.is_plain(), claimed) {
        (true, _) | (false, true) => "/setup",
        (false, false) => Step::Claim.path(),
    };
    let mut response = Redirect::to(goal).into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie(language));
    Ok(response)
}
