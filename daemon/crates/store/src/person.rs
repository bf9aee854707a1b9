//! People.

use std::fmt;

use base::clock::Timestamp;
use base::id::PersonId;
use base::{Code, Result};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::failure::{Failure, Outcome, is_duplicate};
use crate::session::{self, NewSession, Session};
use crate::statement::statements;
use crate::store::Store;
use crate::words::PersonKind;

/// Somebody known to this box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The number.
    pub id: PersonId,
    /// What the person may do on the box as a whole.
    pub kind: PersonKind,
    /// As shown to others.
    pub name: String,
    /// The sign-in name, in lower case.
    pub login: Option<String>,
    /// When the person was added.
    pub created_at: Timestamp,
}

/// A person to be added.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// What the person may do.
    pub kind: PersonKind,
    /// As `base::text::name` returned it.
    pub name: String,
    /// A sign-in name; case and surrounding space do not matter.
    pub login: Option<String>,
    /// The password's hash.
    pub password: Option<PasswordHash>,
}

/// A password's hash as a PHC string (`$argon2id$…`). Never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PasswordHash(…)")
    }
}

statements! {
    INSERT_PERSON = "
        INSERT INTO person (kind, name, login, password, created_at)
        VALUES (:kind, :name, :login, :password, :now)
        RETURNING id, kind, name, login, created_at";
    PERSON = "SELECT id, kind, name, login, created_at FROM person WHERE id = :person";
    ACTIVE_PERSON = "
        SELECT id, kind, name, login, created_at FROM person WHERE id = :person AND deactivated_at IS NULL";
    PERSON_BY_LOGIN = "
        SELECT id, kind, name, login, created_at, password FROM person WHERE login = :login";
    LATEST_PERSON = "SELECT max(id) FROM person";
    SET_LOGIN_AND_PASSWORD = "
        UPDATE person SET login = :login, password = :password WHERE id = :person";
}

impl Store {
    /// Adds a person. `login_taken` if somebody else has the sign-in name.
    pub async fn create_person(&self, new: NewPerson) -> Result<Person> {
        let now = self.now();
        self.write(move |connection| insert(connection, &new, now)).await
    }

    /// Adds the first person and signs them in, in one step: of two who claim the box at once
    /// exactly one gets it. `already_claimed` once anybody was ever added.
    pub async fn claim(&self, first: NewPerson, new: NewSession) -> Result<(Person, Session)> {
        self.follow_clock().await;
        let now = self.now();
        self.write(move |connection| {
            if latest(connection)?.is_some() {
                return Err(Code::AlreadyClaimed.into());
            }
            let person = insert(connection, &first, now)?;
            let session = session::insert(connection, person.id, &new, now)?;
            Ok((person, session))
        })
        .await
    }

    /// The person with this number.
    pub async fn person(&self, person: PersonId) -> Result<Option<Person>> {
        self.read(move |connection| find(connection, person)).await
    }

    /// Whether anybody was ever added. The first is a technician or a teacher: students come by a
    /// course, and guests by a meeting.
    pub async fn knows_anybody(&self) -> Result<bool> {
        self.read(|connection| Ok(latest(connection)?.is_some())).await
    }

    /// Who signs in with this name, and the hash to hold the password against.
    pub async fn person_by_login(&self, login: &str) -> Result<Option<(Person, Option<PasswordHash>)>> {
        let login = fold(login);
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(PERSON_BY_LOGIN)?;
            let found = statement.query_row(named_params! {":login": login}, |row| {
                let password: Option<String> = row.get("password")?;
                Ok((from_row(row)?, password.map(PasswordHash)))
            });
            Ok(found.optional()?)
        })
        .await
    }

    /// Gives a person this sign-in name and password, in place of what there was.
    /// `login_taken` if somebody else has the name, `not_found` if there is no such person.
    pub async fn set_login_and_password(
        &self,
        person: PersonId,
        login: &str,
        password: PasswordHash,
    ) -> Result<()> {
        let login = fold(login);
        self.write(move |connection| {
            let changed = connection
                .prepare_cached(SET_LOGIN_AND_PASSWORD)?
                .execute(named_params! {":person": person.0, ":login": login, ":password": password.0})
                .map_err(login_taken)?;
            if changed == 0 { Err(Code::NotFound.into()) } else { Ok(()) }
        })
        .await
    }
}

fn latest(connection: &Connection) -> Outcome<Option<i64>> {
    Ok(connection.prepare_cached(LATEST_PERSON)?.query_row([], |row| row.get(0))?)
}

pub(crate) fn insert(connection: &Connection, new: &NewPerson, now: Timestamp) -> Outcome<Person> {
    let login = new.login.as_deref().map(fold);
    let password = new.password.as_ref().map(|hash| &hash.0);
    connection
        .prepare_cached(INSERT_PERSON)?
        .query_row(
            named_params! {
                ":kind": new.kind, ":name": new.name, ":login": login, ":password": password, ":now": now.0,
            },
            from_row,
        )
        .map_err(login_taken)
}

pub(crate) fn find(connection: &Connection, person: PersonId) -> Outcome<Option<Person>> {
    let mut statement = connection.prepare_cached(PERSON)?;
    Ok(statement.query_row(named_params! {":person": person.0}, from_row).optional()?)
}

/// The same, unless the person was deactivated.
pub(crate) fn find_active(connection: &Connection, person: PersonId) -> Outcome<Option<Person>> {
    let mut statement = connection.prepare_cached(ACTIVE_PERSON)?;
    Ok(statement.query_row(named_params! {":person": person.0}, from_row).optional()?)
}

/// Reads a person from the columns `id, kind, name, login, created_at`.
pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: PersonId(row.get("id")?),
        kind: row.get("kind")?,
        name: row.get("name")?,
        login: row.get("login")?,
        created_at: Timestamp(row.get("created_at")?),
    })
}

fn login_taken(error: rusqlite::Error) -> Failure {
    if is_duplicate(&error) { Code::LoginTaken.into() } else { error.into() }
}

/// Sign-in names are typed on phones that like to begin with a capital and end with a space.
pub(crate) fn fold(login: &str) -> String {
    login.trim().to_lowercase()
}
