//! Meetings of a course: made, found, and what a teacher says about them.

use base::clock::Timestamp;
use base::id::{CourseId, MeetingId};
use base::{Code, Result, limits};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::course;
use crate::failure::Outcome;
use crate::statement::statements;
use crate::store::Store;
use crate::words::{Lobby, Visibility};

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
    /// Its number in the course: 1, 2, … without a gap.
    pub position: i64,
    /// When it is planned to begin.
    pub starts_at: Option<Timestamp>,
    /// From when on students see it; `None` for a draft.
    pub published_at: Option<Timestamp>,
}

/// A meeting's course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingCourse {
    /// The number.
    pub id: CourseId,
    /// As shown to people.
    pub title: String,
    /// When it was put away, if it was.
    pub archived_at: Option<Timestamp>,
}

/// What a teacher says about a meeting.
#[derive(Clone, Debug)]
pub struct MeetingDraft {
    /// As `base::text::title` returned it.
    pub title: String,
    /// When it is planned to begin.
    pub starts_at: Option<Timestamp>,
}

impl Meeting {
    /// Whether students see it.
    pub fn visibility(&self) -> Visibility {
        if self.published_at.is_some() { Visibility::Published } else { Visibility::Draft }
    }

    /// The meeting, if anything in it may change: `course_archived` if the course was put away.
    pub fn in_use(self) -> Result<Self> {
        if self.course.archived_at.is_some() { Err(Code::CourseArchived.into()) } else { Ok(self) }
    }
}

statements! {
    INSERT_MEETING = "
        INSERT INTO meeting (course, title, lobby, created_at, position, starts_at, published_at)
        VALUES (:course, :title, :lobby, :now, :position, :starts_at, :published_at)";
    MEETING = "
        SELECT meeting.id, meeting.title, course, course.title AS course_title,
               course.archived_at AS course_archived_at, lobby, meeting.created_at, position,
               starts_at, published_at
        FROM meeting JOIN course ON course.id = meeting.course WHERE meeting.id = :meeting";
    MEETINGS_OF = "
        SELECT meeting.id, meeting.title, course, course.title AS course_title,
               course.archived_at AS course_archived_at, lobby, meeting.created_at, position,
               starts_at, published_at
        FROM meeting JOIN course ON course.id = meeting.course
        WHERE meeting.course = :course ORDER BY position";
    NEWEST_MEETINGS = "
        SELECT meeting.id, meeting.title, course, course.title AS course_title,
               course.archived_at AS course_archived_at, lobby, meeting.created_at, position,
               starts_at, published_at
        FROM meeting JOIN course ON course.id = meeting.course
        WHERE meeting.id > 0 ORDER BY meeting.id DESC LIMIT :limit";
    MEETING_IDS_OF = "SELECT id FROM meeting WHERE course = :course ORDER BY position";
    MEETING_COUNT = "SELECT count(*) FROM meeting WHERE course = :course";
    SET_LOBBY = "UPDATE meeting SET lobby = :lobby WHERE id = :meeting";
    SET_MEETING = "UPDATE meeting SET title = :title, starts_at = :starts_at WHERE id = :meeting";
    PUBLISH_MEETING = "UPDATE meeting SET published_at = coalesce(published_at, :now) WHERE id = :meeting";
    HIDE_MEETING = "UPDATE meeting SET published_at = NULL WHERE id = :meeting";
}

impl Store {
    /// Makes a meeting that students see at once, and whose lobby holds guests, as the last of its
    /// course. `title` is as `base::text::title` returned it. `not_found` if there is no such
    /// course, `meetings_full` if it has enough of them.
    pub async fn create_meeting(&self, course: CourseId, title: &str) -> Result<Meeting> {
        let draft = MeetingDraft { title: title.to_owned(), starts_at: None };
        self.add_meeting(course, draft, Visibility::Published).await
    }

    /// Makes a meeting as [`Self::create_meeting`] does, planned and for students to see or not.
    pub async fn add_meeting(
        &self,
        course: CourseId,
        draft: MeetingDraft,
        visibility: Visibility,
    ) -> Result<Meeting> {
        let now = self.now();
        self.write(move |connection| {
            course::find(connection, course)?.ok_or(Code::NotFound)?;
            let id = insert(connection, course, &draft, visibility, now)?;
            Ok(find(connection, id)?.ok_or(Code::NotFound)?)
        })
        .await
    }

