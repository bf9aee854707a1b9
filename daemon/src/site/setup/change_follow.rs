//! `/setup/progress`: how far the change is, with or without a script, and the button that takes
//! it back.

use askama::Template;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::{HeaderValue, header};
use serde::Serialize;

use super::owner::{Owner, OwnerForm};
use crate::setup::{Progress, Stage};
use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

/// The stages in the order in which they come.
const WAY: [Stage; 5] = [Stage::Waiting, Stage::Preparing, Stage::Applying, Stage::Trial, Stage::Confirmed];

#[derive(Template)]
#[template(path = "setup/progress.html")]
struct ProgressPage<'a> {
    page: &'a Page,
    stage: Stage,
    is_busy: bool,
    seconds: Option<u64>,
    /// The stages of the way: its words, and whether it is done, here or open.
    way: Vec<(&'static str, &'static str)>,
    /// What went wrong.
    problem: Option<String>,
}

pub(super) async fn show(State(site): State<Site>, owner: Owner) -> Response {
    let page = owner.page;
    let progress = site.setup.progress();
    if progress == Progress::Idle {
        return Redirect::to("/setup").into_response();
    }
    // Who reads this page has left the one that says how to come back, or needs none.
    site.setup.page_sent();
    let stage = progress.stage();
    let problem = match &progress {
        Progress::Failed(told) | Progress::Confirmed(Some(told)) => Some(page.language.error(&told.error())),
        _ => None,
    };
    page.show(&ProgressPage {
        page: &page,
        stage,
        is_busy: progress.is_busy(),
        seconds: site.setup.seconds_left(),
        way: way(&page, stage),
        problem,
    })
}

fn way(page: &Page, stage: Stage) -> Vec<(&'static str, &'static str)> {
    let here = WAY.iter().position(|known| *known == stage);
    let marked = WAY.iter().enumerate().map(|(at, stage)| {
        let mark = match here {
            Some(here) if at < here => "done",
            Some(here) if at == here => "here",
            _ => "open",
        };
        (page.t(&format!("setup.stage.{}", stage.name())), mark)
    });
    marked.collect()
}

#[derive(Serialize)]
struct Now {
    stage: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<u64>,
}

/// For the script of the pages that follow a change.
pub(super) async fn state(State(site): State<Site>, _: Owner) -> Response {
    let state = Now { stage: site.setup.progress().stage().name(), seconds: site.setup.seconds_left() };
    let mut response = Json(state).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

pub(super) async fn roll_back(State(site): State<Site>, _: OwnerForm) -> Result<Response, Refusal> {
    site.setup.roll_back().await?;
    Ok(Redirect::to("/setup/progress").into_response())
}
