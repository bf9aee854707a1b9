//! Whole rosters: everybody as they are now, and many changes at once, all or none.

use base::Result;
use base::id::{CourseId, PersonId};
use rusqlite::{Row, named_params};

use crate::account_change::{self, AccountDetails};
use crate::failure::{Outcome, is_dangling};
use crate::statement::statements;
use crate::store::Store;
use crate::words::PersonKind;

/// Somebody with whom a row of a roster may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RosterPerson {
    /// Who.
    pub id: PersonId,
    /// What the person may do.
    pub kind: PersonKind,
    /// What is known of them.
    pub details: AccountDetails,
    /// Whether they may sign in.
    pub active: bool,
}

/// What a row of a roster changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RosterChange {
    /// Adds a student.
    Create(AccountDetails),
    /// Corrects what is known of one.
    Update(PersonId, AccountDetails),
    /// Changes nothing about one, who may be enrolled all the same.
    Keep(PersonId),
}

statements! {
    ROSTER = "
        SELECT id, kind, name, login, number, group_name, deactivated_at IS NULL AS active
        FROM person WHERE id > 0 ORDER BY id";
    // Who was removed by the course's teacher stays so.
    ENROL = "
        INSERT INTO member (course, person, role, state, joined_at)
        VALUES (:course, :person, 'student', 'active', :now) ON CONFLICT DO NOTHING";
}

impl Store {
    /// Everybody, in the order of their numbers.
    pub async fn roster(&self) -> Result<Vec<RosterPerson>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(ROSTER)?;
            let rows = statement.query_map([], from_row)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Makes all changes of a roster in one transaction, and enrols those in it as students of
    /// `course`. How many were not members of it before. Nothing is changed with `login_taken` or
    /// `number_taken`, if the people are not any more what the changes were planned for, and with
    /// `not_found`.
    pub async fn apply_roster(&self, changes: Vec<RosterChange>, course: Option<CourseId>) -> Result<usize> {
        let now = self.now();
        self.write(move |connection| {
            let mut enrolled = 0;
            for change in &changes {
                let person = match change {
                    RosterChange::Create(details) => {
                        account_change::insert(connection, PersonKind::Student, details, now)?
                    }
                    RosterChange::Update(person, details) => {
                        account_change::set_details(connection, *person, details)?;
                        *person
                    }
                    RosterChange::Keep(person) => *person,
                };
                if let Some(course) = course {
                    enrolled += enrol(connection, course, person, now.0)?;
                }
            }
            Ok(enrolled)
        })
        .await
    }
}

fn enrol(connection: &rusqlite::Connection, course: CourseId, person: PersonId, now: i64) -> Outcome<usize> {
    let parameters = named_params! {":course": course.0, ":person": person.0, ":now": now};
    match connection.prepare_cached(ENROL)?.execute(parameters) {
        Ok(count) => Ok(count),
        Err(error) if is_dangling(&error) => Err(base::Code::NotFound.into()),
        Err(error) => Err(error.into()),
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<RosterPerson> {
    Ok(RosterPerson {
        id: PersonId(row.get("id")?),
        kind: row.get("kind")?,
        details: AccountDetails {
            name: row.get("name")?,
            login: row.get("login")?,
            number: row.get("number")?,
            group: row.get("group_name")?,
        },
        active: row.get("active")?,
    })
}
