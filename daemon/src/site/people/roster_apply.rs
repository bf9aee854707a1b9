//! `POST /people/import/apply`: what the preview showed is done, whole; or nothing, if it is no
//! longer what would be done.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use base::Code;

use super::roster_import::chosen_course;
use super::{roster_preview, staff};
use crate::roster;
use crate::site::Site;
use crate::site::form::Form;
use crate::site::next;
use crate::site::refusal::Refusal;

pub(super) async fn submit(State(site): State<Site>, mut form: Form) -> Result<Response, Refusal> {
    form.page = form.page.at("/people/import".to_owned());
    let who = staff(&form.page)?.id;
    // As the preview has it, so that it is read the same way again.
    let text = form.get("roster");
    let course = chosen_course(&site, &form).await?;
    let plan = roster::plan(text, &site.store.roster().await?)?;
    if plan.digest() != form.get("digest") {
        let error = Code::RosterStale.into();
        return Ok(roster_preview::show_again(&form.page, &plan, text, course, &error));
    }
    let changes = plan.changes.clone();
    let count = changes.len();
    let into = course.as_ref().map(|course| course.id);
    let enrolled = match site.store.apply_roster(changes, into).await {
        Ok(enrolled) => enrolled,
        // Somebody was added between the two lines above.
        Err(error) if matches!(error.code, Code::LoginTaken | Code::NumberTaken | Code::NotFound) => {
            let plan = roster::plan(text, &site.store.roster().await?)?;
            let error = Code::RosterStale.into();
            return Ok(roster_preview::show_again(&form.page, &plan, text, course, &error));
        }
        Err(error) => return Err(error.into()),
    };
    tracing::info!(by = %who, rows = count, enrolled, "a roster was imported");
    Ok(Redirect::to(&next::noticed("/people/cards", "people.imported")).into_response())
}
