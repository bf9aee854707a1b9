//! The assignments of a meeting when it is copied, and whether students have worked on them.

use base::clock::Timestamp;
use base::id::{FileId, MeetingId};
use rusqlite::{Connection, named_params};

use crate::failure::Outcome;
use crate::file;
use crate::statement::statements;

statements! {
    ASSIGNMENTS_TO_COPY = "SELECT id FROM assignment WHERE meeting = :meeting ORDER BY id";
    COPY_ASSIGNMENT = "
        INSERT INTO assignment (meeting, title, text, late, points, created_at)
        SELECT :to, title, text, late, points, :now FROM assignment WHERE id = :assignment";
    ASSIGNMENT_FILES_TO_COPY = "
        SELECT file FROM assignment_file WHERE assignment = :assignment ORDER BY file";
    GIVE_ASSIGNMENT_FILE = "INSERT INTO assignment_file (file, assignment) VALUES (:file, :assignment)";
    MEETING_HAS_SUBMISSIONS = "
        SELECT 1 FROM assignment JOIN submission ON submission.assignment = assignment.id
        WHERE assignment.meeting = :meeting LIMIT 1";
}

/// Gives another meeting the same assignments, as drafts without a due time; the bytes of files are
/// not copied, and what students handed in stays where it is.
pub(crate) fn copy(connection: &Connection, from: MeetingId, to: MeetingId, now: Timestamp) -> Outcome<()> {
    for original in numbers(connection, ASSIGNMENTS_TO_COPY, ":meeting", from.0)? {
        connection
            .prepare_cached(COPY_ASSIGNMENT)?
            .execute(named_params! {":to": to.0, ":assignment": original, ":now": now.0})?;
        let made = connection.last_insert_rowid();
        for held in numbers(connection, ASSIGNMENT_FILES_TO_COPY, ":assignment", original)? {
            let file = file::copy(connection, FileId(held), now)?;
            connection
                .prepare_cached(GIVE_ASSIGNMENT_FILE)?
                .execute(named_params! {":file": file.0, ":assignment": made})?;
        }
    }
    Ok(())
}

/// Whether a student has begun to work on an assignment of the meeting.
pub(crate) fn any_work_in(connection: &Connection, meeting: MeetingId) -> Outcome<bool> {
    Ok(connection.prepare_cached(MEETING_HAS_SUBMISSIONS)?.exists(named_params! {":meeting": meeting.0})?)
}

fn numbers(connection: &Connection, sql: &str, name: &str, of: i64) -> Outcome<Vec<i64>> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(&[(name, &of)], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
