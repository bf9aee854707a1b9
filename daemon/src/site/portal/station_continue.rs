//! `POST /portal`: somebody has read the portal's page and goes on. Apple's sheet lets a link open
//! in Safari only after a probe has succeeded, so the station counts as seen first.

use axum::extract::{Extension, Form, State};
use axum::response::Redirect;
use serde::Deserialize;

use crate::http::peer::Peer;
use crate::portal;
use crate::site::{Site, next};

/// The form.
#[derive(Deserialize)]
pub(crate) struct Continue {
    /// The page that was asked for first.
    #[serde(default)]
    next: String,
}

/// Nothing of a person's is changed, so that the form needs no token: it has no session.
pub(crate) async fn submit(
    State(site): State<Site>,
    Extension(peer): Extension<Peer>,
    Form(form): Form<Continue>,
) -> Redirect {
    site.portal.see(peer.remote.ip());
    Redirect::to(&next::with(portal::PATH, &form.next))
}
