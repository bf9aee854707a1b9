//! Signed-in browsers.

use base::clock::Timestamp;
use base::id::{PersonId, SessionId};
use base::limits::{SESSION_IDLE_MS, SESSION_TOUCH_MS, USER_AGENT_CHARACTERS};
use base::secret::TokenHash;
use base::{Code, Result};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::failure::Outcome;
use crate::person::{self, Person};
use crate::statement::statements;
use crate::store::Store;
use crate::words::Transport;

/// Expired sessions are deleted this long after their last use: a clock that was wrongly set
/// months ahead for a while then costs nobody the session.
const DELETED_MS: i64 = 365 * 24 * 60 * 60 * 1_000;

/// A signed-in browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The number.
    pub id: SessionId,
    /// Who is signed in.
    pub person: PersonId,
    /// How the browser signed in.
    pub transport: Transport,
    /// Its User-Agent header, at most 200 characters.
    pub user_agent: String,
    /// When it signed in.
    pub created_at: Timestamp,
    /// When it was last used, to the hour.
    pub used_at: Timestamp,
}

/// A browser that signs in.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The hash of the cookie's token.
    pub token_hash: TokenHash,
    /// How the request came.
    pub transport: Transport,
    /// Its User-Agent header.
    pub user_agent: String,
}

statements! {
    INSERT_SESSION = "
        INSERT INTO session (person, token_hash, transport, user_agent, created_at, used_at)
        VALUES (:person, :token_hash, :transport, :user_agent, :now, :now)
        RETURNING id, person, transport, user_agent, created_at, used_at";
    SESSION = "
        SELECT id, person, transport, user_agent, created_at, used_at
        FROM session WHERE token_hash = :token_hash AND used_at > :expired";
    SIGNED_IN = "
        UPDATE person SET signed_in_at = :now WHERE id = :person AND deactivated_at IS NULL";
    SESSIONS = "
        SELECT id, person, transport, user_agent, created_at, used_at
        FROM session WHERE person = :person AND used_at > :expired ORDER BY id";
    USED = "SELECT used_at FROM session WHERE id = :session";
    // Also when the time lies ahead: the clock was wrong then, and the session would never end.
    TOUCH_SESSION = "UPDATE session SET used_at = :now WHERE id = :session";
    DELETE_SESSION = "DELETE FROM session WHERE id = :session";
    DELETE_SESSIONS = "DELETE FROM session WHERE person = :person AND id IS NOT :kept RETURNING id";
    FORGET_SESSIONS = "DELETE FROM session WHERE used_at < :before";
}

impl Store {
    /// Signs `person` in. `account_inactive` for who was deactivated, `not_found` if there is no
    /// such person.
    pub async fn create_session(&self, person: PersonId, new: NewSession) -> Result<Session> {
        self.follow_clock().await;
        let now = self.now();
        self.write(move |connection| insert(connection, person, &new, now)).await
    }

