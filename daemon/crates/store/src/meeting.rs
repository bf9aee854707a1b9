//! Meetings of a course.

use base::clock::Timestamp;
use base::id::{CourseId, MeetingId};
use base::{Code, Result};
use rusqlite::{OptionalExtension, Row, named_params};

use crate::failure::is_dangling;
use crate::statement::statements;
use crate::store::Store;
use crate::words::Lobby;

/// One gathering of a course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// The number, which is also its live room's.
    pub id: MeetingId,
    /// As shown to people.
    pub title: String,
    /// The course that it belongs to.
    pub course: MeetingCourse,
    /// Who waits until a teacher admits them.
    pub lobby: Lobby,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A meeting's course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingCourse {
    /// The number.
    pub id: CourseId,
    /// As shown to people.
    pub title: String,
}

statements! {
    INSERT_MEETING = "
        INSERT INTO meeting (course, title, lobby, created_at) VALUES (:course, :title, :lobby, :now)";
    MEETING = "
        SELECT meeting.id, meeting.title, course, course.title AS course_title, lobby, meeting.created_at
        FROM meeting JOIN course ON course.id = meeting.course WHERE meeting.id = :meeting";
    MEETINGS_OF = "
        SELECT meeting.id, meeting.title, course, course.title AS course_title, lobby, meeting.created_at
        FROM meeting JOIN course ON course.id = meeting.course
        WHERE meeting.course = :course ORDER BY meeting.id";
    MEETING_IDS_OF = "SELECT id FROM meeting WHERE course = :course ORDER BY id";
    SET_LOBBY = "UPDATE meeting SET lobby = :lobby WHERE id = :meeting";
}

impl Store {
    /// Makes a meeting whose lobby holds guests. `title` is as `base::text::title` returned
    /// it. `not_found` if there is no such course.
    pub async fn create_meeting(&self, course: CourseId, title: &str) -> Result<Meeting> {
        let now = self.now();
        let title = title.to_owned();
        self.write(move |connection| {
            let inserted = connection.prepare_cached(INSERT_MEETING)?.execute(named_params! {
                ":course": course.0, ":title": title, ":lobby": Lobby::Guests, ":now": now.0,
            });
            match inserted {
                Ok(_) => {}
                Err(error) if is_dangling(&error) => return Err(Code::NotFound.into()),
                Err(error) => return Err(error.into()),
            }
            let mut statement = connection.prepare_cached(MEETING)?;
            let id = connection.last_insert_rowid();
            Ok(statement.query_row(named_params! {":meeting": id}, from_row)?)
        })
        .await
    }

    /// The meeting with this number, and its course.
    pub async fn meeting(&self, meeting: MeetingId) -> Result<Option<Meeting>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(MEETING)?;
            Ok(statement.query_row(named_params! {":meeting": meeting.0}, from_row).optional()?)
        })
        .await
    }

    /// The meetings of a course, oldest first.
    pub async fn meetings_of(&self, course: CourseId) -> Result<Vec<Meeting>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(MEETINGS_OF)?;
            let rows = statement.query_map(named_params! {":course": course.0}, from_row)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// The numbers of a course's meetings: the rooms that a removed member must leave.
    pub async fn meeting_ids_of(&self, course: CourseId) -> Result<Vec<MeetingId>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(MEETING_IDS_OF)?;
            let rows =
                statement.query_map(named_params! {":course": course.0}, |row| row.get(0).map(MeetingId))?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Decides who waits in the lobby. `not_found` if there is no such meeting.
    pub async fn set_lobby(&self, meeting: MeetingId, lobby: Lobby) -> Result<()> {
        self.write(move |connection| {
            let changed = connection
                .prepare_cached(SET_LOBBY)?
                .execute(named_params! {":meeting": meeting.0, ":lobby": lobby})?;
            if changed == 0 { Err(Code::NotFound.into()) } else { Ok(()) }
        })
        .await
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Meeting> {
    Ok(Meeting {
        id: MeetingId(row.get("id")?),
        title: row.get("title")?,
        course: MeetingCourse { id: CourseId(row.get("course")?), title: row.get("course_title")? },
        lobby: row.get("lobby")?,
        created_at: Timestamp(row.get("created_at")?),
    })
}
