//! `/sign-in`: the three ways in, over HTTPS: a card, name and PIN, sign-in name and password.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::redirect_with;
use crate::site::Site;
use crate::site::form::Form;
use crate::site::next;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

impl Next {
    /// The address, if it is one of this site.
    pub(crate) fn local(&self) -> &str {
        next::local(&self.next)
    }
}

#[derive(Template)]
#[template(path = "account/sign_in.html")]
struct SignInPage<'a> {
    page: &'a Page,
    next: &'a str,
    login: &'a str,
    problem: Option<String>,
    /// Where students choose their name.
    name_address: String,
}

impl<'a> SignInPage<'a> {
    fn new(page: &'a Page, next: &'a str, login: &'a str, problem: Option<String>) -> Self {
        Self { page, next, login, problem, name_address: next::with("/sign-in/name", next) }
    }
}

pub(crate) async fn show(page: Page, Query(next): Query<Next>) -> Response {
    if page.person().is_some() {
        return Redirect::to(next.local()).into_response();
    }
    page.show(&SignInPage::new(&page, next.local(), "", None))
}

pub(crate) async fn submit(State(site): State<Site>, form: Form) -> Result<Response, Refusal> {
    let login = form.get("login");
    match site.auth.sign_in(&form.page.visitor, login, form.get("password")).await {
        Ok((_, cookie)) => Ok(redirect_with(cookie, form.next())),
        Err(error) if is_for_the_form(&error) => {
            let problem = Some(form.page.language.error(&error));
            let page = &form.page;
            Ok(page.show_error(&error, &SignInPage::new(page, form.next(), login, problem)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether whoever typed can do something about it; our own faults get a page with a reference.
pub(crate) fn is_for_the_form(error: &base::Error) -> bool {
    use base::Kind::{Full, Internal, Unavailable};
    !matches!(error.kind(), Internal | Full | Unavailable)
}
