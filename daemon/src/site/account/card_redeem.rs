//! `/card/{token}`: what the QR code of a printed card opens. Looking at it changes nothing: phones
//! and messengers open addresses by themselves; the button signs in.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::Error;

use super::redirect_with;
use super::sign_in::is_for_the_form;
use crate::site::Site;
use crate::site::form::Form;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "account/card.html")]
struct CardPage<'a> {
    page: &'a Page,
    token: &'a str,
    name: &'a str,
    /// Whose session ends, on a phone that somebody else has used.
    signed_in_as: Option<&'a str>,
    problem: Option<String>,
}

pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response, Refusal> {
    match site.auth.card(&page.visitor, &token).await {
        Ok(person) => {
            let other = page.person().filter(|other| other.id != person.id);
            let signed_in_as = other.map(|other| other.name.as_str());
            let name = &person.name;
            Ok(page.show(&CardPage { page: &page, token: &token, name, signed_in_as, problem: None }))
        }
        Err(error) => refuse(&page, error),
    }
}

pub(crate) async fn submit(
    State(site): State<Site>,
    Path(token): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    match site.auth.redeem_card(&form.page.visitor, &token).await {
        Ok(cookie) => Ok(redirect_with(cookie, "/")),
        Err(error) => refuse(&form.page, error),
    }
}

fn refuse(page: &Page, error: Error) -> Result<Response, Refusal> {
    if !is_for_the_form(&error) {
        return Err(error.into());
    }
    let problem = Some(page.language.error(&error));
    Ok(page.show_error(&error, &CardPage { page, token: "", name: "", signed_in_as: None, problem }))
}
