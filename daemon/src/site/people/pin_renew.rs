//! New PINs, for one student or a group; they are shown on cards to print, at an address that shows
//! them for a quarter of an hour to the browser that made them, and makes none when it is loaded.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::Code;

use super::card_sheet::Choice;
use crate::auth::{Along, PinWish};
use crate::site::Site;
use crate::site::form::Form;
use crate::site::refusal::Refusal;

/// `POST /people/{person}/pin`.
pub(super) async fn for_one(
    State(site): State<Site>,
    Path(person): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    make_for_one(&site, &form, &person, Along::Nothing).await
}

/// `POST /people/{person}/card`: a lost card. The old one is void, with its PIN, and whoever uses it
/// is signed out.
pub(super) async fn with_card(
    State(site): State<Site>,
    Path(person): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    make_for_one(&site, &form, &person, Along::Cards).await
}

async fn make_for_one(site: &Site, form: &Form, person: &str, along: Along) -> Result<Response, Refusal> {
    let account = super::student(site, &form.page, person).await?;
    if account.deactivated_at.is_some() {
        return Err(Code::AccountInactive.into());
    }
    let id = account.person.id;
    let wish = wish(form)?;
    site.auth.make_pins(&wish, &[id], along).await?;
    Ok(Redirect::to(&Choice::One(id).address(Some(&wish))).into_response())
}

/// `POST /people/cards`: for those of a group who have none, or for all of them.
pub(super) async fn for_group(State(site): State<Site>, form: Form) -> Result<Response, Refusal> {
    super::staff(&form.page)?;
    let from = form.get("from").parse().unwrap_or(0);
    let choice = Choice::Group { group: form.get("group").to_owned(), from };
    let accounts = choice.accounts(&site, &form.page).await?;
    if accounts.is_empty() {
        return Err(Code::NotFound.into());
    }
    let for_all = form.get("pins") == "all";
    let wanting = accounts.iter().filter(|account| for_all || !account.has_pin);
    let wanting: Vec<_> = wanting.map(|account| account.person.id).collect();
    let wish = wish(&form)?;
    site.auth.make_pins(&wish, &wanting, Along::Nothing).await?;
    Ok(Redirect::to(&choice.address(Some(&wish))).into_response())
}

fn wish(form: &Form) -> Result<PinWish, Refusal> {
    Ok(PinWish::of(form.page.signed_in()?.session, form.get("wish")))
}
