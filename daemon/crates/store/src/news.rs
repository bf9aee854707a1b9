//! What changed in a course lately, for the start page.

use base::Result;
use base::clock::Timestamp;
use base::id::{CourseId, MeetingId};
use rusqlite::named_params;

use crate::statement::statements;
use crate::store::Store;

/// A meeting that students see, and when something came into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The meeting.
    pub meeting: MeetingId,
    /// As shown to people.
    pub title: String,
    /// Since when students see it.
    pub published_at: Timestamp,
    /// When its newest material was added.
    pub material_at: Option<Timestamp>,
}

statements! {
    NEWS_OF = "
        SELECT id, title, published_at,
               (SELECT max(created_at) FROM material WHERE material.meeting = meeting.id) AS material_at
        FROM meeting WHERE course = :course AND published_at IS NOT NULL";
    WAITING_GUESTS = "
        SELECT count(*) FROM member WHERE course = :course AND role = 'guest' AND state = 'active'";
}

impl Store {
    /// The meetings of a course into which something came in the last `within_ms`, the newest first.
    pub async fn news_of(&self, course: CourseId, within_ms: i64) -> Result<Vec<News>> {
        let since = self.now().plus(-within_ms);
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(NEWS_OF)?;
            let rows = statement.query_map(named_params! {":course": course.0}, |row| {
                Ok(News {
                    meeting: MeetingId(row.get("id")?),
                    title: row.get("title")?,
                    published_at: Timestamp(row.get("published_at")?),
                    material_at: row.get::<_, Option<i64>>("material_at")?.map(Timestamp),
                })
            })?;
            let mut news: Vec<News> = rows.collect::<rusqlite::Result<_>>()?;
            news.retain(|news| news.at() > since);
            news.sort_by_key(|news| std::cmp::Reverse((news.at(), news.meeting)));
            Ok(news)
        })
        .await
    }

    /// How many guests wait to be admitted to a course.
    pub async fn waiting_guests(&self, course: CourseId) -> Result<usize> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(WAITING_GUESTS)?;
            let count: i64 = statement.query_row(named_params! {":course": course.0}, |row| row.get(0))?;
            Ok(usize::try_from(count).unwrap_or(0))
        })
        .await
    }
}

impl News {
    /// When the newest of it came.
    pub fn at(&self) -> Timestamp {
        self.material_at.map_or(self.published_at, |at| at.max(self.published_at))
    }

    /// Whether it is a material, rather than the meeting itself.
    pub fn is_material(&self) -> bool {
        self.material_at.is_some_and(|at| at > self.published_at)
    }
}
