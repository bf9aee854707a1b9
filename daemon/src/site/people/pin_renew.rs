//! New PINs, for one student or a group; each is shown this once, on a card to print.

use axum::extract::{Path, State};
use axum::response::Response;
use base::Code;

use super::card_sheet::{self, Choice};
use crate::site::Site;
use crate::site::form::Form;
use crate::site::refusal::Refusal;

/// `POST /people/{person}/pin`.
pub(super) async fn for_one(
    State(site): State<Site>,
    Path(person): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let account = super::student(&site, &form.page, &person).await?;
    if account.deactivated_at.is_some() {
        return Err(Code::AccountInactive.into());
    }
    let pins = site.auth.renew_pins(&[account.person.id]).await?;
    let choice = Choice::One(account.person.id);
    Ok(card_sheet::show_with_pins(&site, form.page, &choice, vec![account], &pins).await?)
}

/// `POST /people/cards`: for those of a group who have none, or for all of them.
pub(super) async fn for_group(State(site): State<Site>, form: Form) -> Result<Response, Refusal> {
    super::staff(&form.page)?;
    let from = form.get("from").parse().unwrap_or(0);
    let choice = Choice::Group { group: form.get("group").to_owned(), from };
    let accounts = choice.accounts(&site, &form.page).await?;
    let for_all = form.get("pins") == "all";
    let wanting = accounts.iter().filter(|account| for_all || !account.has_pin);
    let wanting: Vec<_> = wanting.map(|account| account.person.id).collect();
    let pins = site.auth.renew_pins(&wanting).await?;
    Ok(card_sheet::show_with_pins(&site, form.page, &choice, accounts, &pins).await?)
}
