//! Who was at a meeting: what teachers said of it, and what follows from who was in its room.

use base::clock::Timestamp;
use base::id::{CourseId, MeetingId, PersonId};
use base::{Code, Result};
use rusqlite::{Connection, OptionalExtension, named_params};

use crate::failure::Outcome;
use crate::lesson::{Lesson, Record, Stay};
use crate::lesson_kept;
use crate::meeting::{self, Meeting};
use crate::member::{self, Membership};
use crate::statement::statements;
use crate::store::Store;
use crate::words::{CourseRole, Mark};

/// The attendance of one meeting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Register {
    /// When the lesson was; `None` while nobody has been in its room.
    pub lesson: Option<Lesson>,
    /// The students of the course by name; of those who left it, who was there or has a mark.
    pub students: Vec<Attendee>,
    /// Guests who were there, by name.
    pub guests: Vec<(String, Stay)>,
}

/// A student in a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendee {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// The school's own number.
    pub number: Option<String>,
    /// The group at school.
    pub group: Option<String>,
    /// When and how long they were there, if they were.
    pub stay: Option<Stay>,
    /// The mark that follows from that.
    pub proposed: Option<Mark>,
    /// What a teacher said.
    pub given: Option<GivenMark>,
}

/// What a teacher said of somebody's attendance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenMark {
    /// What it is.
    pub mark: Mark,
    /// Who said so; `None` for somebody who is no longer known.
    pub by: Option<String>,
}

/// A teacher changes a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkChange {
    /// Whose.
    pub person: PersonId,
    /// What a teacher had said when this one looked.
    pub before: Option<Mark>,
    /// What it becomes; `None` for what is proposed.
    pub mark: Option<Mark>,
}

/// A meeting in the calendar of its course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingDate {
    /// The meeting.
    pub meeting: Meeting,
    /// When it was planned, or else when somebody first came or was marked.
    pub at: Timestamp,
}

impl Attendee {
    /// The mark that counts: a teacher's, or else the proposed one.
    pub fn mark(&self) -> Option<Mark> {
        self.given.as_ref().map(|given| given.mark).or(self.proposed)
    }
}

statements! {
    REGISTERED = "
        SELECT member.person, name, number, group_name, role, joined_at,
               state = 'active' AND deactivated_at IS NULL AS belongs
        FROM member JOIN person ON person.id = member.person WHERE member.course = :course";
    GIVEN_MARKS = "
        SELECT attendance.person, mark, name FROM attendance LEFT JOIN person ON person.id = marked_by
        WHERE meeting = :meeting";
    MEETING_DATES = "
        SELECT meeting.id, began_at,
               (SELECT min(joined_at) FROM presence WHERE presence.meeting = meeting.id) AS joined_at,
               (SELECT min(marked_at) FROM attendance WHERE attendance.meeting = meeting.id) AS marked_at
        FROM meeting LEFT JOIN lesson ON lesson.meeting = meeting.id WHERE meeting.course = :course";
    MARK_OF = "SELECT mark FROM attendance WHERE meeting = :meeting AND person = :person";
    GIVE_MARK = "
        INSERT INTO attendance (meeting, person, mark, marked_by, marked_at)
        VALUES (:meeting, :person, :mark, :by, :now)
        ON CONFLICT DO UPDATE SET
            mark = excluded.mark, marked_by = excluded.marked_by, marked_at = excluded.marked_at";
    TAKE_MARK = "DELETE FROM attendance WHERE meeting = :meeting AND person = :person";
    MEETING_HAS_MARKS = "SELECT 1 FROM attendance WHERE meeting = :meeting LIMIT 1";
}

impl Store {
    /// The attendance of a meeting.
    pub async fn register(&self, meeting: &Meeting) -> Result<Register> {
        let registers = self.registers(meeting.course.id, vec![meeting.clone()]).await?;
        Ok(registers.into_iter().next().unwrap_or_default())
    }

    /// The attendance of some meetings of a course, in the same order.
    pub async fn registers(&self, course: CourseId, meetings: Vec<Meeting>) -> Result<Vec<Register>> {
        self.follow_clock().await;
        self.read(move |connection| {
            let members = registered(connection, course)?;
            meetings.iter().map(|meeting| register(connection, meeting, &members)).collect()
        })
        .await
    }

