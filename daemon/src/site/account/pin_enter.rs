//! `/sign-in/name/{person}`: a student who has chosen their name types the PIN.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::id::PersonId;
use base::{Code, Error};
use store::PinHolder;

use super::redirect_with;
use super::sign_in::{Next, is_for_the_form};
use crate::site::Site;
use crate::site::form::Form;
use crate::site::next::{self, encode};
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "account/pin.html")]
struct PinPage<'a> {
    page: &'a Page,
    next: &'a str,
    back: String,
    person: PersonId,
    name: &'a str,
    group: &'a str,
    problem: Option<String>,
}

impl<'a> PinPage<'a> {
    fn of(page: &'a Page, next: &'a str, holder: &'a PinHolder, error: Option<&Error>) -> Self {
        let group = holder.group.as_deref().unwrap_or_default();
        Self {
            page,
            next,
            back: format!("/sign-in/name?group={}", encode(group)),
            person: holder.person.id,
            name: &holder.person.name,
            group,
            problem: error.map(|error| page.language.error(error)),
        }
    }
}

pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(person): Path<String>,
    Query(next): Query<Next>,
) -> Result<Response, Refusal> {
    if page.person().is_some() {
        return Ok(Redirect::to(next.local()).into_response());
    }
    if page.is_plain() {
        return Ok(Redirect::to(&next::with("/sign-in", next.local())).into_response());
    }
    let holder = holder(&site, &person).await?;
    Ok(page.show(&PinPage::of(&page, next.local(), &holder, None)))
}

pub(crate) async fn submit(
    State(site): State<Site>,
    Path(person): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let holder = holder(&site, &person).await?;
    let page = &form.page;
    match site.auth.sign_in_with_pin(&page.visitor, holder.person.id, form.get("pin")).await {
        Ok(cookie) => Ok(redirect_with(cookie, form.next())),
        Err(error) if is_for_the_form(&error) => {
            Ok(page.show_error(&error, &PinPage::of(page, form.next(), &holder, Some(&error))))
        }
        Err(error) => Err(error.into()),
    }
}

async fn holder(site: &Site, person: &str) -> Result<PinHolder, Error> {
    let person: PersonId = person.parse().map_err(|_| Code::NotFound)?;
    site.store.pin_holder(person).await?.ok_or_else(|| Code::NotFound.into())
}
