//! What teachers decide about who belongs to a course: guests, co-teachers, groups, and who leaves.

use base::id::{CourseId, PersonId};
use base::{Code, Result};
use rusqlite::{Connection, named_params};

use crate::failure::Outcome;
use crate::member::{self, Membership};
use crate::statement::statements;
use crate::store::Store;
use crate::words::{CourseRole, MemberState, PersonKind};
use crate::{account, person};

statements! {
    ADMIT_MEMBER = "
        UPDATE member SET role = 'student'
        WHERE course = :course AND person = :person AND role = 'guest' AND state = 'active'";
    ADMIT_PERSON = "UPDATE person SET kind = 'student' WHERE id = :person AND kind = 'guest'";
    REMOVE_MEMBER = "
        UPDATE member SET state = 'removed', removed_at = :now, removed_by = :by
        WHERE course = :course AND person = :person AND state = 'active'";
    RESTORE_MEMBER = "
        UPDATE member SET state = 'active', removed_at = NULL, removed_by = NULL
        WHERE course = :course AND person = :person AND state = 'removed'";
    MAKE_TEACHER = "
        INSERT INTO member (course, person, role, state, joined_at)
        VALUES (:course, :person, 'teacher', 'active', :now)
        ON CONFLICT DO UPDATE SET role = 'teacher', state = 'active', removed_at = NULL, removed_by = NULL";
    MAKE_STUDENT = "
        INSERT INTO member (course, person, role, state, joined_at)
        VALUES (:course, :person, 'student', 'active', :now)
        ON CONFLICT DO UPDATE SET
            role = CASE role WHEN 'guest' THEN 'student' ELSE role END,
            state = 'active', removed_at = NULL, removed_by = NULL";
    TEACHER_COUNT = "
        SELECT count(*) FROM member WHERE course = :course AND role = 'teacher' AND state = 'active'";
    ADD_GROUP = "
        INSERT INTO member (course, person, role, state, joined_at)
        SELECT :course, id, 'student', 'active', :now FROM person
        WHERE kind = 'student' AND group_name = :group AND deactivated_at IS NULL
        ON CONFLICT DO UPDATE SET role = 'student' WHERE role = 'guest' AND state = 'active'";
}

impl Store {
    /// Makes a guest a student. Harmless for who is one already; `not_found` for somebody who
    /// is no active member.
    pub async fn admit_member(&self, course: CourseId, person: PersonId) -> Result<()> {
        self.write(move |connection| {
            match member::find(connection, course, person)? {
                Some(Membership { state: MemberState::Active, .. }) => {}
                _ => return Err(Code::NotFound.into()),
            }
            let both = named_params! {":course": course.0, ":person": person.0};
            if connection.prepare_cached(ADMIT_MEMBER)?.execute(both)? > 0 {
                connection.prepare_cached(ADMIT_PERSON)?.execute(named_params! {":person": person.0})?;
            }
            Ok(())
        })
        .await
    }

    /// Removes somebody from a course for good; their sessions stay. Harmless for who was
    /// removed already. `not_allowed` for a teacher, `not_found` for who never was a member.
    pub async fn remove_member(&self, course: CourseId, person: PersonId, by: PersonId) -> Result<()> {
        let now = self.now();
        self.write(move |connection| {
            match member::find(connection, course, person)? {
                None => return Err(Code::NotFound.into()),
                Some(Membership { role: CourseRole::Teacher, .. }) => {
                    return Err(Code::NotAllowed.into());
                }
                Some(_) => {}
            }
            connection.prepare_cached(REMOVE_MEMBER)?.execute(named_params! {
                ":course": course.0, ":person": person.0, ":by": by.0, ":now": now.0,
            })?;
            Ok(())
        })
        .await
    }

    /// Lets somebody back in who was removed, as what they were. Harmless for who is there;
    /// `not_found` for who never was a member.
    pub async fn restore_member(&self, course: CourseId, person: PersonId) -> Result<()> {
        self.write(move |connection| {
            member::find(connection, course, person)?.ok_or(Code::NotFound)?;
            connection
                .prepare_cached(RESTORE_MEMBER)?
                .execute(named_params! {":course": course.0, ":person": person.0})?;
            Ok(())
        })
        .await
    }

    /// Makes a student of the school one of the course, also who was removed from it. `not_found` if
    /// there is no such course, or no such student who may sign in.
    pub async fn add_student(&self, course: CourseId, student: PersonId) -> Result<()> {
        let now = self.now();
        self.write(move |connection| {
            crate::course::find(connection, course)?.ok_or(Code::NotFound)?;
            let known = account::find(connection, student)?.ok_or(Code::NotFound)?;
            if known.person.kind != PersonKind::Student || known.deactivated_at.is_some() {
                return Err(Code::NotFound.into());
            }
            connection.prepare_cached(MAKE_STUDENT)?.execute(named_params! {
                ":course": course.0, ":person": student.0, ":now": now.0,
            })?;
            Ok(())
        })
        .await
    }

    /// Makes somebody a teacher of the course, member or not. `not_a_teacher` for those who are
    /// none on the box: they could sign in where passwords can be overheard. `not_found` if there
    /// is no such person or course.
    pub async fn add_teacher(&self, course: CourseId, teacher: PersonId) -> Result<()> {
        let now = self.now();
        self.write(move |connection| {
            crate::course::find(connection, course)?.ok_or(Code::NotFound)?;
            let person = person::find(connection, teacher)?.ok_or(Code::NotFound)?;
            if !person.kind.is_staff() {
                return Err(Code::NotATeacher.into());
            }
            connection.prepare_cached(MAKE_TEACHER)?.execute(named_params! {
                ":course": course.0, ":person": teacher.0, ":now": now.0,
            })?;
            Ok(())
        })
        .await
    }

    /// Removes a teacher of the course: `last_teacher` if nobody would be left to decide,
    /// `not_found` for who teaches it not.
    pub async fn remove_teacher(&self, course: CourseId, teacher: PersonId, by: PersonId) -> Result<()> {
        let now = self.now();
        self.write(move |connection| {
            let teaching = Membership { role: CourseRole::Teacher, state: MemberState::Active };
            if member::find(connection, course, teacher)? != Some(teaching) {
                return Err(Code::NotFound.into());
            }
            if teachers(connection, course)? == 1 {
                return Err(Code::LastTeacher.into());
            }
            connection.prepare_cached(REMOVE_MEMBER)?.execute(named_params! {
                ":course": course.0, ":person": teacher.0, ":by": by.0, ":now": now.0,
            })?;
            Ok(())
        })
        .await
    }

    /// Makes every student of a group who may sign in a student of the course; who was removed
    /// from it stays out. Returns how many that brought in. `not_found` if there is no such course.
    pub async fn add_group(&self, course: CourseId, group: &str) -> Result<usize> {
        let now = self.now();
        let group = group.to_owned();
        self.write(move |connection| {
            crate::course::find(connection, course)?.ok_or(Code::NotFound)?;
            let added = connection.prepare_cached(ADD_GROUP)?.execute(named_params! {
                ":course": course.0, ":group": group, ":now": now.0,
            })?;
            Ok(added)
        })
        .await
    }
}

fn teachers(connection: &Connection, course: CourseId) -> Outcome<i64> {
    let mut statement = connection.prepare_cached(TEACHER_COUNT)?;
    Ok(statement.query_row(named_params! {":course": course.0}, |row| row.get(0))?)
}
