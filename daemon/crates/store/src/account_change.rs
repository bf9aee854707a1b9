//! Adding, correcting, deactivating and deleting people, and new PINs and cards.

use base::id::{PersonId, SessionId};
use base::{Code, Result};
use rusqlite::{Connection, named_params};

use crate::account::{self, Account};
use crate::failure::{Failure, Outcome, is_dangling, is_duplicate};
use crate::person::{PasswordHash, fold};
use crate::session;
use crate::statement::statements;
use crate::store::Store;
use crate::words::PersonKind;

/// What can be told about a person and corrected later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountDetails {
    /// As `base::text::name` returned it.
    pub name: String,
    /// A sign-in name; case and surrounding space do not matter.
    pub login: Option<String>,
    /// As `base::text::number` returned it.
    pub number: Option<String>,
    /// As `base::text::group` returned it.
    pub group: Option<String>,
}

statements! {
    INSERT_ACCOUNT = "
        INSERT INTO person (kind, name, login, number, group_name, created_at)
        VALUES (:kind, :name, :login, :number, :group, :now) RETURNING id";
    SET_DETAILS = "
        UPDATE person SET name = :name, login = :login, number = :number, group_name = :group
        WHERE id = :person";
    SET_PIN = "UPDATE person SET pin = :pin, pin_failures = 0 WHERE id = :person AND kind = 'student'";
    FAIL_PIN = "UPDATE person SET pin_failures = pin_failures + 1 WHERE id = :person RETURNING pin_failures";
    FORGIVE_PIN = "UPDATE person SET pin_failures = 0 WHERE id = :person";
    NEW_CARD = "UPDATE person SET card = card + 1 WHERE id = :person AND kind = 'student' RETURNING card";
    FORGET_PASSWORD = "UPDATE person SET password = NULL WHERE id = :person";
    DEACTIVATE = "UPDATE person SET deactivated_at = :now WHERE id = :person AND deactivated_at IS NULL";
    REACTIVATE = "UPDATE person SET deactivated_at = NULL WHERE id = :person";
    FORGET_LINKS_OF = "DELETE FROM sign_in_link WHERE person = :person";
    OTHER_TECHNICIAN = "
        SELECT 1 FROM person
        WHERE kind = 'technician' AND id IS NOT :person AND deactivated_at IS NULL LIMIT 1";
    ANY_MEMBERSHIP = "SELECT 1 FROM member WHERE person = :person LIMIT 1";
    DELETE_PERSON = "DELETE FROM person WHERE id = :person AND signed_in_at IS NULL";
}

impl Store {
    /// Adds a person. `login_taken` or `number_taken` if somebody else has it.
    pub async fn create_account(&self, kind: PersonKind, details: AccountDetails) -> Result<PersonId> {
        let now = self.now();
        self.write(move |connection| insert(connection, kind, &details, now)).await
    }

    /// Corrects what is known of a person. `login_taken` or `number_taken` if somebody else has it,
    /// `not_found` if there is no such person.
    pub async fn set_account_details(&self, person: PersonId, details: AccountDetails) -> Result<()> {
        self.write(move |connection| set_details(connection, person, &details)).await
    }

    /// Gives students new PINs and unlocks them. `not_found`, and none was changed, if one is no
    /// student.
    pub async fn set_pins(&self, pins: Vec<(PersonId, PasswordHash)>) -> Result<()> {
        self.write(move |connection| {
            let mut statement = connection.prepare_cached(SET_PIN)?;
            for (person, pin) in &pins {
                let changed = statement.execute(named_params! {":person": person.0, ":pin": pin.0})?;
                if changed == 0 {
                    return Err(Code::NotFound.into());
                }
            }
            Ok(())
        })
        .await
    }

    /// Counts a wrong PIN; how many there were since the last right one.
    pub async fn fail_pin(&self, person: PersonId) -> Result<u32> {
        self.write(move |connection| {
            let mut statement = connection.prepare_cached(FAIL_PIN)?;
            Ok(statement.query_row(named_params! {":person": person.0}, |row| row.get(0))?)
        })
        .await
    }

    /// Forgets the wrong PINs before a right one.
    pub async fn forgive_pin(&self, person: PersonId) -> Result<()> {
        self.write(move |connection| {
            connection.prepare_cached(FORGIVE_PIN)?.execute(named_params! {":person": person.0})?;
            Ok(())
        })
        .await
    }

    /// Makes a student's cards void: another one counts from now on. Ends their sessions, because
    /// whoever found the old card may have used it; the ended ones. `not_found` for who is no
    /// student.
    pub async fn renew_card(&self, person: PersonId) -> Result<Vec<SessionId>> {
        self.write(move |connection| {
            let mut statement = connection.prepare_cached(NEW_CARD)?;
            if !statement.exists(named_params! {":person": person.0})? {
                return Err(Code::NotFound.into());
            }
            session::end_all(connection, person, None)
        })
        .await
    }

