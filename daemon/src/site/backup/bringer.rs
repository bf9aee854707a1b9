//! Who may bring a backup back: a technician; on a box that belongs to nobody whoever could claim it.

use base::{Code, Error};
use http::HeaderMap;

use crate::auth::{Stranger, form_token};
use crate::site::Site;
use crate::site::page::Page;
use crate::site::setup::technician;

/// Somebody who may.
pub(super) struct Bringer {
    /// Without a session, on a box that belongs to nobody.
    pub(super) stranger: Option<Stranger>,
}

impl Bringer {
    /// Who looks at `page`. `needs_https`, `sign_in_required`, `not_allowed`.
    pub(super) async fn of(site: &Site, page: &Page, headers: &HeaderMap) -> Result<Self, Error> {
        if site.setup.is_claimed().await? {
            technician(site, page).await?;
            return Ok(Self { stranger: None });
        }
        if page.is_plain() {
            return Err(Code::NeedsHttps.into());
        }
        Ok(Self { stranger: Some(Stranger::of(headers)) })
    }

    /// What their forms carry.
    pub(super) fn form_token(&self, page: &Page) -> String {
        self.stranger.as_ref().map_or_else(|| page.form_token.clone(), Stranger::form_token)
    }

    /// `form_stale` for a form that is not of a page that they were given.
    pub(super) fn check_token(&self, page: &Page, sent: &str) -> Result<(), Error> {
        let is_ours = match &self.stranger {
            Some(stranger) => stranger.sent(sent),
            None => form_token::same(&page.form_token, sent),
        };
        if is_ours { Ok(()) } else { Err(Code::FormStale.into()) }
    }

    /// Makes sure of it: by the technician's password, or by the code that the card asks for.
    /// `password_wrong`, `claim_code_wrong`, `sign_in_throttled`.
    pub(super) async fn check_proof(&self, site: &Site, page: &Page, typed: &str) -> Result<(), Error> {
        if self.stranger.is_some() {
            return site.setup.check_claim_code(&page.visitor, typed);
        }
        let person = &page.signed_in()?.person;
        let right = site.auth.confirm(&page.visitor, person, typed).await?;
        if right { Ok(()) } else { Err(Code::PasswordWrong.into()) }
    }

    /// Whether there is something to type.
    pub(super) fn has_proof(&self, site: &Site, page: &Page) -> bool {
        match &self.stranger {
            Some(_) => site.setup.asks_for_code(),
            None => page.person().is_some_and(|person| person.login.is_some()),
        }
    }

    /// For the journal.
    pub(super) fn name(page: &Page) -> String {
        page.person()
            .map_or_else(|| "nobody's box".to_owned(), |person| format!("{} ({})", person.id.0, person.name))
    }
}