    /// The session with this token, and its person. A session that was idle for
    /// [`SESSION_IDLE_MS`] is not found.
    pub async fn session(&self, token_hash: TokenHash) -> Result<Option<(Session, Person)>> {
        self.follow_clock().await;
        let expired = self.now().plus(-SESSION_IDLE_MS);
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(SESSION)?;
            let parameters = named_params! {":token_hash": token_hash.0, ":expired": expired.0};
            let Some(session) = statement.query_row(parameters, from_row).optional()? else {
                return Ok(None);
            };
            // Whoever was deactivated has no sessions left; were there one, it would be nobody's.
            let person = person::find_active(connection, session.person)?;
            Ok(person.map(|person| (session, person)))
        })
        .await
    }

    /// The sessions of a person, oldest first.
    pub async fn sessions_of(&self, person: PersonId) -> Result<Vec<Session>> {
        let expired = self.now().plus(-SESSION_IDLE_MS);
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(SESSIONS)?;
            let rows =
                statement.query_map(named_params! {":person": person.0, ":expired": expired.0}, from_row)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Notes that a session is in use. Call it on every request: it writes at most once an
    /// hour per session.
    pub async fn touch_session(&self, session: SessionId) -> Result<()> {
        let now = self.now();
        let used_at: Option<i64> = self
            .read(move |connection| {
                let mut statement = connection.prepare_cached(USED)?;
                Ok(statement.query_row(named_params! {":session": session.0}, |row| row.get(0)).optional()?)
            })
            .await?;
        let Some(used_at) = used_at else { return Ok(()) };
        if (0..SESSION_TOUCH_MS).contains(&now.0.saturating_sub(used_at)) {
            return Ok(());
        }
        self.write(move |connection| {
            connection
                .prepare_cached(TOUCH_SESSION)?
                .execute(named_params! {":session": session.0, ":now": now.0})?;
            Ok(())
        })
        .await
    }

    /// Signs one browser out. Again is harmless.
    pub async fn end_session(&self, session: SessionId) -> Result<()> {
        self.write(move |connection| {
            connection.prepare_cached(DELETE_SESSION)?.execute(named_params! {":session": session.0})?;
            Ok(())
        })
        .await
    }

    /// Signs a person out everywhere; the ended sessions, so that their live connections can
    /// be closed too.
    pub async fn end_all_sessions(&self, person: PersonId) -> Result<Vec<SessionId>> {
        self.end_sessions(person, None).await
    }

    /// Signs a person out everywhere but in the session `kept`; the ended sessions.
    pub async fn end_other_sessions(&self, person: PersonId, kept: SessionId) -> Result<Vec<SessionId>> {
        self.end_sessions(person, Some(kept)).await
    }

    async fn end_sessions(&self, person: PersonId, kept: Option<SessionId>) -> Result<Vec<SessionId>> {
        self.write(move |connection| end_all(connection, person, kept)).await
    }
}

/// Ends the sessions of a person, but for `kept`; the ended ones.
pub(crate) fn end_all(
    connection: &Connection,
    person: PersonId,
    kept: Option<SessionId>,
) -> Outcome<Vec<SessionId>> {
    let mut statement = connection.prepare_cached(DELETE_SESSIONS)?;
    let parameters = named_params! {":person": person.0, ":kept": kept.map(|kept| kept.0)};
    let ended = statement.query_map(parameters, |row| row.get(0).map(SessionId))?;
    Ok(ended.collect::<rusqlite::Result<_>>()?)
}

/// `account_inactive` for who was deactivated, `not_found` if there is no such person.
pub(crate) fn insert(
    connection: &Connection,
    person: PersonId,
    new: &NewSession,
    now: Timestamp,
) -> Outcome<Session> {
    let signed_in =
        connection.prepare_cached(SIGNED_IN)?.execute(named_params! {":person": person.0, ":now": now.0})?;
    if signed_in == 0 {
        let known = person::find(connection, person)?.is_some();
        return Err(if known { Code::AccountInactive } else { Code::NotFound }.into());
    }
    connection
        .prepare_cached(FORGET_SESSIONS)?
        .execute(named_params! {":before": now.plus(-DELETED_MS).0})?;
    let user_agent: String = new.user_agent.chars().take(USER_AGENT_CHARACTERS).collect();
    let inserted = connection.prepare_cached(INSERT_SESSION)?.query_row(
        named_params! {
            ":person": person.0, ":token_hash": new.token_hash.0, ":transport": new.transport,
            ":user_agent": user_agent, ":now": now.0,
        },
        from_row,
    );
    Ok(inserted?)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Session> {
    Ok(Session {
        id: SessionId(row.get("id")?),
        person: PersonId(row.get("person")?),
        transport: row.get("transport")?,
        user_agent: row.get("user_agent")?,
        created_at: Timestamp(row.get("created_at")?),
        used_at: Timestamp(row.get("used_at")?),
    })
}
