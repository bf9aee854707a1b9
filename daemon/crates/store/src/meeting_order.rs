//! The order of a course's meetings, and what changes it: moving, copying, deleting.

use base::id::{CourseId, MeetingId};
use base::{Code, Result};
use rusqlite::{Connection, named_params};

use crate::copy;
use crate::failure::Outcome;
use crate::meeting::{self, Meeting, MeetingDraft};
use crate::statement::statements;
use crate::store::Store;
use crate::words::Visibility;

statements! {
    SHIFT_MEETINGS = "
        UPDATE meeting SET position = position + :by
        WHERE course = :course AND position BETWEEN :from AND :until";
    PLACE_MEETING = "UPDATE meeting SET position = :position WHERE id = :meeting";
    DELETE_MEETING = "DELETE FROM meeting WHERE id = :meeting";
    LAST_POSITION = "SELECT coalesce(max(position), 0) FROM meeting WHERE course = :course";
}

impl Store {
    /// Puts a meeting at `to`, counted from 1; what is no place becomes the nearest. Returns where
    /// it stands now. `not_found` if there is no such meeting.
    pub async fn move_meeting(&self, meeting: MeetingId, to: i64) -> Result<i64> {
        self.write(move |connection| {
            let moved = meeting::find(connection, meeting)?.ok_or(Code::NotFound)?;
            place(connection, &moved, to)
        })
        .await
    }

    /// Makes a draft behind a meeting with what a teacher has put into it. `not_found` if there is
    /// no such meeting, `meetings_full` if the course has enough of them.
    pub async fn copy_meeting(&self, meeting: MeetingId, title: &str) -> Result<Meeting> {
        let now = self.now();
        let title = title.to_owned();
        self.write(move |connection| {
            let original = meeting::find(connection, meeting)?.ok_or(Code::NotFound)?;
            let draft = MeetingDraft { title, starts_at: None };
            let made = meeting::insert(connection, original.course.id, &draft, Visibility::Draft, now)?;
            copy::belongings(connection, meeting, made, now)?;
            let made = meeting::find(connection, made)?.ok_or(Code::NotFound)?;
            let position = place(connection, &made, original.position + 1)?;
            Ok(Meeting { position, ..made })
        })
        .await
    }

    /// Deletes a meeting in which nobody has done anything yet: `meeting_in_use` otherwise.
    /// `not_found` if there is no such meeting.
    pub async fn delete_meeting(&self, meeting: MeetingId) -> Result<()> {
        self.write(move |connection| {
            let gone = meeting::find(connection, meeting)?.ok_or(Code::NotFound)?;
            if copy::has_work(connection, meeting)? {
                return Err(Code::MeetingInUse.into());
            }
            connection.prepare_cached(DELETE_MEETING)?.execute(named_params! {":meeting": meeting.0})?;
            shift(connection, gone.course.id, -1, gone.position + 1, i64::MAX)
        })
        .await
    }

    /// Whether deleting the meeting would lose something that people did.
    pub async fn meeting_has_work(&self, meeting: MeetingId) -> Result<bool> {
        self.read(move |connection| copy::has_work(connection, meeting)).await
    }
}

fn place(connection: &Connection, meeting: &Meeting, to: i64) -> Outcome<i64> {
    let course = meeting.course.id;
    let last: i64 = connection
        .prepare_cached(LAST_POSITION)?
        .query_row(named_params! {":course": course.0}, |row| row.get(0))?;
    let (from, to) = (meeting.position, to.clamp(1, last));
    if to < from {
        shift(connection, course, 1, to, from - 1)?;
    } else {
        shift(connection, course, -1, from + 1, to)?;
    }
    connection
        .prepare_cached(PLACE_MEETING)?
        .execute(named_params! {":meeting": meeting.id.0, ":position": to})?;
    Ok(to)
}

fn shift(connection: &Connection, course: CourseId, by: i64, from: i64, until: i64) -> Outcome<()> {
    connection.prepare_cached(SHIFT_MEETINGS)?.execute(named_params! {
        ":course": course.0, ":by": by, ":from": from, ":until": until,
    })?;
    Ok(())
}