    /// Makes a forgotten password void and ends the person's sessions; the ended ones. Links that
    /// were handed out before are void too.
    pub async fn forget_password(&self, person: PersonId) -> Result<Vec<SessionId>> {
        self.write(move |connection| {
            let one = named_params! {":person": person.0};
            connection.prepare_cached(FORGET_PASSWORD)?.execute(one)?;
            connection.prepare_cached(FORGET_LINKS_OF)?.execute(one)?;
            session::end_all(connection, person, None)
        })
        .await
    }

    /// Keeps a person from signing in, and ends their sessions at once; the ended ones. What the
    /// person has made stays. Again is harmless. `last_technician` for the only one left,
    /// `not_found` if there is no such person.
    pub async fn deactivate(&self, person: PersonId) -> Result<Vec<SessionId>> {
        let now = self.now();
        self.write(move |connection| {
            let found = known(connection, person)?;
            keep_one_technician(connection, &found)?;
            connection
                .prepare_cached(DEACTIVATE)?
                .execute(named_params! {":person": person.0, ":now": now.0})?;
            connection.prepare_cached(FORGET_LINKS_OF)?.execute(named_params! {":person": person.0})?;
            session::end_all(connection, person, None)
        })
        .await
    }

    /// Lets a person sign in again. Again is harmless. `not_found` if there is no such person.
    pub async fn reactivate(&self, person: PersonId) -> Result<()> {
        self.write(move |connection| {
            let changed =
                connection.prepare_cached(REACTIVATE)?.execute(named_params! {":person": person.0})?;
            if changed == 0 { Err(Code::NotFound.into()) } else { Ok(()) }
        })
        .await
    }

    /// Deletes a person who has never signed in and belongs to no course: a row made by mistake.
    /// `person_in_use` for everybody else, `last_technician`, `not_found`.
    pub async fn delete_person(&self, person: PersonId) -> Result<()> {
        self.write(move |connection| {
            let found = known(connection, person)?;
            keep_one_technician(connection, &found)?;
            let one = named_params! {":person": person.0};
            if connection.prepare_cached(ANY_MEMBERSHIP)?.exists(one)? {
                return Err(Code::PersonInUse.into());
            }
            match connection.prepare_cached(DELETE_PERSON)?.execute(one) {
                Ok(1) => Ok(()),
                Ok(_) => Err(Code::PersonInUse.into()),
                Err(error) if is_dangling(&error) => Err(Code::PersonInUse.into()),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }
}

pub(crate) fn insert(
    connection: &Connection,
    kind: PersonKind,
    details: &AccountDetails,
    now: base::clock::Timestamp,
) -> Outcome<PersonId> {
    connection
        .prepare_cached(INSERT_ACCOUNT)?
        .query_row(
            named_params! {
                ":kind": kind, ":name": details.name, ":login": details.login.as_deref().map(fold),
                ":number": details.number, ":group": details.group, ":now": now.0,
            },
            |row| row.get(0).map(PersonId),
        )
        .map_err(taken)
}

pub(crate) fn set_details(
    connection: &Connection,
    person: PersonId,
    details: &AccountDetails,
) -> Outcome<()> {
    let changed = connection
        .prepare_cached(SET_DETAILS)?
        .execute(named_params! {
            ":person": person.0, ":name": details.name, ":login": details.login.as_deref().map(fold),
            ":number": details.number, ":group": details.group,
        })
        .map_err(taken)?;
    if changed == 0 { Err(Code::NotFound.into()) } else { Ok(()) }
}

fn known(connection: &Connection, person: PersonId) -> Outcome<Account> {
    Ok(account::find(connection, person)?.ok_or(Code::NotFound)?)
}

/// Nobody could set the box up any more without one.
fn keep_one_technician(connection: &Connection, leaving: &Account) -> Outcome<()> {
    if leaving.person.kind != PersonKind::Technician {
        return Ok(());
    }
    let parameters = named_params! {":person": leaving.person.id.0};
    let other = connection.prepare_cached(OTHER_TECHNICIAN)?.exists(parameters)?;
    if other { Ok(()) } else { Err(Code::LastTechnician.into()) }
}

/// `SQLite` names the column in its message, and nowhere else.
fn taken(error: rusqlite::Error) -> Failure {
    if !is_duplicate(&error) {
        return error.into();
    }
    let number = error.to_string().contains("person.number");
    if number { Code::NumberTaken.into() } else { Code::LoginTaken.into() }
}
