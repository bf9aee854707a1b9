//! Courses and their join codes.

use base::clock::Timestamp;
use base::id::{CourseId, PersonId};
use base::random::{READABLE, Random};
use base::{Code, Error, Result, limits, text};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::failure::{Failure, Outcome, is_duplicate};
use crate::meeting::{self, MeetingDraft};
use crate::member;
use crate::statement::statements;
use crate::store::Store;
use crate::words::{CourseRole, GuestPolicy, Visibility};

/// Codes drawn at once; the next is tried where one is taken. With a thousand courses among
/// 31^6 codes, eight in a row are taken once in 10^47.
const JOIN_CODE_DRAWS: usize = 8;

/// A course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// The number.
    pub id: CourseId,
    /// As shown to people.
    pub title: String,
    /// What students type to join.
    pub join_code: String,
    /// What happens to people who come with the join code.
    pub guest_policy: GuestPolicy,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it is taught, in the school's own words.
    pub term: Option<String>,
    /// When it was put away, if it was.
    pub archived_at: Option<Timestamp>,
}

/// A course to be made.
#[derive(Clone, Debug)]
pub struct NewCourse {
    /// As `base::text::title` returned it.
    pub title: String,
    /// When it is taught; as `base::text::title` returned it.
    pub term: Option<String>,
}

statements! {
    INSERT_COURSE = "
        INSERT INTO course (title, join_code, guest_policy, created_at, term)
        VALUES (:title, :join_code, :guest_policy, :now, :term)
        RETURNING id, title, join_code, guest_policy, created_at, term, archived_at";
    COURSE = "SELECT id, title, join_code, guest_policy, created_at, term, archived_at FROM course WHERE id = :course";
    COURSE_BY_JOIN_CODE = "
        SELECT id, title, join_code, guest_policy, created_at, term, archived_at FROM course WHERE join_code = :join_code";
    COURSES_OF = "
        SELECT id, title, join_code, guest_policy, created_at, term, archived_at FROM course
        WHERE id IN (SELECT course FROM member WHERE person = :person AND state = 'active')
        ORDER BY id";
    SET_GUEST_POLICY = "UPDATE course SET guest_policy = :guest_policy WHERE id = :course";
    SET_JOIN_CODE = "UPDATE course SET join_code = :join_code WHERE id = :course";
}

impl Store {
    /// Makes a course with `teacher` as its first member and a join code of its own. It
    /// welcomes guests until [`Self::set_guest_policy`] says otherwise. `title` is as
    /// `base::text::title` returned it. `not_found` if there is no such teacher.
    pub async fn create_course(
        &self,
        title: &str,
        teacher: PersonId,
        random: &mut dyn Random,
    ) -> Result<Course> {
        let new = NewCourse { title: title.to_owned(), term: None };
        let (now, codes) = (self.now(), draw(random));
        self.write(move |connection| insert(connection, &new, teacher, &codes, now)).await
    }

    /// Makes a course as [`Self::create_course`] does, with a first meeting that students see at
    /// once, so that a class can begin. `meeting` is as `base::text::title` returned it.
    pub async fn begin_course(
        &self,
        new: NewCourse,
        meeting: &str,
        teacher: PersonId,
        random: &mut dyn Random,
    ) -> Result<Course> {
        let (now, codes) = (self.now(), draw(random));
        let first = MeetingDraft { title: meeting.to_owned(), starts_at: None };
        self.write(move |connection| {
            let course = insert(connection, &new, teacher, &codes, now)?;
            meeting::insert(connection, course.id, &first, Visibility::Published, now)?;
            Ok(course)
        })
        .await
    }

    /// The course with this number.
    pub async fn course(&self, course: CourseId) -> Result<Option<Course>> {
        self.read(move |connection| find(connection, course)).await
    }

    /// The course with this join code, however it was typed.
    pub async fn course_by_join_code(&self, typed: &str) -> Result<Option<Course>> {
        let join_code = text::join_code(typed);
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(COURSE_BY_JOIN_CODE)?;
            Ok(statement.query_row(named_params! {":join_code": join_code}, from_row).optional()?)
        })
        .await
    }

    /// The courses that a person is an active member of, oldest first.
    pub async fn courses_of(&self, person: PersonId) -> Result<Vec<Course>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(COURSES_OF)?;
            let rows = statement.query_map(named_params! {":person": person.0}, from_row)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Decides what happens to people who come with the join code. `not_found` if there is no
    /// such course.
    pub async fn set_guest_policy(&self, course: CourseId, guest_policy: GuestPolicy) -> Result<()> {
        self.write(move |connection| {
            let changed = connection
                .prepare_cached(SET_GUEST_POLICY)?
                .execute(named_params! {":course": course.0, ":guest_policy": guest_policy})?;
            if changed == 0 { Err(Code::NotFound.into()) } else { Ok(()) }
        })
        .await
    }

    /// Gives the course a new join code, which is returned; the old one is no longer known.
    /// `not_found` if there is no such course.
    pub async fn renew_join_code(&self, course: CourseId, random: &mut dyn Random) -> Result<String> {
        let codes = draw(random);
        self.write(move |connection| {
            let (join_code, changed) = with_free_code(&codes, |join_code| {
                let changed = connection
                    .prepare_cached(SET_JOIN_CODE)?
                    .execute(named_params! {":course": course.0, ":join_code": join_code})?;
                Ok((join_code.to_owned(), changed))
            })?;
            if changed == 0 { Err(Code::NotFound.into()) } else { Ok(join_code) }
        })
        .await
    }
}

pub(crate) fn find(connection: &Connection, course: CourseId) -> Outcome<Option<Course>> {
    let mut statement = connection.prepare_cached(COURSE)?;
    Ok(statement.query_row(named_params! {":course": course.0}, from_row).optional()?)
}

/// Makes a course with its teacher and the first of `codes` that is free.
pub(crate) fn insert(
    connection: &Connection,
    new: &NewCourse,
    teacher: PersonId,
    codes: &[String],
    now: Timestamp,
) -> Outcome<Course> {
    let course = with_free_code(codes, |join_code| {
        connection.prepare_cached(INSERT_COURSE)?.query_row(
            named_params! {
                ":title": new.title, ":join_code": join_code, ":term": new.term,
                ":guest_policy": GuestPolicy::Welcome, ":now": now.0,
            },
            from_row,
        )
    })?;
    member::insert(connection, course.id, teacher, CourseRole::Teacher, now)?;
    Ok(course)
}

pub(crate) fn draw(random: &mut dyn Random) -> Vec<String> {
    (0..JOIN_CODE_DRAWS).map(|_| random.characters(READABLE, limits::JOIN_CODE_CHARACTERS)).collect()
}

/// What `attempt` returns for the first of `codes` that no other course has.
fn with_free_code<T>(codes: &[String], mut attempt: impl FnMut(&str) -> rusqlite::Result<T>) -> Outcome<T> {
    for join_code in codes {
        match attempt(join_code) {
            Err(error) if is_duplicate(&error) => {}
            done => return Ok(done?),
        }
    }
    Err(Failure::Known(Error::new(Code::Internal).because("every join code drawn was taken")))
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Course> {
    Ok(Course {
        id: CourseId(row.get("id")?),
        title: row.get("title")?,
        join_code: row.get("join_code")?,
        guest_policy: row.get("guest_policy")?,
        created_at: Timestamp(row.get("created_at")?),
        term: row.get("term")?,
        archived_at: row.get::<_, Option<i64>>("archived_at")?.map(Timestamp),
    })
}
