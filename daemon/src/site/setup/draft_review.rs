//! `/setup/review`: everything once more, and the button that applies it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Code, Error};

use super::frame::Frame;
use super::owner::Owner;
use super::summary::{Row, rows};
use crate::setup::{Draft, Step};
use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "setup/review.html")]
struct ReviewPage<'a> {
    page: &'a Page,
    frame: Frame,
    rows: Vec<Row>,
    /// Whether the network changes, and with it perhaps this very connection.
    changes_network: bool,
    /// What keeps it from being applied.
    problem: Option<String>,
}

pub(super) async fn show(State(site): State<Site>, owner: Owner) -> Result<Response, Refusal> {
    let Owner { page, kept } = owner;
    let open = site.setup.open_step(&kept.draft);
    if open != Step::Review {
        return Ok(Redirect::to(open.path()).into_response());
    }
    Ok(review(&site, &page, &kept.draft, None)?)
}

/// The page, with what the attempt to apply it has met.
pub(super) fn review(
    site: &Site,
    page: &Page,
    draft: &Draft,
    refused: Option<&Error>,
) -> Result<Response, Error> {
    let (changes_network, problem) = match site.setup.wanted(draft) {
        Ok(wanted) => (wanted.is_some(), None),
        Err(error) if error.code == Code::SetupIncomplete => return Err(error),
        Err(error) => (false, Some(error)),
    };
    let problem = refused.or(problem.as_ref());
    let mut frame = Frame::new(site, Step::Review, draft);
    frame.is_wrong = problem.is_some();
    let rows = rows(site, page, draft);
    let sentence = problem.map(|error| page.language.error(error));
    let template = ReviewPage { page, frame, rows, changes_network, problem: sentence };
    Ok(match refused {
        Some(error) => page.show_error(error, &template),
        None => page.show(&template),
    })
}
