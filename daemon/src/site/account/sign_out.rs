//! Signing out: this browser, or everywhere.

use axum::extract::State;
use axum::response::Response;

use super::redirect_with;
use crate::site::Site;
use crate::site::form::Form;
use crate::site::next;
use crate::site::refusal::Refusal;

pub(crate) async fn here(State(site): State<Site>, form: Form) -> Result<Response, Refusal> {
    if let Some(signed_in) = &form.page.visitor.signed_in {
        site.auth.end(signed_in.session).await?;
    }
    Ok(goodbye(&form))
}

pub(crate) async fn everywhere(State(site): State<Site>, form: Form) -> Result<Response, Refusal> {
    let signed_in = form.page.signed_in()?;
    site.auth.end_all(signed_in.person.id).await?;
    Ok(goodbye(&form))
}

fn goodbye(form: &Form) -> Response {
    redirect_with(form.page.visitor.forget(), &next::noticed("/", "account.signed_out"))
}
