//! `POST /people/{person}`: what is known of somebody is corrected.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::{PersonFields, details, person_show};
use crate::site::Site;
use crate::site::form::Form;
use crate::site::next;
use crate::site::refusal::Refusal;

pub(super) async fn submit(
    State(site): State<Site>,
    Path(person): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let account = super::account(&site, &form.page, &person).await?;
    let changed = match details(&form, account.person.kind) {
        Ok(details) => site.store.set_account_details(account.person.id, details).await,
        Err(error) => Err(error),
    };
    match changed {
        Ok(()) => {
            let address = format!("/people/{}", account.person.id);
            Ok(Redirect::to(&next::noticed(&address, "people.saved")).into_response())
        }
        Err(error) => {
            let mut fields = PersonFields::typed(&form);
            if !fields.refuse(&form.page, &error) {
                return Err(error.into());
            }
            Ok(person_show::show_again(&form.page, &account, fields, &error)?)
        }
    }
}
