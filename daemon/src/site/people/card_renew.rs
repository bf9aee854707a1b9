//! `POST /people/{person}/card`: a lost card. The old one is void, with its PIN, and whoever uses it
//! is signed out.

use axum::extract::{Path, State};
use axum::response::Response;
use base::Code;

use super::card_sheet::{self, Choice};
use crate::site::Site;
use crate::site::form::Form;
use crate::site::refusal::Refusal;

pub(super) async fn submit(
    State(site): State<Site>,
    Path(person): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let account = super::student(&site, &form.page, &person).await?;
    if account.deactivated_at.is_some() {
        return Err(Code::AccountInactive.into());
    }
    let id = account.person.id;
    site.auth.renew_card(id).await?;
    let pins = site.auth.renew_pins(&[id]).await?;
    let account = super::student(&site, &form.page, &person).await?;
    Ok(card_sheet::show_with_pins(&site, form.page, &Choice::One(id), vec![account], &pins).await?)
}
