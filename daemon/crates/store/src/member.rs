//! Who belongs to a course, and how people come and go.

use std::collections::HashMap;

use base::clock::Timestamp;
use base::id::{CourseId, PersonId};
use base::{Code, Result};
use rusqlite::{Connection, OptionalExtension, named_params};

use crate::course::{self, Course};
use crate::failure::{Outcome, is_dangling};
use crate::person::{self, NewPerson, Person};
use crate::session::{self, NewSession, Session};
use crate::statement::statements;
use crate::store::Store;
use crate::words::{CourseRole, GuestPolicy, MemberState, PersonKind};

/// What a person is to a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// What the person may do in it.
    pub role: CourseRole,
    /// Whether the person still belongs to it.
    pub state: MemberState,
}

/// Somebody who belongs or belonged to a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub person: Person,
    /// As what.
    pub membership: Membership,
    /// Since when.
    pub joined_at: Timestamp,
}

/// Somebody who has just joined a course with its code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joined {
    /// The new person.
    pub person: Person,
    /// The signed-in browser.
    pub session: Session,
    /// Student, or guest where the teacher wants to be asked.
    pub role: CourseRole,
}

statements! {
    INSERT_MEMBER = "
        INSERT INTO member (course, person, role, state, joined_at)
        VALUES (:course, :person, :role, 'active', :now)";
    MEMBERSHIP = "SELECT role, state FROM member WHERE course = :course AND person = :person";
    ROLES_OF = "SELECT course, role FROM member WHERE person = :person AND state = 'active'";
    MEMBERS = "
        SELECT person.id, kind, name, login, created_at, role, state, joined_at
        FROM member JOIN person ON person.id = member.person
        WHERE course = :course ORDER BY member.person";
}

impl Store {
    /// What a person is to a course; `None` for somebody who never joined.
    pub async fn membership(&self, course: CourseId, person: PersonId) -> Result<Option<Membership>> {
        self.read(move |connection| find(connection, course, person)).await
    }

    /// Everybody who belongs or belonged to a course, in the order of their numbers.
    pub async fn members(&self, course: CourseId) -> Result<Vec<Member>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(MEMBERS)?;
            let rows = statement.query_map(named_params! {":course": course.0}, |row| {
                Ok(Member {
                    person: person::from_row(row)?,
                    membership: Membership { role: row.get("role")?, state: row.get("state")? },
                    joined_at: Timestamp(row.get("joined_at")?),
                })
            })?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Lets somebody in who came with the join code and a name: makes the person, the
    /// membership and the session in one step. `name` is as `base::text::name` returned it.
    /// `guests_refused` if the teacher lets nobody in, `course_archived` if the course was put away,
    /// `not_found` if there is no such course.
    pub async fn join_course(&self, course: CourseId, name: &str, new: NewSession) -> Result<Joined> {
        self.follow_clock().await;
        let now = self.now();
        let name = name.to_owned();
        self.write(move |connection| {
            let role = newcomer(&known(connection, course)?)?;
            let kind = match role {
                CourseRole::Guest => PersonKind::Guest,
                CourseRole::Teacher | CourseRole::Student => PersonKind::Student,
            };
            let stranger = NewPerson { kind, name, login: None, password: None };
            let person = person::insert(connection, &stranger, now)?;
            insert(connection, course, person.id, role, now)?;
            let session = session::insert(connection, person.id, &new, now)?;
            Ok(Joined { person, session, role })
        })
        .await
    }

    /// Lets a signed-in person into a course whose join code they have. A technician becomes a
    /// teacher of it. Who is a member already stays what they are. `member_removed` if a
    /// teacher removed them, `guests_refused` if nobody is let in, `not_found` if there is no
    /// such course or person.
    pub async fn join_course_as(&self, course: CourseId, person: PersonId) -> Result<Membership> {
        let now = self.now();
        self.write(move |connection| {
            match find(connection, course, person)? {
                Some(Membership { state: MemberState::Removed, .. }) => {
                    return Err(Code::MemberRemoved.into());
                }
                Some(membership) => return Ok(membership),
                None => {}
            }
            let found = known(connection, course)?;
            let person = person::find(connection, person)?.ok_or(Code::NotFound)?;
            let role = match person.kind {
                PersonKind::Technician => CourseRole::Teacher,
                PersonKind::Teacher | PersonKind::Student | PersonKind::Guest => newcomer(&found)?,
            };
            insert(connection, course, person.id, role, now)?;
            Ok(Membership { role, state: MemberState::Active })
        })
        .await
    }
}

pub(crate) fn insert(
    connection: &Connection,
    course: CourseId,
    person: PersonId,
    role: CourseRole,
    now: Timestamp,
) -> Outcome<()> {
    let inserted = connection.prepare_cached(INSERT_MEMBER)?.execute(named_params! {
        ":course": course.0, ":person": person.0, ":role": role, ":now": now.0,
    });
    match inserted {
        Ok(_) => Ok(()),
        Err(error) if is_dangling(&error) => Err(Code::NotFound.into()),
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn find(
    connection: &Connection,
    course: CourseId,
    person: PersonId,
) -> Outcome<Option<Membership>> {
    let mut statement = connection.prepare_cached(MEMBERSHIP)?;
    let parameters = named_params! {":course": course.0, ":person": person.0};
    let found = statement
        .query_row(parameters, |row| Ok(Membership { role: row.get("role")?, state: row.get("state")? }));
    Ok(found.optional()?)
}

/// What a person is in each course that they belong to.
pub(crate) fn roles_of(connection: &Connection, person: PersonId) -> Outcome<HashMap<CourseId, CourseRole>> {
    let mut statement = connection.prepare_cached(ROLES_OF)?;
    let rows = statement.query_map(named_params! {":person": person.0}, |row| {
        Ok((CourseId(row.get("course")?), row.get("role")?))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The course, if people can come into it.
fn known(connection: &Connection, course: CourseId) -> Outcome<Course> {
    let course = course::find(connection, course)?.ok_or(Code::NotFound)?;
    if course.archived_at.is_some() { Err(Code::CourseArchived.into()) } else { Ok(course) }
}

/// What somebody becomes who comes with the join code.
fn newcomer(course: &Course) -> Result<CourseRole, Code> {
    match course.guest_policy {
        GuestPolicy::Welcome => Ok(CourseRole::Student),
        GuestPolicy::Ask => Ok(CourseRole::Guest),
        GuestPolicy::Refuse => Err(Code::GuestsRefused),
    }
}
