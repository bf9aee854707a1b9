//! The beginning and end of sessions.

use base::Code;
use base::Result;
use base::id::{CourseId, PersonId, SessionId};
use base::random::{Random as _, SystemRandom};
use base::secret::TokenHash;
use http::HeaderValue;
use store::{Joined, NewSession, Person};

use super::throttle::Guess;
use super::visitor::{SignedIn, Visitor, stored};
use super::{Auth, cookie};
use crate::http::peer::Transport;

/// The secret half of a session that is about to begin; the other half goes to the store.
pub(super) struct Token(pub(super) String);

impl Visitor {
    pub(super) fn new_session(&self) -> (Token, NewSession) {
        let token = SystemRandom.token();
        let new = NewSession {
            token_hash: TokenHash::of(&token),
            transport: stored(self.transport),
            user_agent: self.user_agent.clone(),
        };
        (Token(token), new)
    }

    /// The `Set-Cookie` that makes this browser forget its session.
    pub(crate) fn forget(&self) -> HeaderValue {
        cookie::clear(self.transport)
    }
}

impl Auth {
    /// Signs `person` in on the visitor's browser under a new token; a session that it had
    /// before ends. `needs_https` for teachers and technicians over plain HTTP.
    pub(super) async fn begin(&self, visitor: &Visitor, person: &Person) -> Result<HeaderValue> {
        allow_transport(visitor, person)?;
        let (token, new) = visitor.new_session();
        self.0.store.create_session(person.id, new).await?;
        self.replace(visitor, &token).await
    }

    /// Makes a stranger with this name a member of the course, and signs them in.
    /// `sign_in_throttled` after many from this address.
    pub(crate) async fn join(
        &self,
        visitor: &Visitor,
        course: CourseId,
        name: &str,
    ) -> Result<(Joined, HeaderValue)> {
        let newcomer = Guess::Newcomer(visitor.address);
        self.0.throttle.attempt(self.0.clock.monotonic(), &[newcomer])?;
        let (token, new) = visitor.new_session();
        let joined = self.0.store.join_course(course, name, new).await;
        let joined = joined.inspect_err(|_| self.0.throttle.uncount(self.0.clock.monotonic(), newcomer))?;
        let cookie = self.replace(visitor, &token).await?;
        Ok((joined, cookie))
    }

    /// Uses up the one-time link with this hash.
    pub(super) async fn begin_by_link(
        &self,
        visitor: &Visitor,
        link: TokenHash,
    ) -> Result<(Person, HeaderValue)> {
        let (token, new) = visitor.new_session();
        let (person, _) = self.0.store.redeem_sign_in_link(link, new).await?;
        let cookie = self.replace(visitor, &token).await?;
        Ok((person, cookie))
    }

    async fn replace(&self, visitor: &Visitor, token: &Token) -> Result<HeaderValue> {
        if let Some(before) = &visitor.signed_in {
            self.end(before.session).await?;
        }
        Ok(cookie::set(&token.0, visitor.transport))
    }

    /// Ends a session and its live connections.
    pub(crate) async fn end(&self, session: SessionId) -> Result<()> {
        self.0.store.end_session(session).await?;
        (self.0.session_ended)(session);
        Ok(())
    }

    /// Ends one session of whoever is signed in, and its live connections. `not_found` if it is
    /// none of theirs.
    pub(crate) async fn end_own(&self, signed_in: &SignedIn, session: SessionId) -> Result<()> {
        let own = self.0.store.sessions_of(signed_in.person.id).await?;
        if !own.iter().any(|known| known.id == session) {
            return Err(Code::NotFound.into());
        }
        self.end(session).await
    }

    /// Ends the other sessions of whoever is signed in, and their live connections.
    pub(crate) async fn end_others(&self, signed_in: &SignedIn) -> Result<()> {
        self.ended(self.0.store.end_other_sessions(signed_in.person.id, signed_in.session).await?);
        Ok(())
    }

    /// Ends all sessions of a person and their live connections.
    pub(crate) async fn end_all(&self, person: PersonId) -> Result<()> {
        self.ended(self.0.store.end_all_sessions(person).await?);
        Ok(())
    }

    /// Keeps a person from signing in; their sessions and live connections end at once.
    /// `last_technician`, `not_found`.
    pub(crate) async fn deactivate(&self, person: PersonId) -> Result<()> {
        self.ended(self.0.store.deactivate(person).await?);
        Ok(())
    }

    /// Makes a lost password void, and ends the sessions that it may have begun.
    pub(crate) async fn forget_password(&self, person: PersonId) -> Result<()> {
        self.ended(self.0.store.forget_password(person).await?);
        Ok(())
    }

    /// Closes the live connections of sessions that the store has ended.
    pub(super) fn ended(&self, sessions: Vec<SessionId>) {
        for session in sessions {
            (self.0.session_ended)(session);
        }
    }
}

/// `needs_https` if this person may not be signed in over this transport.
pub(super) fn allow_transport(visitor: &Visitor, person: &Person) -> Result<()> {
    if visitor.transport == Transport::Plain && person.kind.is_staff() {
        return Err(Code::NeedsHttps.into());
    }
    Ok(())
}
