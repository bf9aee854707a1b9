//! Lessons outlive the rows of presence that tell of them: they are kept before those go.
//!
//! Used by: `presence`, before it forgets; `attendance`, to read what there is.

use base::clock::Timestamp;
use base::id::{MeetingId, PersonId};
use rusqlite::{Connection, OptionalExtension, named_params};

use crate::failure::Outcome;
use crate::lesson::{self, Lesson, Record, Span, Stay};
use crate::meeting;
use crate::statement::statements;

statements! {
    KEPT_LESSON = "SELECT began_at, ended_at, presence FROM lesson WHERE meeting = :meeting";
    KEPT_STAYS = "SELECT person, first_at, last_at, present_ms FROM stay WHERE meeting = :meeting";
    // Technicians teach everywhere, as members or not.
    SPANS = "
        SELECT presence.id, presence.person, presence.joined_at AS joined_at, seen_at,
               ending IS NULL AS is_inside,
               person.kind = 'technician' OR coalesce(member.role = 'teacher', 0) AS teaches
        FROM presence JOIN meeting ON meeting.id = presence.meeting
            JOIN person ON person.id = presence.person
            LEFT JOIN member ON member.course = meeting.course AND member.person = presence.person
        WHERE presence.meeting = :meeting AND +presence.id > :kept";
    KEEP_LESSON = "
        INSERT INTO lesson (meeting, began_at, ended_at, presence)
        VALUES (:meeting, :began_at, :ended_at, :presence)
        ON CONFLICT DO UPDATE SET
            began_at = excluded.began_at, ended_at = excluded.ended_at, presence = excluded.presence";
    KEEP_STAY = "
        INSERT INTO stay (meeting, person, first_at, last_at, present_ms)
        VALUES (:meeting, :person, :first_at, :last_at, :present_ms)
        ON CONFLICT DO UPDATE SET
            first_at = excluded.first_at, last_at = excluded.last_at, present_ms = excluded.present_ms";
    KEPT_STAY_OF_ANYBODY = "SELECT 1 FROM stay WHERE meeting = :meeting LIMIT 1";
}

/// What is known of a meeting's lesson, and which row of presence is the last that it is made from.
struct Known {
    record: Record,
    last: i64,
    /// Whether there is more than what was kept.
    is_newer: bool,
}

/// What is known of the lesson of a meeting that was planned to begin at `planned`.
pub(crate) fn read(
    connection: &Connection,
    meeting: MeetingId,
    planned: Option<Timestamp>,
) -> Outcome<Record> {
    Ok(known(connection, meeting, planned)?.record)
}

/// Keeps what the rows of presence tell now of a meeting's lesson. Of who is inside at this moment,
/// what comes later is lost.
pub(crate) fn keep(connection: &Connection, meeting: MeetingId) -> Outcome<()> {
    let Some(found) = meeting::find(connection, meeting)? else { return Ok(()) };
    let Known { record, last, is_newer } = known(connection, meeting, found.starts_at)?;
    let Some(lesson) = record.lesson.filter(|_| is_newer) else { return Ok(()) };
    connection.prepare_cached(KEEP_LESSON)?.execute(named_params! {
        ":meeting": meeting.0, ":began_at": lesson.began_at.map(|at| at.0), ":ended_at": lesson.ended_at.0,
        ":presence": last,
    })?;
    let mut statement = connection.prepare_cached(KEEP_STAY)?;
    for (person, stay) in record.stays {
        statement.execute(named_params! {
            ":meeting": meeting.0, ":person": person.0, ":first_at": stay.first_at.0,
            ":last_at": stay.last_at.0, ":present_ms": stay.present_ms,
        })?;
    }
    Ok(())
}

/// Whether anybody but teachers is known to have been at a meeting's lesson, long ago.
pub(crate) fn any_student_in(connection: &Connection, meeting: MeetingId) -> Outcome<bool> {
    Ok(connection.prepare_cached(KEPT_STAY_OF_ANYBODY)?.exists(named_params! {":meeting": meeting.0})?)
}

fn known(connection: &Connection, meeting: MeetingId, planned: Option<Timestamp>) -> Outcome<Known> {
    let (kept, last) = kept(connection, meeting)?;
    let mut statement = connection.prepare_cached(SPANS)?;
    let rows = statement.query_map(named_params! {":meeting": meeting.0, ":kept": last}, |row| {
        let span = Span {
            person: PersonId(row.get("person")?),
            teaches: row.get("teaches")?,
            from: Timestamp(row.get("joined_at")?),
            until: Timestamp(row.get("seen_at")?),
            is_inside: row.get("is_inside")?,
        };
        Ok((row.get::<_, i64>("id")?, span))
    })?;
    let (ids, spans): (Vec<i64>, Vec<Span>) = rows.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().unzip();
    Ok(Known {
        record: kept.and(lesson::record(&spans, planned)),
        last: ids.into_iter().max().unwrap_or(last).max(last),
        is_newer: !spans.is_empty(),
    })
}

/// What was kept, and up to which row of presence.
fn kept(connection: &Connection, meeting: MeetingId) -> Outcome<(Record, i64)> {
    let values = named_params! {":meeting": meeting.0};
    let lesson = connection
        .prepare_cached(KEPT_LESSON)?
        .query_row(values, |row| {
            let began_at: Option<i64> = row.get("began_at")?;
            let ended_at = Timestamp(row.get("ended_at")?);
            let lesson = Lesson { began_at: began_at.map(Timestamp), ended_at, is_on: false };
            Ok((lesson, row.get("presence")?))
        })
        .optional()?;
    let Some((lesson, last)) = lesson else { return Ok((Record::default(), 0)) };
    let mut statement = connection.prepare_cached(KEPT_STAYS)?;
    let stays = statement.query_map(values, |row| {
        let stay = Stay {
            first_at: Timestamp(row.get("first_at")?),
            last_at: Timestamp(row.get("last_at")?),
            present_ms: row.get("present_ms")?,
        };
        Ok((PersonId(row.get("person")?), stay))
    })?;
    let stays = stays.collect::<rusqlite::Result<_>>()?;
    Ok((Record { lesson: Some(lesson), stays }, last))
}
