//! `/link/{token}`: a one-time link. Looking at it costs nothing, the button uses it up.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use base::{Code, Error};

use super::redirect_with;
use super::sign_in::{Next, is_for_the_form};
use crate::site::Site;
use crate::site::form::Form;
use crate::site::next;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "account/link.html")]
struct LinkPage<'a> {
    page: &'a Page,
    token: &'a str,
    next: &'a str,
    name: &'a str,
    problem: Option<String>,
    /// Whether it must be opened at the secure address first.
    needs_https: bool,
}

pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(token): Path<String>,
    Query(next): Query<Next>,
) -> Result<Response, Refusal> {
    let next = next.local();
    match site.auth.link(&page.visitor, &token).await {
        Ok(person) => {
            let needs_https = page.is_plain() && person.kind.is_staff();
            let name = &person.name;
            Ok(page.show(&LinkPage { page: &page, token: &token, next, name, problem: None, needs_https }))
        }
        Err(error) => refuse(&page, error),
    }
}

pub(crate) async fn submit(
    State(site): State<Site>,
    Path(token): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    match site.auth.redeem_link(&form.page.visitor, &token).await {
        Ok((person, cookie)) => {
            let to_password = next::with("/account/password", form.next());
            let address =
                if person.kind.is_staff() && person.login.is_none() { &to_password } else { form.next() };
            Ok(redirect_with(cookie, address))
        }
        Err(error) => refuse(&form.page, error),
    }
}

fn refuse(page: &Page, error: Error) -> Result<Response, Refusal> {
    if !is_for_the_form(&error) || error.code == Code::NeedsHttps {
        return Err(error.into());
    }
    let problem = Some(page.language.error(&error));
    let template = LinkPage { page, token: "", next: "/", name: "", problem, needs_https: false };
    Ok(page.show_error(&error, &template))
}
