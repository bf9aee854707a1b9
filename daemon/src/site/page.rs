//! What every page knows: who looks at it, in which language, at which address; and how it is
//! sent.

use std::sync::Arc;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse as _, Response};
use base::{Code, Error};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};
use store::Person;

use super::Site;
use super::assets::Assets;
use super::next;
use super::notice::NOTICES;
use super::refusal::Refusal;
use crate::auth::{SignedIn, Visitor};
use crate::http::peer::{Peer, Transport};
use crate::http::problem;
use crate::i18n::Language;
use crate::problems::CardProblem;

/// The frame of a page.
pub(crate) struct Page {
    /// The language of its texts.
    pub(crate) language: Language,
    /// Who looks at it.
    pub(crate) visitor: Visitor,
    /// Both ends of the connection.
    pub(crate) peer: Peer,
    /// Its path and query on this site.
    pub(crate) address: String,
    /// The secure origin by the same host.
    pub(crate) secure_url: String,
    /// Scripts and styles.
    pub(crate) assets: Assets,
    /// What its forms must carry; empty for strangers.
    pub(crate) form_token: String,
    notice: Option<&'static str>,
    problems: Arc<[CardProblem]>,
    responsibility: Responsibility,
}

/// Whether a visitor can do something about a bad card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Responsibility {
    /// Teachers and technicians; on a box that knows nobody yet, or has lost its data, whoever comes.
    Card,
    /// Everybody else.
    None,
}

impl Page {
    /// The frame for a request.
    pub(crate) async fn of(site: &Site, parts: &Parts) -> Result<Self, Error> {
        let visitor = site.auth.visitor(parts).await?;
        let responsibility = responsibility(site, &visitor).await?;
        Self::for_visitor(site, parts, visitor, responsibility)
    }

    /// The frame for a page that must appear whatever is broken.
    pub(super) async fn of_or_stranger(site: &Site, parts: &Parts) -> Result<Self, Error> {
        let visitor = match site.auth.visitor(parts).await {
            Ok(visitor) => visitor,
            Err(_) => Visitor::stranger(parts)?,
        };
        // The store may be what is broken, and its error is being told.
        let responsibility = responsibility(site, &visitor).await.unwrap_or(Responsibility::None);
        Self::for_visitor(site, parts, visitor, responsibility)
    }

    fn for_visitor(
        site: &Site,
        parts: &Parts,
        visitor: Visitor,
        responsibility: Responsibility,
    ) -> Result<Self, Error> {
        let peer = parts.extensions.get::<Peer>().copied().ok_or(Code::Internal)?;
        let asked = parts.uri.path_and_query().map_or("/", |all| all.as_str());
        let (address, notice) = split_notice(asked);
        let form_token = visitor.signed_in.as_ref().map(|signed_in| signed_in.form_token.clone());
        Ok(Self {
            language: Language::of(&parts.headers),
            secure_url: site.reach.secure_origin(&parts.headers, &peer),
            peer,
            address: next::local(address).to_owned(),
            assets: Assets::current(),
            form_token: form_token.unwrap_or_default(),
            visitor,
            notice,
            problems: site.problems.now(),
            responsibility,
        })
    }

    /// The same frame for a page that is shown in place of the one at `address`.
    pub(crate) fn at(mut self, address: String) -> Self {
        self.address = address;
        self
    }

