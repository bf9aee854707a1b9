//! What a teacher does with a whole course: changes what it is called, puts it away, and takes it
//! along into a new term.

use base::id::{CourseId, PersonId};
use base::random::Random;
use base::{Code, Result};
use rusqlite::named_params;

use crate::copy;
use crate::course::{self, Course, NewCourse};
use crate::meeting;
use crate::statement::statements;
use crate::store::Store;
use crate::words::Visibility;

statements! {
    SET_COURSE = "UPDATE course SET title = :title, term = :term WHERE id = :course";
    ARCHIVE_COURSE = "
        UPDATE course SET archived_at = coalesce(archived_at, :now) WHERE id = :course";
    RESTORE_COURSE = "UPDATE course SET archived_at = NULL WHERE id = :course";
}

impl Store {
    /// Changes title and term. `title` and `term` are as `base::text::title` returned them.
    /// `not_found` if there is no such course.
    pub async fn set_course(&self, course: CourseId, title: &str, term: Option<&str>) -> Result<()> {
        let (title, term) = (title.to_owned(), term.map(str::to_owned));
        self.write(move |connection| {
            let changed = connection
                .prepare_cached(SET_COURSE)?
                .execute(named_params! {":course": course.0, ":title": title, ":term": term})?;
            if changed == 0 { Err(Code::NotFound.into()) } else { Ok(()) }
        })
        .await
    }

    /// Puts a course away. Again is harmless; `not_found` if there is no such course.
    pub async fn archive_course(&self, course: CourseId) -> Result<()> {
        let now = self.now();
        self.write(move |connection| {
            let changed = connection
                .prepare_cached(ARCHIVE_COURSE)?
                .execute(named_params! {":course": course.0, ":now": now.0})?;
            if changed == 0 { Err(Code::NotFound.into()) } else { Ok(()) }
        })
        .await
    }

    /// Takes a course that was put away into use again. Again is harmless; `not_found` if there is
    /// no such course.
    pub async fn restore_course(&self, course: CourseId) -> Result<()> {
        self.write(move |connection| {
            let changed =
                connection.prepare_cached(RESTORE_COURSE)?.execute(named_params! {":course": course.0})?;
            if changed == 0 { Err(Code::NotFound.into()) } else { Ok(()) }
        })
        .await
    }

    /// Makes a course like `from`: its meetings as drafts without a time, and what a teacher has
    /// put into them; neither people nor what they did. `teacher` is its only member. In one
    /// transaction: a power cut leaves all of it or nothing. `not_found` if there is no such
    /// course or teacher.
    pub async fn copy_course(
        &self,
        from: CourseId,
        new: NewCourse,
        teacher: PersonId,
        random: &mut dyn Random,
    ) -> Result<Course> {
        let now = self.now();
        let codes = course::draw(random);
        self.write(move |connection| {
            course::find(connection, from)?.ok_or(Code::NotFound)?;
            let course = course::insert(connection, &new, teacher, &codes, now)?;
            for original in meeting::all_of(connection, from)? {
                let draft = meeting::MeetingDraft { title: original.title, starts_at: None };
                let made = meeting::insert(connection, course.id, &draft, Visibility::Draft, now)?;
                copy::belongings(connection, original.id, made, now)?;
            }
            Ok(course)
        })
        .await
    }
}
