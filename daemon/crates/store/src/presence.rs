//! Who was in the live rooms, and when.

use std::collections::BTreeSet;

use base::Result;
use base::clock::{Monotonic, Timestamp};
use base::id::{CourseId, MeetingId, ParticipantId, PersonId};
use base::limits::{PRESENCE_FORGOTTEN_AT_ONCE, PRESENCE_KEPT_MS, PRESENCE_PAGE, PRESENCE_ROWS};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, named_params};

use crate::failure::{Outcome, is_dangling};
use crate::lesson_kept;
use crate::statement::statements;
use crate::store::Store;
use crate::words::PresenceEnding;

/// Longest that a page is taken to have been inside, when a span of time is looked at: a day. A
/// page that was inside for longer is not found by the end of its time.
const LONGEST_MS: i64 = 24 * 60 * 60 * 1_000;

/// One time that a browser page was in a meeting's room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    /// The meeting.
    pub meeting: MeetingId,
    /// The meeting's title.
    pub meeting_title: String,
    /// The meeting's course.
    pub course: CourseId,
    /// Who.
    pub person: PersonId,
    /// The person's name now.
    pub person_name: String,
    /// When it came in.
    pub joined_at: Timestamp,
    /// Until when it is known to have been there.
    pub seen_at: Timestamp,
    /// How it ended; `None` while it is inside.
    pub ending: Option<PresenceEnding>,
}

/// A page came into a room, or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PresenceChange {
    /// It came.
    Entered {
        /// Into which meeting's room.
        meeting: MeetingId,
        /// Which page.
        participant: ParticipantId,
        /// Whose it is.
        person: PersonId,
        /// When.
        at: Monotonic,
    },
    /// It went.
    Departed {
        /// Out of which meeting's room.
        meeting: MeetingId,
        /// Which page.
        participant: ParticipantId,
        /// When it was last there.
        at: Monotonic,
        /// How.
        ending: PresenceEnding,
    },
}

statements! {
    INSERT_PRESENCE = "
        INSERT INTO presence (meeting, person, participant, joined_at, seen_at)
        VALUES (:meeting, :person, :participant, :at, :at)";
    END_PRESENCE = "
        UPDATE presence SET seen_at = max(joined_at, :at), ending = :ending
        WHERE ending IS NULL AND meeting = :meeting AND participant = :participant";
    SEE_PRESENCES = "UPDATE presence SET seen_at = max(joined_at, :now) WHERE ending IS NULL";
    CUT_PRESENCES = "UPDATE presence SET ending = 'cut' WHERE ending IS NULL";
    PRESENCES_BETWEEN = "
        SELECT meeting, meeting.title AS title, course, person, person.name AS name,
            joined_at, seen_at, ending
        FROM presence JOIN meeting ON meeting.id = meeting JOIN person ON person.id = person
        WHERE joined_at >= :earliest AND joined_at < :until AND (ending IS NULL OR seen_at >= :from)
        ORDER BY joined_at LIMIT :limit";
    PRESENCES_OF = "
        SELECT meeting, meeting.title AS title, course, person, person.name AS name,
            joined_at, seen_at, ending
        FROM presence JOIN meeting ON meeting.id = meeting JOIN person ON person.id = person
        WHERE meeting = :meeting ORDER BY joined_at LIMIT :limit";
    MEETING_HAS_STUDENTS = "
        SELECT 1 FROM meeting JOIN presence ON presence.meeting = meeting.id
        WHERE meeting.id = :meeting AND NOT EXISTS (
            SELECT 1 FROM member
            WHERE member.course = meeting.course AND member.person = presence.person AND role = 'teacher')
        LIMIT 1";
    NEWEST_PRESENCE = "SELECT max(id) FROM presence";
    OLD_PRESENCES = "
        SELECT meeting FROM presence WHERE joined_at < :before ORDER BY joined_at LIMIT :at_once";
    MANY_PRESENCES = "SELECT meeting FROM presence WHERE id <= :last ORDER BY id LIMIT :at_once";
    FORGET_OLD_PRESENCES = "
        DELETE FROM presence WHERE id IN (
            SELECT id FROM presence WHERE joined_at < :before ORDER BY joined_at LIMIT :at_once)";
    FORGET_MANY_PRESENCES = "
        DELETE FROM presence WHERE id IN (
            SELECT id FROM presence WHERE id <= :last ORDER BY id LIMIT :at_once)";
}

impl Store {
    /// Writes down who came and went, in this order and in one step. What concerns a person or a
    /// meeting that was deleted meanwhile is left out.
    pub async fn record_presence(&self, changes: Vec<PresenceChange>) -> Result<()> {
        self.follow_clock().await;
        let (_, clock) = self.offset();
        self.write(move |connection| {
            // On the wall, as the clock stands now: it may have been set since the change.
            let (now, monotonic) = (clock.now(), clock.monotonic());
            let wall = |at: Monotonic| now.plus(-i64::try_from(monotonic.since(at)).unwrap_or(i64::MAX));
            changes.iter().try_for_each(|change| write(connection, change, wall))
        })
        .await
    }

