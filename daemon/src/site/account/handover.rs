//! `POST /handover`: takes somebody who joined over plain HTTP along to the secure address.
//!
//! The two addresses share no session, so that what crossed the air in the clear never counts
//! there. A link that lasts ten minutes makes the same person known on both; it is worth no more
//! than the session that asked for it, which was readable too.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::site::Site;
use crate::site::form::Form;
use crate::site::next;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "account/handover.html")]
struct HandoverPage<'a> {
    page: &'a Page,
    address: String,
}

pub(crate) async fn offer(State(site): State<Site>, form: Form) -> Result<Response, Refusal> {
    let goal = form.next().to_owned();
    if !form.page.is_plain() {
        return Ok(Redirect::to(&goal).into_response());
    }
    let person = form.page.signed_in()?.person.id;
    let token = site.auth.offer_handover(&form.page.visitor, person).await?;
    let address = format!("{}{}", form.page.secure_url, next::with(&format!("/link/{token}"), &goal));
    let page = form.page.at(goal);
    Ok(page.show(&HandoverPage { page: &page, address }))
}
