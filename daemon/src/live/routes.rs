//! The addresses of the live rooms, and what their handlers share.

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRef, FromRequestParts, Path};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use base::clock::Clock;
use base::id::MeetingId;
use base::{Code, Result};
use http::request::Parts;
use room::Identity;
use store::Store;

use super::events::Streams;
use super::handle::Handle;
use super::hub_task::Opening;
use super::{entrance, events, history, ice, socket};
use crate::auth::{Auth, SignedIn};
use crate::http::origin::{self, OwnNames};
use crate::http::peer::Peer;
use crate::http::problem::Problem;
use crate::tasks::Tasks;

/// What the routes are made from.
pub(crate) struct Needs {
    /// The hub.
    pub(crate) handle: Handle,
    /// Who is who, what was said.
    pub(crate) store: Store,
    /// Whose session it is.
    pub(crate) auth: Auth,
    /// For the silence of fallback clients.
    pub(crate) clock: Arc<dyn Clock>,
    /// Runs the upgraded connections.
    pub(crate) tasks: Tasks,
    /// What the box is called, to refuse other sites' pages.
    pub(crate) names: OwnNames,
    /// Where STUN is answered, if it is.
    pub(crate) stun_port: Option<u16>,
}

/// What the handlers share.
#[derive(Clone)]
pub(super) struct Live {
    pub(super) handle: Handle,
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) tasks: Tasks,
    pub(super) streams: Streams,
    auth: Auth,
    stun_port: Option<u16>,
}

/// All addresses under `/api/rooms/`.
pub(crate) fn router(needs: Needs) -> Router {
    let Needs { handle, store, auth, clock, tasks, names, stun_port } = needs;
    let live = Live { handle, store, clock, tasks, streams: Streams::default(), auth, stun_port };
    Router::new()
        .route("/api/rooms/{meeting}/live", get(socket::open))
        .route("/api/rooms/{meeting}/events", get(events::open))
        .route("/api/rooms/{meeting}/events/{connection}", post(events::post))
        .route("/api/rooms/{meeting}/messages", get(history::page))
        .layer(from_fn_with_state(names, origin::guard))
        .with_state(live)
}

impl Live {
    /// Who wants to go where, if they may.
    pub(super) async fn opening(
        &self,
        meeting: MeetingId,
        signed_in: &SignedIn,
        peer: &Peer,
    ) -> Result<Opening> {
        let entrance = entrance::of(&self.store, meeting, signed_in).await?;
        let identity = Identity {
            person: signed_in.person.id,
            name: signed_in.person.name.as_str().into(),
            role: entrance.role,
            session: signed_in.session,
        };
        Ok(Opening { meeting, identity, ice_servers: ice::servers(peer.local.ip(), self.stun_port) })
    }
}

impl FromRef<Live> for Auth {
    fn from_ref(live: &Live) -> Self {
        live.auth.clone()
    }
}

/// The meeting in a path; what is no number is no meeting: `not_found`.
pub(super) struct Room(pub(super) MeetingId);

impl<S: Send + Sync> FromRequestParts<S> for Room {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<MeetingId>::from_request_parts(parts, state).await;
        path.map(|Path(meeting)| Self(meeting)).map_err(|_| Code::NotFound.into())
    }
}

/// The meeting and the fallback connection in a path.
pub(super) struct RoomConnection(pub(super) MeetingId, pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for RoomConnection {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<(MeetingId, String)>::from_request_parts(parts, state).await;
        path.map(|Path((meeting, id))| Self(meeting, id)).map_err(|_| Code::NotFound.into())
    }
}
