//! What a meeting takes along when it is copied, and what keeps it from being deleted.
//!
//! Each part of a meeting has a line in [`BELONGINGS`] if a teacher prepares it, and one in
//! [`WORK`] if people leave something in it that must not be lost with the meeting.

use base::clock::Timestamp;
use base::id::MeetingId;
use rusqlite::Connection;

use crate::failure::Outcome;
use crate::{assignment_copy, attendance, material, message, presence, quiz_copy};

/// Copies the rows of one part from a meeting to another, within the writer's transaction.
type CopyPart = fn(&Connection, from: MeetingId, to: MeetingId, now: Timestamp) -> Outcome<()>;

/// Tells whether a meeting has something of one part that people made.
type HasWork = fn(&Connection, MeetingId) -> Outcome<bool>;

/// What a teacher prepares, part by part.
const BELONGINGS: &[CopyPart] = &[material::copy, assignment_copy::copy, quiz_copy::copy];

/// What people do in a meeting, part by part.
const WORK: &[HasWork] = &[
    message::any_in,
    presence::any_student_in,
    attendance::any_in,
    assignment_copy::any_work_in,
    quiz_copy::any_work_in,
];

/// Copies everything that a teacher has put into `from`.
pub(crate) fn belongings(
    connection: &Connection,
    from: MeetingId,
    to: MeetingId,
    now: Timestamp,
) -> Outcome<()> {
    BELONGINGS.iter().try_for_each(|part| part(connection, from, to, now))
}

/// Whether deleting the meeting would lose something that people did.
pub(crate) fn has_work(connection: &Connection, meeting: MeetingId) -> Outcome<bool> {
    for part in WORK {
        if part(connection, meeting)? {
            return Ok(true);
        }
    }
    Ok(false)
}
