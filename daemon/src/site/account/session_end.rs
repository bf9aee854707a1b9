//! `POST /account/sessions/{session}/end`: one of one's own devices is signed out.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::Code;
use base::id::SessionId;

use crate::site::Site;
use crate::site::form::Form;
use crate::site::next;
use crate::site::refusal::Refusal;

pub(crate) async fn end(
    State(site): State<Site>,
    Path(session): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let signed_in = form.page.signed_in()?;
    let session: SessionId = session.parse().map_err(|_| Code::NotFound)?;
    site.auth.end_own(signed_in, session).await?;
    Ok(Redirect::to(&next::noticed("/account", "session.ended")).into_response())
}
