//! Finding things by their words, each person what they may see.
//!
//! The index (`search` in the schema) tells where the words stand; whether somebody may see what
//! stands there is asked of [`Sight`], as everywhere. The newest come first.

use base::Result;
use base::clock::Timestamp;
use base::id::{CourseId, MeetingId, PersonId};
use base::limits::{SEARCH_HITS, SEARCH_ROWS};
use rusqlite::{Connection, Row, named_params};

use crate::access::Sight;
use crate::failure::Outcome;
use crate::person::Person;
use crate::search_words::SearchWords;
use crate::statement::statements;
use crate::store::Store;
use crate::words::{CourseRole, Lobby, PersonKind};

/// What can be found, in the order in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HitKind {
    /// A course.
    Course,
    /// A meeting.
    Meeting,
    /// A material of a meeting.
    Material,
    /// An assignment.
    Assignment,
    /// A notice.
    Notice,
    /// A chat message.
    Message,
    /// A person.
    Person,
}

/// What was found of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which.
    pub kind: HitKind,
    /// At most [`SEARCH_HITS`].
    pub hits: Vec<Hit>,
    /// Whether there is more.
    pub more: bool,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The number of the thing, among its kind.
    pub id: i64,
    /// Its title or name; of a message, who wrote it. Empty for a text without a title.
    pub title: String,
    /// Its text, as it was written.
    pub text: Option<String>,
    /// In which course, with its title; `None` for a person.
    pub course: Option<(CourseId, String)>,
    /// In which meeting, with its title, if in one.
    pub meeting: Option<(MeetingId, String)>,
    /// When it was made or written.
    pub at: Option<Timestamp>,
}

/// What a row says of who may see it.
struct Seen {
    /// Whether students do.
    is_shown: bool,
    /// Of a message: who waits before its room.
    lobby: Option<Lobby>,
    /// Of a private message: by whom and to whom.
    between: Option<(PersonId, PersonId)>,
    /// Of a person: what they are.
    kind: Option<PersonKind>,
}

statements! {
    FOUND_COURSES = "
        SELECT course.id, course.title, term AS text, course.id AS course, course.title AS course_title,
               NULL AS meeting, NULL AS meeting_title, NULL AS at, 1 AS is_shown, NULL AS lobby, NULL AS author,
               NULL AS recipient, NULL AS kind
        FROM search CROSS JOIN course ON course.id = search.rowid - (1 << 40)
        WHERE search MATCH :words AND search.rowid BETWEEN (1 << 40) AND (2 << 40) - 1
        ORDER BY search.rowid DESC";
    FOUND_MEETINGS = "
        SELECT meeting.id, meeting.title, NULL AS text, course.id AS course, course.title AS course_title,
               NULL AS meeting, NULL AS meeting_title, starts_at AS at, published_at IS NOT NULL AS is_shown,
               NULL AS lobby, NULL AS author, NULL AS recipient, NULL AS kind
        FROM search CROSS JOIN meeting ON meeting.id = search.rowid - (2 << 40)
            CROSS JOIN course ON course.id = meeting.course
        WHERE search MATCH :words AND search.rowid BETWEEN (2 << 40) AND (3 << 40) - 1
        ORDER BY search.rowid DESC";
    FOUND_MATERIALS = "
        SELECT material.id, coalesce(material.title, file.name, '') AS title, material.text, course.id AS course,
               course.title AS course_title, meeting.id AS meeting, meeting.title AS meeting_title,
               material.created_at AS at, published_at IS NOT NULL AS is_shown, NULL AS lobby, NULL AS author,
               NULL AS recipient, NULL AS kind
        FROM search CROSS JOIN material ON material.id = search.rowid - (3 << 40)
            CROSS JOIN meeting ON meeting.id = material.meeting CROSS JOIN course ON course.id = meeting.course
            LEFT JOIN file ON file.id = material.file
        WHERE search MATCH :words AND search.rowid BETWEEN (3 << 40) AND (4 << 40) - 1
        ORDER BY search.rowid DESC";
    FOUND_ASSIGNMENTS = "
        SELECT assignment.id, assignment.title, assignment.text, course.id AS course, course.title AS course_title,
               meeting.id AS meeting, meeting.title AS meeting_title, assignment.created_at AS at,
               meeting.published_at IS NOT NULL AND assignment.published_at IS NOT NULL AS is_shown,
               NULL AS lobby, NULL AS author, NULL AS recipient, NULL AS kind
        FROM search CROSS JOIN assignment ON assignment.id = search.rowid - (4 << 40)
            CROSS JOIN meeting ON meeting.id = assignment.meeting
            CROSS JOIN course ON course.id = meeting.course
        WHERE search MATCH :words AND search.rowid BETWEEN (4 << 40) AND (5 << 40) - 1
        ORDER BY search.rowid DESC";
    FOUND_NOTICES = "
        SELECT notice.id, notice.title, notice.text, course.id AS course, course.title AS course_title,
               NULL AS meeting, NULL AS meeting_title, notice.created_at AS at, 1 AS is_shown, NULL AS lobby,
               NULL AS author, NULL AS recipient, NULL AS kind
        FROM search CROSS JOIN notice ON notice.id = search.rowid - (5 << 40)
            CROSS JOIN course ON course.id = notice.course
        WHERE search MATCH :words AND search.rowid BETWEEN (5 << 40) AND (6 << 40) - 1
        ORDER BY search.rowid DESC";
    FOUND_MESSAGES = "
        SELECT message.id, author_name AS title, message.text, course.id AS course, course.title AS course_title,
               meeting.id AS meeting, meeting.title AS meeting_title, message.created_at AS at,
               published_at IS NOT NULL AS is_shown, lobby, author, recipient, NULL AS kind
        FROM search CROSS JOIN message ON message.id = search.rowid - (6 << 40)
            CROSS JOIN meeting ON meeting.id = message.meeting CROSS JOIN course ON course.id = meeting.course
        WHERE search MATCH :words AND search.rowid BETWEEN (6 << 40) AND (7 << 40) - 1
        ORDER BY search.rowid DESC";
    FOUND_PEOPLE = "
        SELECT person.id, name AS title, nullif(trim(coalesce(group_name, '') || ' ' || coalesce(number, '')), '')
                   AS text,
               NULL AS course, NULL AS course_title, NULL AS meeting, NULL AS meeting_title, NULL AS at,
               deactivated_at IS NULL AS is_shown, NULL AS lobby, NULL AS author, NULL AS recipient, kind
        FROM search CROSS JOIN person ON person.id = search.rowid - (7 << 40)
        WHERE search MATCH :words AND search.rowid BETWEEN (7 << 40) AND (8 << 40) - 1
        ORDER BY search.rowid DESC";
}