    /// Everybody who is inside is there still.
    pub async fn see_presences(&self) -> Result<()> {
        self.follow_clock().await;
        let now = self.now();
        self.write(move |connection| {
            connection.prepare_cached(SEE_PRESENCES)?.execute(named_params! {":now": now.0})?;
            Ok(())
        })
        .await
    }

    /// Nobody can be inside when the daemon starts: whoever was, was cut off when they were last
    /// seen. How many those are.
    pub async fn cut_presences(&self) -> Result<usize> {
        self.write(|connection| Ok(connection.prepare_cached(CUT_PRESENCES)?.execute([])?)).await
    }

    /// Who was inside at any time from `from` until `until`, in the order of coming in; at most
    /// [`PRESENCE_PAGE`].
    pub async fn presences_between(&self, from: Timestamp, until: Timestamp) -> Result<Vec<Presence>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(PRESENCES_BETWEEN)?;
            let span = named_params! {
                ":earliest": from.plus(-LONGEST_MS).0, ":from": from.0, ":until": until.0,
                ":limit": PRESENCE_PAGE,
            };
            Ok(statement.query_map(span, from_row)?.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Who was in a meeting's room, in the order of coming in; at most [`PRESENCE_PAGE`].
    pub async fn presences_of(&self, meeting: MeetingId) -> Result<Vec<Presence>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(PRESENCES_OF)?;
            let of = named_params! {":meeting": meeting.0, ":limit": PRESENCE_PAGE};
            Ok(statement.query_map(of, from_row)?.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// Forgets what is older than [`PRESENCE_KEPT_MS`] or more than [`PRESENCE_ROWS`], a part at a
    /// time, and keeps who was at which lesson. How many rows went.
    pub async fn forget_presences(&self) -> Result<usize> {
        self.follow_clock().await;
        let before = self.now().plus(-PRESENCE_KEPT_MS);
        self.write(move |connection| {
            let at_once = PRESENCE_FORGOTTEN_AT_ONCE;
            let newest: Option<i64> = connection
                .prepare_cached(NEWEST_PRESENCE)?
                .query_row([], |row| row.get(0))
                .optional()?
                .flatten();
            let last = newest.unwrap_or_default().saturating_sub(PRESENCE_ROWS);
            let old = named_params! {":before": before.0, ":at_once": at_once};
            let many = named_params! {":last": last, ":at_once": at_once};
            Ok(forget(connection, [OLD_PRESENCES, FORGET_OLD_PRESENCES], old)?
                + forget(connection, [MANY_PRESENCES, FORGET_MANY_PRESENCES], many)?)
        })
        .await
    }
}

/// Keeps the lessons of the meetings that one statement finds, and forgets with the other.
fn forget(
    connection: &Connection,
    [find, forget]: [&str; 2],
    values: &[(&str, &dyn ToSql)],
) -> Outcome<usize> {
    let mut statement = connection.prepare_cached(find)?;
    let meetings = statement.query_map(values, |row| row.get(0).map(MeetingId))?;
    let meetings: BTreeSet<MeetingId> = meetings.collect::<rusqlite::Result<_>>()?;
    for meeting in meetings {
        lesson_kept::keep(connection, meeting)?;
    }
    Ok(connection.prepare_cached(forget)?.execute(values)?)
}

/// Whether anybody but teachers was in a meeting's room: their attendance is in it.
pub(crate) fn any_student_in(connection: &Connection, meeting: MeetingId) -> Outcome<bool> {
    Ok(connection.prepare_cached(MEETING_HAS_STUDENTS)?.exists(named_params! {":meeting": meeting.0})?)
}

fn write(
    connection: &Connection,
    change: &PresenceChange,
    wall: impl Fn(Monotonic) -> Timestamp,
) -> Outcome<()> {
    match change {
        PresenceChange::Entered { meeting, participant, person, at } => {
            let inserted = connection.prepare_cached(INSERT_PRESENCE)?.execute(named_params! {
                ":meeting": meeting.0, ":person": person.0, ":participant": &*participant.0, ":at": wall(*at).0,
            });
            match inserted {
                Err(error) if is_dangling(&error) => Ok(()),
                inserted => Ok(inserted.map(drop)?),
            }
        }
        PresenceChange::Departed { meeting, participant, at, ending } => {
            connection.prepare_cached(END_PRESENCE)?.execute(named_params! {
                ":meeting": meeting.0, ":participant": &*participant.0, ":at": wall(*at).0, ":ending": ending,
            })?;
            Ok(())
        }
    }
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Presence> {
    Ok(Presence {
        meeting: MeetingId(row.get("meeting")?),
        meeting_title: row.get("title")?,
        course: CourseId(row.get("course")?),
        person: PersonId(row.get("person")?),
        person_name: row.get("name")?,
        joined_at: Timestamp(row.get("joined_at")?),
        seen_at: Timestamp(row.get("seen_at")?),
        ending: row.get("ending")?,
    })
}