    /// The text of `key`.
    pub(crate) fn t(&self, key: &str) -> &'static str {
        self.language.t(key)
    }

    /// The text of `key` with one placeholder filled in.
    pub(crate) fn fill(&self, key: &str, name: &str, value: &str) -> String {
        self.language.text(key, &[(name, value)])
    }

    /// Whether the page came over plain HTTP.
    pub(crate) fn is_plain(&self) -> bool {
        self.visitor.transport == Transport::Plain
    }

    /// Whether it is one of the wizard's, where nothing is to be joined or watched yet.
    pub(crate) fn sets_up(&self) -> bool {
        self.address.starts_with("/setup")
    }

    /// Who is signed in.
    pub(crate) fn person(&self) -> Option<&Person> {
        self.visitor.signed_in.as_ref().map(|signed_in| &signed_in.person)
    }

    /// The name of who is signed in.
    pub(crate) fn person_name(&self) -> Option<&str> {
        self.person().map(|person| person.name.as_str())
    }

    /// What the change before this page has to say.
    pub(crate) fn notice(&self) -> Option<&'static str> {
        self.notice.map(|key| self.t(key))
    }

    /// What is wrong with the card, for those who can do something about it.
    pub(crate) fn card_problems(&self) -> &[CardProblem] {
        match self.responsibility {
            Responsibility::Card => &self.problems,
            Responsibility::None => &[],
        }
    }

    /// The sentence that says what is wrong.
    pub(crate) fn problem_is(&self, problem: &CardProblem) -> &'static str {
        problem.what(self.language)
    }

    /// The sentence that says what to do about it.
    pub(crate) fn problem_asks_for(&self, problem: &CardProblem) -> &'static str {
        problem.advice(self.language)
    }

    /// Why nothing that is written here is kept, for everybody else.
    pub(crate) fn keeps_nothing(&self) -> Option<&CardProblem> {
        let mut problems = self.problems.iter().filter(|_| self.responsibility == Responsibility::None);
        problems.find(|problem| problem.concerns_everybody())
    }

    /// Who is signed in; `sign_in_required` for strangers.
    pub(crate) fn signed_in(&self) -> Result<&SignedIn, Error> {
        self.visitor.signed_in.as_ref().ok_or_else(|| Code::SignInRequired.into())
    }

    /// Renders `template` with status 200.
    pub(crate) fn show(&self, template: &impl Template) -> Response {
        self.respond(StatusCode::OK, template)
    }

    /// Renders `template` with the status of `error`, which it explains.
    pub(crate) fn show_error(&self, error: &Error, template: &impl Template) -> Response {
        self.respond(problem::status(error), template)
    }

    /// A refused form of the wizard may be kept, or going back to it would show nothing but an error
    /// of the browser, and what was typed would be gone. Nobody but its technician sees it.
    fn caching(&self, status: StatusCode) -> &'static str {
        if self.sets_up() && status.is_client_error() { "private, no-cache" } else { "no-store" }
    }

    /// Renders `template`. Pages are not kept by browsers: the next person at a shared computer
    /// must not see them with the back button.
    pub(super) fn respond(&self, status: StatusCode, template: &impl Template) -> Response {
        let html = match template.render() {
            Ok(html) => html,
            Err(error) => return Refusal(Error::new(Code::Internal).because(error)).into_response(),
        };
        let mut response = (status, html).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.caching(status)));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(self.language.tag()));
        headers.insert(header::VARY, HeaderValue::from_static("cookie, accept-language"));
        response
    }
}

async fn responsibility(site: &Site, visitor: &Visitor) -> Result<Responsibility, Error> {
    let is_responsible = match &visitor.signed_in {
        Some(signed_in) => signed_in.person.kind.is_staff(),
        None => !site.problems.now().is_empty() && !site.store.knows_anybody().await?,
    };
    Ok(if is_responsible { Responsibility::Card } else { Responsibility::None })
}

/// Takes the notice out of an address, so that it does not come back with the language switch.
fn split_notice(address: &str) -> (&str, Option<&'static str>) {
    let Some(at) = address.find("?notice=").or_else(|| address.find("&notice=")) else {
        return (address, None);
    };
    let given = &address[at + "?notice=".len()..];
    (&address[..at], NOTICES.iter().find(|known| **known == given).copied())
}

impl FromRequestParts<Site> for Page {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Refusal> {
        Ok(Self::of(site, parts).await?)
    }
}
