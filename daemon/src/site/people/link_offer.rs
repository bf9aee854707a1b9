//! `POST /people/{person}/link`: a teacher or technician who has no password, or has lost it, gets a
//! link to choose a new one with.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::id::PersonId;
use base::{Code, Error};

use super::technician;
use crate::auth::Offer;
use crate::site::Site;
use crate::site::form::Form;
use crate::site::page::Page;
use crate::site::reach::qr;
use crate::site::refusal::Refusal;
use crate::site::setup::outside;

#[derive(Template)]
#[template(path = "people/link.html")]
struct LinkPage<'a> {
    page: &'a Page,
    name: &'a str,
    person: PersonId,
    address: String,
    qr: String,
}

pub(super) async fn submit(
    State(site): State<Site>,
    Path(person): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let visitor = technician(&form.page)?;
    let account = super::account(&site, &form.page, &person).await?;
    let person = account.person;
    if !person.kind.is_staff() {
        return Err(Code::NotFound.into());
    }
    if person.id == visitor.id {
        // Their own is changed where the old one is asked for.
        return Err(Code::NotAllowed.into());
    }
    if account.deactivated_at.is_some() {
        return Err(Code::AccountInactive.into());
    }
    site.auth.forget_password(person.id).await?;
    // What the language switch and the browser's address line can show again.
    let page = form.page.at(format!("/people/{}", person.id));
    Ok(hand_over(&site, &page, person.id).await?)
}

/// A new link for somebody, which this page alone shows.
pub(super) async fn hand_over(site: &Site, page: &Page, person: PersonId) -> Result<Response, Error> {
    let known = site.store.person(person).await?.ok_or(Code::NotFound)?;
    let token = site.auth.offer_link(person, Offer::Invitation).await?;
    let address = format!("{}/link/{token}", outside::secure_address(site, page));
    Ok(page.show(&LinkPage { page, name: &known.name, person, qr: qr(&address), address }))
}
