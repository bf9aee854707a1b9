//! `/setup`: to the step where the wizard stopped; once the box is set up, its settings.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::HeaderMap;

use super::language_choose;
use super::owner::technician;
use super::summary::{Row, rows};
use crate::i18n::LANGUAGE_COOKIE;
use crate::setup::{Progress, Step};
use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "setup/box.html")]
struct BoxPage<'a> {
    page: &'a Page,
    rows: Vec<Row>,
    /// Whether something was answered that is not in force yet.
    has_changes: bool,
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if !site.setup.is_claimed().await? {
        return Ok(first(&site, &page, &headers));
    }
    technician(&site, &page).await?;
    let progress = site.setup.progress();
    if progress.is_busy()
        || matches!(progress, Progress::Failed(_) | Progress::RolledBack) && page.notice().is_none()
    {
        return Ok(Redirect::to("/setup/progress").into_response());
    }
    let kept = site.setup.kept().await?;
    let Some(in_force) = &kept.in_force else {
        return Ok(Redirect::to(site.setup.open_step(&kept.draft).path()).into_response());
    };
    let has_changes = kept.draft.mark(Step::Review) != in_force.mark(Step::Review);
    Ok(page.show(&BoxPage { page: &page, rows: rows(&site, &page, &kept.draft), has_changes }))
}

/// Where somebody begins who meets a box that belongs to nobody.
fn first(site: &Site, page: &Page, headers: &HeaderMap) -> Response {
    if page.is_plain() {
        return language_choose::first_page(site, page);
    }
    let cookies = headers.get_all(http::header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let has_chosen = cookies.into_iter().any(|cookies| cookies.contains(LANGUAGE_COOKIE));
    Redirect::to(if has_chosen { Step::Claim } else { Step::Language }.path()).into_response()
}
