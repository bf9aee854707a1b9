//! `/people/new`: one more person. Who teaches gets a link to choose a password with, who learns a
//! card and a PIN.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Code, Error};
use store::PersonKind;

use super::{PersonFields, details, in_care_of, kind_name, link_offer, staff};
use crate::site::Site;
use crate::site::form::Form;
use crate::site::next;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "people/new.html")]
struct NewPage<'a> {
    page: &'a Page,
    /// Who may be added: value, words, and whether it is chosen.
    kinds: Vec<(&'static str, &'static str, bool)>,
    fields: PersonFields,
}

impl<'a> NewPage<'a> {
    fn of(page: &'a Page, chosen: PersonKind, fields: PersonFields) -> Result<Self, Error> {
        let kinds = addable(page)?;
        let choice = |kind: PersonKind| (kind.name(), kind_name(page, kind), kind == chosen);
        Ok(Self { page, kinds: kinds.map(choice).collect(), fields })
    }
}

pub(super) async fn show(page: Page) -> Result<Response, Refusal> {
    let kind = PersonKind::Student;
    Ok(page.show(&NewPage::of(&page, kind, PersonFields::empty())?))
}

pub(super) async fn submit(State(site): State<Site>, form: Form) -> Result<Response, Refusal> {
    let page = &form.page;
    let asked = PersonKind::parse(form.get("kind")).unwrap_or(PersonKind::Student);
    let kind = addable(page)?.find(|kind| *kind == asked).ok_or(Code::NotAllowed)?;
    let created = match details(&form, kind) {
        Ok(details) => site.store.create_account(kind, details).await,
        Err(error) => Err(error),
    };
    match created {
        Ok(person) if kind.is_staff() => Ok(link_offer::hand_over(&site, page, person).await?),
        Ok(person) => {
            Ok(Redirect::to(&next::noticed(&format!("/people/{person}"), "people.created")).into_response())
        }
        Err(error) => {
            let mut fields = PersonFields::typed(&form);
            if !fields.refuse(page, &error) {
                return Err(error.into());
            }
            Ok(page.show_error(&error, &NewPage::of(page, kind, fields)?))
        }
    }
}

/// Guests come by themselves.
fn addable(page: &Page) -> Result<impl Iterator<Item = PersonKind> + use<>, Error> {
    Ok(in_care_of(staff(page)?).iter().copied().filter(|kind| *kind != PersonKind::Guest))
}
