//! `/setup/confirm`: keeps the change that is on trial, by whoever has come to the box over the
//! new network: a technician who is signed in, or somebody with the one-time key of the page that
//! said how to come back.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Code, Error, Kind};

use super::owner::{Owner, OwnerForm};
use crate::setup::{Proof, Stage};
use crate::site::Site;
use crate::site::form::Form;
use crate::site::next;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "setup/confirm.html")]
struct ConfirmPage<'a> {
    page: &'a Page,
    /// Where the form goes.
    action: String,
    stage: Stage,
    is_busy: bool,
    seconds: Option<u64>,
    problem: Option<String>,
    is_technician: bool,
}

impl<'a> ConfirmPage<'a> {
    fn new(site: &Site, page: &'a Page, key: Option<&str>, refused: Option<&Error>) -> Self {
        let progress = site.setup.progress();
        Self {
            page,
            action: key.map_or_else(|| "/setup/confirm".to_owned(), |key| format!("/setup/confirm/{key}")),
            stage: progress.stage(),
            is_busy: progress.is_busy(),
            seconds: site.setup.seconds_left(),
            problem: refused.map(|error| page.language.error(error)),
            is_technician: key.is_none(),
        }
    }
}

/// For a technician who is signed in.
pub(super) async fn show(State(site): State<Site>, owner: Owner) -> Response {
    let page = owner.page;
    match site.setup.progress().stage() {
        Stage::Idle => Redirect::to("/setup").into_response(),
        Stage::RolledBack | Stage::Failed => Redirect::to("/setup/progress").into_response(),
        _ => page.show(&ConfirmPage::new(&site, &page, None, None)),
    }
}

/// For whoever has scanned the code. Looking at it costs nothing.
pub(super) async fn show_key(
    State(site): State<Site>,
    page: Page,
    Path(key): Path<String>,
) -> Result<Response, Refusal> {
    site.setup.check(Proof::Key(&key))?;
    Ok(page.show(&ConfirmPage::new(&site, &page, Some(&key), None)))
}

pub(super) async fn confirm(State(site): State<Site>, owner: OwnerForm) -> Result<Response, Refusal> {
    let page = owner.form.page;
    let refused = site.setup.confirm(Proof::Session(page.visitor.address)).await.err();
    answer(&site, &page, None, refused)
}

pub(super) async fn confirm_key(
    State(site): State<Site>,
    Path(key): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let page = form.page;
    let refused = site.setup.confirm(Proof::Key(&key)).await.err();
    if matches!(&refused, Some(error) if error.code == Code::ConfirmKeyWrong) {
        return Err(Code::ConfirmKeyWrong.into());
    }
    answer(&site, &page, Some(&key), refused)
}

fn answer(site: &Site, page: &Page, key: Option<&str>, refused: Option<Error>) -> Result<Response, Refusal> {
    match refused {
        None if key.is_none() => {
            Ok(Redirect::to(&next::noticed("/setup", "setup.confirmed")).into_response())
        }
        None => Ok(page.show(&ConfirmPage::new(site, page, key, None))),
        Some(error) if error.kind() == Kind::Internal => Err(error.into()),
        Some(error) => Ok(page.show_error(&error, &ConfirmPage::new(site, page, key, Some(&error)))),
    }
}
