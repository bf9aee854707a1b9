//! The end of an account, and its new beginning: for technicians.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Code, Error};
use store::Account;

use super::technician;
use crate::site::Site;
use crate::site::form::Form;
use crate::site::next;
use crate::site::refusal::Refusal;

/// `POST /people/{person}/deactivate`.
pub(super) async fn deactivate(
    State(site): State<Site>,
    Path(person): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let account = somebody_else(&site, &form, &person).await?;
    site.auth.deactivate(account.person.id).await?;
    Ok(back(&account, "people.deactivated"))
}

/// `POST /people/{person}/reactivate`.
pub(super) async fn reactivate(
    State(site): State<Site>,
    Path(person): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let account = somebody_else(&site, &form, &person).await?;
    site.store.reactivate(account.person.id).await?;
    Ok(back(&account, "people.reactivated"))
}

/// `POST /people/{person}/delete`.
pub(super) async fn delete(
    State(site): State<Site>,
    Path(person): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let account = somebody_else(&site, &form, &person).await?;
    site.store.delete_person(account.person.id).await?;
    Ok(Redirect::to(&next::noticed("/people", "people.deleted")).into_response())
}

async fn somebody_else(site: &Site, form: &Form, person: &str) -> Result<Account, Error> {
    let visitor = technician(&form.page)?;
    let account = super::account(site, &form.page, person).await?;
    if account.person.id == visitor.id { Err(Code::OwnAccount.into()) } else { Ok(account) }
}

fn back(account: &Account, notice: &str) -> Response {
    Redirect::to(&next::noticed(&format!("/people/{}", account.person.id), notice)).into_response()
}
