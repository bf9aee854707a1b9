//! `/setup/restore`: how far a backup is that shall come back, and what is to be done next.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Code, Error};
use http::{HeaderMap, HeaderValue, header};

use super::bringer::Bringer;
use crate::backup::{Progress, Summary};
use crate::site::Site;
use crate::site::form::Field;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "backup/restore.html")]
pub(super) struct RestorePage<'a> {
    page: &'a Page,
    form_token: String,
    /// Whether the box has data that would make way.
    is_claimed: bool,
    has_proof: bool,
    progress: Progress,
    file: Field,
    proof: Field,
    problem: Option<String>,
}

impl<'a> RestorePage<'a> {
    pub(super) fn new(site: &Site, page: &'a Page, bringer: &Bringer) -> Self {
        let progress = site.backup.progress();
        let problem = match &progress {
            Progress::Failed(error) => Some(page.language.error(error)),
            _ => None,
        };
        Self {
            page,
            form_token: bringer.form_token(page),
            is_claimed: bringer.stranger.is_none(),
            has_proof: bringer.has_proof(site, page),
            progress,
            file: Field::default(),
            proof: Field::default(),
            problem,
        }
    }

    /// Puts the error where it belongs; `false` if that is not on this page.
    pub(super) fn refuse(&mut self, error: &Error) -> bool {
        let language = self.page.language;
        match error.code {
            Code::PasswordWrong | Code::ClaimCodeWrong | Code::SignInThrottled => {
                self.proof.refuse(language, error);
            }
            Code::FileMissing | Code::FilesFull | Code::StorageFull => self.file.refuse(language, error),
            Code::BackupBusy | Code::RestoreNotReady => self.problem = Some(language.error(error)),
            _ => return false,
        }
        true
    }

    fn is_wrong(&self) -> bool {
        self.problem.is_some() || self.file.error.is_some() || self.proof.error.is_some()
    }

    fn is_checking(&self) -> bool {
        matches!(self.progress, Progress::Checking(_))
    }

    fn percent(&self) -> String {
        match &self.progress {
            Progress::Checking(staging) => staging.percent().to_string(),
            _ => String::new(),
        }
    }

    fn made(&self, summary: &Summary) -> String {
        self.page.language.date(summary.created_at())
    }

    fn lost(&self, summary: &Summary) -> String {
        self.page.language.count("restore.lost", usize::try_from(summary.lost).unwrap_or(usize::MAX))
    }

    fn proof_label(&self) -> &'static str {
        self.page.t(if self.is_claimed { "reset.password" } else { "setup.claim.code" })
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let bringer = match Bringer::of(&site, &page, &headers).await {
        Err(error) if error.code == Code::NeedsHttps => return Ok(Redirect::to("/setup").into_response()),
        bringer => bringer?,
    };
    let template = RestorePage::new(&site, &page, &bringer);
    let mut response = page.show(&template);
    if template.is_checking() {
        // A header, not a script: the page is loaded anew, and nothing on it can be half filled in.
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("3"));
    }
    if let Some(cookie) = bringer.stranger.as_ref().and_then(crate::auth::Stranger::cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The page again, with what is wrong.
pub(super) fn refused(
    site: &Site,
    page: &Page,
    bringer: &Bringer,
    error: Error,
) -> Result<Response, Refusal> {
    let mut template = RestorePage::new(site, page, bringer);
    if template.refuse(&error) { Ok(page.show_error(&error, &template)) } else { Err(error.into()) }
}
