//! One-time sign-in links.

use base::clock::Timestamp;
use base::id::PersonId;
use base::secret::TokenHash;
use base::{Code, Result};
use rusqlite::{Connection, OptionalExtension, named_params};

use crate::failure::Outcome;
use crate::person::{self, Person};
use crate::session::{self, NewSession, Session};
use crate::statement::statements;
use crate::store::Store;

/// How long a spent link is remembered, so that "already used" can be told from "unknown".
const REMEMBERED_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// What a link is worth now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It signs this person in, until then.
    Usable {
        /// Whom.
        person: Person,
        /// From then on it is refused.
        expires_at: Timestamp,
    },
    /// It was used.
    Used,
    /// It is too old.
    Expired,
    /// There is none.
    Unknown,
}

statements! {
    INSERT_LINK = "
        INSERT INTO sign_in_link (token_hash, person, created_at, expires_at)
        VALUES (:token_hash, :person, :now, :expires_at)";
    LINK = "SELECT person, expires_at, used_at FROM sign_in_link WHERE token_hash = :token_hash";
    USE_LINK = "UPDATE sign_in_link SET used_at = :now WHERE token_hash = :token_hash AND used_at IS NULL";
    FORGET_LINKS = "DELETE FROM sign_in_link WHERE expires_at < :before";
}

impl Store {
    /// Adds a link that signs `person` in once, before `expires_at`. `account_inactive` for who was
    /// deactivated, `not_found` if there is no such person.
    pub async fn create_sign_in_link(
        &self,
        person: PersonId,
        token_hash: TokenHash,
        expires_at: Timestamp,
    ) -> Result<()> {
        self.follow_clock().await;
        let now = self.now();
        self.write(move |connection| {
            if person::find_active(connection, person)?.is_none() {
                let known = person::find(connection, person)?.is_some();
                return Err(if known { Code::AccountInactive } else { Code::NotFound }.into());
            }
            connection
                .prepare_cached(FORGET_LINKS)?
                .execute(named_params! {":before": now.plus(-REMEMBERED_MS).0})?;
            connection.prepare_cached(INSERT_LINK)?.execute(named_params! {
                ":token_hash": token_hash.0, ":person": person.0, ":now": now.0, ":expires_at": expires_at.0,
            })?;
            Ok(())
        })
        .await
    }

    /// What a link is worth, without using it up: messengers open links to show a preview.
    pub async fn sign_in_link(&self, token_hash: TokenHash) -> Result<LinkState> {
        self.follow_clock().await;
        let now = self.now();
        self.read(move |connection| state(connection, token_hash, now)).await
    }

    /// Uses a link up and signs its person in, in one step: of two browsers that try at once
    /// exactly one gets in. `link_unknown`, `link_used` or `link_expired`.
    pub async fn redeem_sign_in_link(
        &self,
        token_hash: TokenHash,
        new: NewSession,
    ) -> Result<(Person, Session)> {
        self.follow_clock().await;
        let now = self.now();
        self.write(move |connection| {
            let person = match state(connection, token_hash, now)? {
                LinkState::Usable { person, .. } => person,
                LinkState::Used => return Err(Code::LinkUsed.into()),
                LinkState::Expired => return Err(Code::LinkExpired.into()),
                LinkState::Unknown => return Err(Code::LinkUnknown.into()),
            };
            connection
                .prepare_cached(USE_LINK)?
                .execute(named_params! {":token_hash": token_hash.0, ":now": now.0})?;
            let session = session::insert(connection, person.id, &new, now)?;
            Ok((person, session))
        })
        .await
    }
}

fn state(connection: &Connection, token_hash: TokenHash, now: Timestamp) -> Outcome<LinkState> {
    let mut statement = connection.prepare_cached(LINK)?;
    let link = statement
        .query_row(named_params! {":token_hash": token_hash.0}, |row| {
            let used_at: Option<i64> = row.get("used_at")?;
            Ok((PersonId(row.get("person")?), Timestamp(row.get("expires_at")?), used_at))
        })
        .optional()?;
    let Some((person, expires_at, used_at)) = link else { return Ok(LinkState::Unknown) };
    if used_at.is_some() {
        return Ok(LinkState::Used);
    }
    if expires_at <= now {
        return Ok(LinkState::Expired);
    }
    let person = person::find_active(connection, person)?;
    Ok(person.map_or(LinkState::Unknown, |person| LinkState::Usable { person, expires_at }))
}
