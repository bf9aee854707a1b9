//! `/people/{person}`: one person: what is known, how they sign in, and the end of it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::Error;
use store::{Account, PersonKind};

use super::{PersonFields, kind_name, technician};
use crate::auth::PinWish;
use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "people/show.html")]
struct PersonPage<'a> {
    page: &'a Page,
    account: &'a Account,
    kind: &'static str,
    is_student: bool,
    pin: &'static str,
    seen: String,
    /// Whether the visitor may end and begin this account.
    may_end: bool,
    /// Whether it is the visitor's own.
    is_own: bool,
    fields: PersonFields,
    wish: String,
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(person): Path<String>,
) -> Result<Response, Refusal> {
    let account = super::account(&site, &page, &person).await?;
    Ok(page.show(&compose(&page, &account, PersonFields::of(&account))?))
}

/// The page with a refused form in it.
pub(super) fn show_again(
    page: &Page,
    account: &Account,
    fields: PersonFields,
    error: &Error,
) -> Result<Response, Error> {
    Ok(page.show_error(error, &compose(page, account, fields)?))
}

fn compose<'a>(page: &'a Page, account: &'a Account, fields: PersonFields) -> Result<PersonPage<'a>, Error> {
    let kind = account.person.kind;
    let seen = match account.signed_in_at {
        Some(at) => page.fill("people.seen", "date", &page.language.date(at)),
        None => page.t("people.never_signed_in").to_owned(),
    };
    Ok(PersonPage {
        page,
        account,
        kind: kind_name(page, kind),
        is_student: kind == PersonKind::Student,
        pin: match (account.has_pin, account.pin_failures >= base::limits::PIN_FAILURES) {
            (false, _) => page.t("people.pin_none"),
            (true, false) => page.t("people.pin_made"),
            (true, true) => page.t("people.pin_locked"),
        },
        seen,
        may_end: technician(page).is_ok(),
        is_own: page.signed_in()?.person.id == account.person.id,
        fields,
        wish: PinWish::text(),
    })
}