/// What is found in courses, with its statement.
const IN_COURSES: [(HitKind, &str); 6] = [
    (HitKind::Course, FOUND_COURSES),
    (HitKind::Meeting, FOUND_MEETINGS),
    (HitKind::Material, FOUND_MATERIALS),
    (HitKind::Assignment, FOUND_ASSIGNMENTS),
    (HitKind::Notice, FOUND_NOTICES),
    (HitKind::Message, FOUND_MESSAGES),
];

impl Store {
    /// What `person` finds, kind by kind, the newest first; kinds of which there is nothing are left
    /// out. Of people, those of the kinds that `person` looks after.
    pub async fn search(
        &self,
        person: &Person,
        looks_after: &'static [PersonKind],
        words: SearchWords,
    ) -> Result<Vec<Found>> {
        let person = person.clone();
        self.read(move |connection| {
            let sight = Sight::of(connection, &person)?;
            let mut all = Vec::new();
            if let Some(expression) = expression(&sight, &words) {
                for (kind, sql) in IN_COURSES {
                    let may_see = |hit: &Hit, seen: &Seen| in_course(&sight, &person, hit, seen);
                    all.push(find(connection, kind, sql, &expression, may_see)?);
                }
            }
            if !looks_after.is_empty() {
                let may_see = |_: &Hit, seen: &Seen| {
                    seen.is_shown && seen.kind.is_some_and(|kind| looks_after.contains(&kind))
                };
                all.push(find(connection, HitKind::Person, FOUND_PEOPLE, &words.expression(), may_see)?);
            }
            all.retain(|found| !found.hits.is_empty());
            Ok(all)
        })
        .await
    }
}

/// What is looked for in the courses that exist for somebody; `None` if there are none.
fn expression(sight: &Sight, words: &SearchWords) -> Option<String> {
    let words = words.expression();
    match sight {
        Sight::Everywhere => Some(words),
        Sight::In(roles) if roles.is_empty() => None,
        Sight::In(roles) => {
            let places: Vec<String> = roles.keys().map(|course| format!("\"c{course}\"")).collect();
            Some(format!("place : ({}) AND {words}", places.join(" OR ")))
        }
    }
}

/// Whether somebody may see what was found in a course: as its page, its files and its rooms would.
fn in_course(sight: &Sight, person: &Person, hit: &Hit, seen: &Seen) -> bool {
    let Some(role) = hit.course.as_ref().and_then(|(course, _)| sight.role(*course)) else { return false };
    let is_shown = seen.is_shown || role == CourseRole::Teacher;
    let is_let_in = !seen.lobby.is_some_and(|lobby| lobby.holds(role));
    let is_addressed = seen.between.is_none_or(|(author, to)| author == person.id || to == person.id);
    is_shown && is_let_in && is_addressed
}

fn find(
    connection: &Connection,
    kind: HitKind,
    sql: &str,
    expression: &str,
    may_see: impl Fn(&Hit, &Seen) -> bool,
) -> Outcome<Found> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(named_params! {":words": expression}, from_row)?;
    let mut hits = Vec::new();
    for (place, row) in rows.enumerate() {
        let (hit, seen) = row?;
        let is_seen = may_see(&hit, &seen);
        if place == SEARCH_ROWS || (is_seen && hits.len() == SEARCH_HITS) {
            return Ok(Found { kind, hits, more: true });
        }
        if is_seen {
            hits.push(hit);
        }
    }
    Ok(Found { kind, hits, more: false })
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<(Hit, Seen)> {
    let course: Option<i64> = row.get("course")?;
    let meeting: Option<i64> = row.get("meeting")?;
    let recipient: Option<i64> = row.get("recipient")?;
    let titled = |column| row.get::<_, Option<String>>(column).map(Option::unwrap_or_default);
    let hit = Hit {
        id: row.get("id")?,
        title: row.get("title")?,
        text: row.get("text")?,
        course: course.map(CourseId).zip(Some(titled("course_title")?)),
        meeting: meeting.map(MeetingId).zip(Some(titled("meeting_title")?)),
        at: row.get::<_, Option<i64>>("at")?.map(Timestamp),
    };
    let author: Option<i64> = row.get("author")?;
    let seen = Seen {
        is_shown: row.get("is_shown")?,
        lobby: row.get("lobby")?,
        between: author.zip(recipient).map(|(author, to)| (PersonId(author), PersonId(to))),
        kind: row.get("kind")?,
    };
    Ok((hit, seen))
}