    /// The meetings of a course that have a date, by it. Those that are to come have one when
    /// somebody was there or was marked already.
    pub async fn meeting_dates(&self, course: CourseId) -> Result<Vec<MeetingDate>> {
        self.follow_clock().await;
        let now = self.now();
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(MEETING_DATES)?;
            let rows = statement.query_map(named_params! {":course": course.0}, |row| {
                let [began, joined, marked] = ["began_at", "joined_at", "marked_at"];
                let known: Option<i64> =
                    row.get::<_, Option<i64>>(began)?.or(row.get(joined)?).or(row.get(marked)?);
                Ok((MeetingId(row.get("id")?), known.map(Timestamp)))
            })?;
            let known = rows.collect::<rusqlite::Result<std::collections::HashMap<_, _>>>()?;
            let mut dates: Vec<MeetingDate> = meeting::all_of(connection, course)?
                .into_iter()
                .filter_map(|meeting| {
                    let held = known.get(&meeting.id).copied().flatten();
                    let planned = meeting.starts_at.filter(|at| held.is_some() || *at <= now);
                    Some(MeetingDate { at: planned.or(held)?, meeting })
                })
                .collect();
            dates.sort_by_key(|date| (date.at, date.meeting.position));
            Ok(dates)
        })
        .await
    }

    /// Writes down what a teacher says. Whom another teacher has marked otherwise since this one
    /// looked stays as they are and is returned. `not_found` if one is no student of the course, and
    /// nothing was changed.
    pub async fn mark_attendance(
        &self,
        meeting: MeetingId,
        by: PersonId,
        changes: Vec<MarkChange>,
    ) -> Result<Vec<PersonId>> {
        self.follow_clock().await;
        let now = self.now();
        self.write(move |connection| {
            let found = meeting::find(connection, meeting)?.ok_or(Code::NotFound)?;
            let mut refused = Vec::new();
            for change in &changes {
                match member::find(connection, found.course.id, change.person)? {
                    Some(Membership { role: CourseRole::Student, .. }) => {}
                    _ => return Err(Code::NotFound.into()),
                }
                if !apply(connection, meeting, by, change, now)? {
                    refused.push(change.person);
                }
            }
            Ok(refused)
        })
        .await
    }
}

/// Whether a teacher has marked anybody in a meeting, or students are known to have been there.
pub(crate) fn any_in(connection: &Connection, meeting: MeetingId) -> Outcome<bool> {
    let marked =
        connection.prepare_cached(MEETING_HAS_MARKS)?.exists(named_params! {":meeting": meeting.0})?;
    Ok(marked || lesson_kept::any_student_in(connection, meeting)?)
}

/// False if somebody else was faster.
fn apply(
    connection: &Connection,
    meeting: MeetingId,
    by: PersonId,
    change: &MarkChange,
    now: Timestamp,
) -> Outcome<bool> {
    let whose = named_params! {":meeting": meeting.0, ":person": change.person.0};
    let current: Option<Mark> =
        connection.prepare_cached(MARK_OF)?.query_row(whose, |row| row.get(0)).optional()?;
    if current == change.mark {
        return Ok(true);
    }
    if current != change.before {
        return Ok(false);
    }
    match change.mark {
        Some(mark) => connection.prepare_cached(GIVE_MARK)?.execute(named_params! {
            ":meeting": meeting.0, ":person": change.person.0, ":mark": mark, ":by": by.0, ":now": now.0,
        })?,
        None => connection.prepare_cached(TAKE_MARK)?.execute(whose)?,
    };
    Ok(true)
}

/// A member of a course, whatever they are in it.
struct Registered {
    attendee: Attendee,
    role: CourseRole,
    joined_at: Timestamp,
    /// Whether they belong to it still and may sign in.
    belongs: bool,
}

fn registered(connection: &Connection, course: CourseId) -> Outcome<Vec<Registered>> {
    let mut statement = connection.prepare_cached(REGISTERED)?;
    let rows = statement.query_map(named_params! {":course": course.0}, |row| {
        Ok(Registered {
            attendee: Attendee {
                person: PersonId(row.get("person")?),
                name: row.get("name")?,
                number: row.get("number")?,
                group: row.get("group_name")?,
                stay: None,
                proposed: None,
                given: None,
            },
            role: row.get("role")?,
            joined_at: Timestamp(row.get("joined_at")?),
            belongs: row.get("belongs")?,
        })
    })?;
    let mut members = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    members.sort_by_cached_key(|member| (member.attendee.name.to_lowercase(), member.attendee.person));
    Ok(members)
}

fn register(connection: &Connection, meeting: &Meeting, members: &[Registered]) -> Outcome<Register> {
    let record = lesson_kept::read(connection, meeting.id, meeting.starts_at)?;
    let mut statement = connection.prepare_cached(GIVEN_MARKS)?;
    let rows = statement.query_map(named_params! {":meeting": meeting.id.0}, |row| {
        let given = GivenMark { mark: row.get("mark")?, by: row.get("name")? };
        Ok((PersonId(row.get("person")?), given))
    })?;
    let mut given = rows.collect::<rusqlite::Result<std::collections::HashMap<_, _>>>()?;
    let students = members.iter().filter(|member| member.role == CourseRole::Student);
    let students = students.filter_map(|member| {
        let given = given.remove(&member.attendee.person);
        attended(&record, member, given)
    });
    let guests = members.iter().filter(|member| member.role == CourseRole::Guest);
    let guests = guests.filter_map(|member| {
        let stay = record.stays.get(&member.attendee.person)?;
        Some((member.attendee.name.clone(), *stay))
    });
    Ok(Register { lesson: record.lesson, students: students.collect(), guests: guests.collect() })
}

/// How a student stands in a register; `None` for who left the course and left nothing in it.
fn attended(record: &Record, member: &Registered, given: Option<GivenMark>) -> Option<Attendee> {
    let person = member.attendee.person;
    let stay = record.stays.get(&person).copied();
    if !member.belongs && stay.is_none() && given.is_none() {
        return None;
    }
    // Nobody is absent from a course that they left.
    let proposed = record.proposes(person, member.joined_at).filter(|_| member.belongs || stay.is_some());
    Some(Attendee { stay, proposed, given, ..member.attendee.clone() })
}