    /// The meeting with this number, and its course.
    pub async fn meeting(&self, meeting: MeetingId) -> Result<Option<Meeting>> {
        self.read(move |connection| find(connection, meeting)).await
    }

    /// The meetings of a course in their order, drafts among them.
    pub async fn meetings_of(&self, course: CourseId) -> Result<Vec<Meeting>> {
        self.read(move |connection| all_of(connection, course)).await
    }

    /// The newest `limit` meetings of all courses, the newest first: for technicians.
    pub async fn newest_meetings(&self, limit: usize) -> Result<Vec<Meeting>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(NEWEST_MEETINGS)?;
            let rows = statement.query_map(named_params! {":limit": limit}, from_row)?;
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

    /// Changes title and time. `not_found` if there is no such meeting.
    pub async fn set_meeting(&self, meeting: MeetingId, draft: MeetingDraft) -> Result<()> {
        self.write(move |connection| {
            let changed = connection.prepare_cached(SET_MEETING)?.execute(named_params! {
                ":meeting": meeting.0, ":title": draft.title, ":starts_at": millis(draft.starts_at),
            })?;
            if changed == 0 { Err(Code::NotFound.into()) } else { Ok(()) }
        })
        .await
    }

    /// Lets students see the meeting, or makes it a draft again. Who sees it keeps seeing it since
    /// the same moment. `not_found` if there is no such meeting.
    pub async fn set_visibility(&self, meeting: MeetingId, visibility: Visibility) -> Result<()> {
        let now = self.now();
        self.write(move |connection| {
            let changed = match visibility {
                Visibility::Published => connection
                    .prepare_cached(PUBLISH_MEETING)?
                    .execute(named_params! {":meeting": meeting.0, ":now": now.0})?,
                Visibility::Draft => {
                    connection.prepare_cached(HIDE_MEETING)?.execute(named_params! {":meeting": meeting.0})?
                }
            };
            if changed == 0 { Err(Code::NotFound.into()) } else { Ok(()) }
        })
        .await
    }
}

/// Adds a meeting at the end of its course; `meetings_full` if there are enough of them.
pub(crate) fn insert(
    connection: &Connection,
    course: CourseId,
    draft: &MeetingDraft,
    visibility: Visibility,
    now: Timestamp,
) -> Outcome<MeetingId> {
    let count: i64 = connection
        .prepare_cached(MEETING_COUNT)?
        .query_row(named_params! {":course": course.0}, |row| row.get(0))?;
    if usize::try_from(count).is_ok_and(|count| count >= limits::COURSE_MEETINGS) {
        return Err(base::Error::new(Code::MeetingsFull).with("most", limits::COURSE_MEETINGS).into());
    }
    let published_at = (visibility == Visibility::Published).then_some(now.0);
    connection.prepare_cached(INSERT_MEETING)?.execute(named_params! {
        ":course": course.0, ":title": draft.title, ":lobby": Lobby::Guests, ":now": now.0,
        ":position": count + 1, ":starts_at": millis(draft.starts_at), ":published_at": published_at,
    })?;
    Ok(MeetingId(connection.last_insert_rowid()))
}

pub(crate) fn find(connection: &Connection, meeting: MeetingId) -> Outcome<Option<Meeting>> {
    let mut statement = connection.prepare_cached(MEETING)?;
    Ok(statement.query_row(named_params! {":meeting": meeting.0}, from_row).optional()?)
}

pub(crate) fn all_of(connection: &Connection, course: CourseId) -> Outcome<Vec<Meeting>> {
    let mut statement = connection.prepare_cached(MEETINGS_OF)?;
    let rows = statement.query_map(named_params! {":course": course.0}, from_row)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn millis(at: Option<Timestamp>) -> Option<i64> {
    at.map(|at| at.0)
}

pub(crate) fn from_row(row: &Row<'_>) -> rusqlite::Result<Meeting> {
    let time = |column| row.get::<_, Option<i64>>(column).map(|at| at.map(Timestamp));
    Ok(Meeting {
        id: MeetingId(row.get("id")?),
        title: row.get("title")?,
        course: MeetingCourse {
            id: CourseId(row.get("course")?),
            title: row.get("course_title")?,
            archived_at: time("course_archived_at")?,
        },
        lobby: row.get("lobby")?,
        created_at: Timestamp(row.get("created_at")?),
        position: row.get("position")?,
        starts_at: time("starts_at")?,
        published_at: time("published_at")?,
    })
}
