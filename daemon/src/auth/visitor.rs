//! Who sent a request, for handlers: axum extractors for any state that holds an [`Auth`].

use std::net::IpAddr;

use axum::extract::{FromRef, FromRequestParts};
use base::id::SessionId;
use base::limits::SESSION_TOUCH_MS;
use base::secret::TokenHash;
use base::{Code, Error, Result};
use http::request::Parts;
use store::{Person, Session};

use super::{Auth, cookie, form_token};
use crate::http::peer::{Peer, Transport};
use crate::http::problem::Problem;

/// Somebody who may be signed in.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    /// Who it is, if known.
    pub(crate) signed_in: Option<SignedIn>,
    /// Where the request came from.
    pub(crate) address: IpAddr,
    /// How it travelled.
    pub(crate) transport: Transport,
    /// The browser's name for itself.
    pub(crate) user_agent: String,
}

/// Somebody who is signed in. Over plain HTTP it is a student or a guest.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn {
    /// The browser's session.
    pub(crate) session: SessionId,
    /// Who it is.
    pub(crate) person: Person,
    /// What forms of this session must carry.
    pub(crate) form_token: String,
}

impl Visitor {
    /// The sender of a request, whoever it says it is.
    pub(crate) fn stranger(parts: &Parts) -> Result<Self> {
        let peer = parts.extensions.get::<Peer>().copied();
        let peer =
            peer.ok_or_else(|| Error::new(Code::Internal).because("a request without its connection"))?;
        let user_agent = parts.headers.get(http::header::USER_AGENT);
        let user_agent = user_agent.map(|agent| String::from_utf8_lossy(agent.as_bytes()).into_owned());
        Ok(Self {
            signed_in: None,
            address: peer.remote.ip(),
            transport: peer.transport,
            user_agent: user_agent.unwrap_or_default(),
        })
    }
}

impl Auth {
    /// Looks up who sent the request. Errors are those of the store, or of a listener that
    /// forgot to say where the connection comes from.
    pub(crate) async fn visitor(&self, parts: &Parts) -> Result<Visitor> {
        let mut visitor = Visitor::stranger(parts)?;
        if let Some(token) = cookie::token(&parts.headers, visitor.transport) {
            visitor.signed_in = self.signed_in(&token, visitor.transport).await?;
        }
        Ok(visitor)
    }

    async fn signed_in(&self, token: &str, transport: Transport) -> Result<Option<SignedIn>> {
        let Some((session, person)) = self.0.store.session(TokenHash::of(token)).await? else {
            return Ok(None);
        };
        if session.transport != stored(transport) || (transport == Transport::Plain && person.kind.is_staff())
        {
            return Ok(None);
        }
        self.touch(&session).await;
        let form_token = form_token::of(token);
        Ok(Some(SignedIn { session: session.id, person, form_token }))
    }

    /// Notes the use. Who is signed in stays so while nothing can be written, as on a full card;
    /// the store tells the journal about that.
    async fn touch(&self, session: &Session) {
        // In either direction: after the clock jumped, the stored time may lie ahead.
        if self.0.clock.now().0.abs_diff(session.used_at.0) < SESSION_TOUCH_MS.unsigned_abs() {
            return;
        }
        if let Err(error) = self.0.store.touch_session(session.id).await {
            tracing::debug!(%error, "the use of a session was not noted");
        }
    }
}

pub(super) const fn stored(transport: Transport) -> store::Transport {
    match transport {
        Transport::Tls => store::Transport::Secure,
        Transport::Plain => store::Transport::Plain,
    }
}

impl<S> FromRequestParts<S> for Visitor
where
    Auth: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Ok(Auth::from_ref(state).visitor(parts).await?)
    }
}

impl<S> FromRequestParts<S> for SignedIn
where
    Auth: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    /// `sign_in_required` for strangers.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let visitor = Auth::from_ref(state).visitor(parts).await?;
        visitor.signed_in.ok_or_else(|| Code::SignInRequired.into())
    }
}
