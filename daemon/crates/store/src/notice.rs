//! Notices: what teachers say to a whole course, and how far each member has read.

use base::clock::Timestamp;
use base::id::{CourseId, NoticeId, PersonId};
use base::limits::NOTICES_PER_COURSE;
use base::{Code, Error, Result};
use rusqlite::{OptionalExtension, Row, named_params};

use crate::failure::is_dangling;
use crate::statement::statements;
use crate::store::Store;

/// Something that a teacher says to a whole course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The number; larger ones were written later.
    pub id: NoticeId,
    /// To which course.
    pub course: CourseId,
    /// What it says.
    pub draft: NoticeDraft,
    /// Who wrote it; `None` for somebody who is no longer known.
    pub author: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last changed, if it was.
    pub changed_at: Option<Timestamp>,
    /// Whether who asks has not seen it on the course's page.
    pub is_unread: bool,
}

/// What a notice says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeDraft {
    /// As `base::text::title` returned it.
    pub title: String,
    /// Markdown, as `base::text::notice` returned it.
    pub text: Option<String>,
}

statements! {
    INSERT_NOTICE = "
        INSERT INTO notice (course, title, text, author, created_at)
        VALUES (:course, :title, :text, :author, :now) RETURNING id";
    NOTICE_COUNT = "SELECT count(*) FROM notice WHERE course = :course";
    NOTICE = "
        SELECT notice.id, course, title, text, name, notice.created_at, changed_at, 0 AS is_unread
        FROM notice LEFT JOIN person ON person.id = author WHERE notice.id = :notice";
    NOTICES_OF = "
        SELECT notice.id, notice.course, title, text, name, notice.created_at, changed_at,
               author IS NOT :person AND notice.id > coalesce(notice_read.notice, 0) AS is_unread
        FROM notice LEFT JOIN person ON person.id = author
            LEFT JOIN notice_read ON notice_read.course = notice.course AND notice_read.person = :person
        WHERE notice.course = :course ORDER BY notice.id DESC";
    CHANGE_NOTICE = "
        UPDATE notice SET title = :title, text = :text, changed_at = :now
        WHERE id = :notice AND (title IS NOT :title OR text IS NOT :text)";
    DELETE_NOTICE = "DELETE FROM notice WHERE id = :notice";
    READ_NOTICES = "
        INSERT INTO notice_read (course, person, notice) VALUES (:course, :person, :notice)
        ON CONFLICT DO UPDATE SET notice = max(notice, excluded.notice)";
}

impl Store {
    /// Adds a notice, which everybody of the course sees. `notices_too_many`; `not_found` if there is
    /// no such course or author.
    pub async fn create_notice(
        &self,
        course: CourseId,
        author: PersonId,
        draft: NoticeDraft,
    ) -> Result<NoticeId> {
        let now = self.now();
        self.write(move |connection| {
            let count: i64 = connection
                .prepare_cached(NOTICE_COUNT)?
                .query_row(named_params! {":course": course.0}, |row| row.get(0))?;
            if usize::try_from(count).is_ok_and(|count| count >= NOTICES_PER_COURSE) {
                return Err(Error::new(Code::NoticesTooMany).with("most", NOTICES_PER_COURSE).into());
            }
            let values = named_params! {
                ":course": course.0, ":title": draft.title, ":text": draft.text, ":author": author.0,
                ":now": now.0,
            };
            match connection.prepare_cached(INSERT_NOTICE)?.query_row(values, |row| row.get(0)) {
                Ok(id) => Ok(NoticeId(id)),
                Err(error) if is_dangling(&error) => Err(Code::NotFound.into()),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    /// The notices of a course as `person` sees them, the newest first.
    pub async fn notices_of(&self, course: CourseId, person: PersonId) -> Result<Vec<Notice>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(NOTICES_OF)?;
            let values = named_params! {":course": course.0, ":person": person.0};
            let rows = statement.query_map(values, from_row)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Those that came in the last `within_ms`, and those that `person` has not read, however old.
    pub async fn new_notices(
        &self,
        course: CourseId,
        person: PersonId,
        within_ms: i64,
    ) -> Result<Vec<Notice>> {
        let since = self.now().plus(-within_ms);
        let mut notices = self.notices_of(course, person).await?;
        notices.retain(|notice| notice.is_unread || notice.created_at > since);
        Ok(notices)
    }

    /// The notice with this number, for who may see its course.
    pub async fn notice(&self, notice: NoticeId) -> Result<Option<Notice>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(NOTICE)?;
            Ok(statement.query_row(named_params! {":notice": notice.0}, from_row).optional()?)
        })
        .await
    }

    /// Changes what a notice says. What says the same is not changed.
    pub async fn change_notice(&self, notice: NoticeId, draft: NoticeDraft) -> Result<()> {
        let now = self.now();
        self.write(move |connection| {
            connection.prepare_cached(CHANGE_NOTICE)?.execute(named_params! {
                ":notice": notice.0, ":title": draft.title, ":text": draft.text, ":now": now.0,
            })?;
            Ok(())
        })
        .await
    }

    /// Deletes a notice. Again is harmless.
    pub async fn delete_notice(&self, notice: NoticeId) -> Result<()> {
        self.write(move |connection| {
            connection.prepare_cached(DELETE_NOTICE)?.execute(named_params! {":notice": notice.0})?;
            Ok(())
        })
        .await
    }

    /// Notes that somebody was shown a course's notices up to this one.
    pub async fn read_notices(&self, course: CourseId, person: PersonId, last: NoticeId) -> Result<()> {
        self.write(move |connection| {
            let values = named_params! {":course": course.0, ":person": person.0, ":notice": last.0};
            match connection.prepare_cached(READ_NOTICES)?.execute(values) {
                Err(error) if is_dangling(&error) => Ok(()),
                written => Ok(written.map(drop)?),
            }
        })
        .await
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Notice> {
    Ok(Notice {
        id: NoticeId(row.get("id")?),
        course: CourseId(row.get("course")?),
        draft: NoticeDraft { title: row.get("title")?, text: row.get("text")? },
        author: row.get("name")?,
        created_at: Timestamp(row.get("created_at")?),
        changed_at: row.get::<_, Option<i64>>("changed_at")?.map(Timestamp),
        is_unread: row.get("is_unread")?,
    })
}
