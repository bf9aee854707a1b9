//! What happens to sessions, links, presences, attendance, submissions and attempts when the wall
//! clock is set while the daemon runs.
//!
//! A Pi has no clock battery: it starts with the time of its last shutdown, or of its build, until
//! somebody tells it the present, which may be months or 56 years later. Whoever signed in a moment
//! before must not be signed out by that, and a link that lasts a day must neither end at once nor,
//! when the clock is set back, last for years. So what was made or used since the start moves along.
//! What a student handed in under a clock that was behind turns out to have come when it came.
//! What is older really is as old as it looks, as far as anybody can know.
//!
//! Used by: `session`, `link`, `member`, `presence`, `attendance`, `submission`, `sitting`, before they
//! look at a time or write one.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base::clock::{Clock, Monotonic};
use base::limits::SESSION_TOUCH_MS;
use rusqlite::{Connection, named_params};

use crate::failure::Outcome;
use crate::statement::statements;
use crate::store::Store;

/// Less is a clock that is corrected while it runs, and makes no difference to anybody.
const JUMP_MS: i64 = 60 * 60 * 1_000;

statements! {
    MOVE_SESSIONS = "
        UPDATE session SET used_at = used_at + :jump WHERE used_at BETWEEN :from AND :until";
    MOVE_LINKS = "
        UPDATE sign_in_link SET created_at = created_at + :jump, expires_at = expires_at + :jump
        WHERE expires_at >= :from AND created_at BETWEEN :from AND :until";
    MOVE_UPLOADS = "
        UPDATE upload SET used_at = used_at + :jump WHERE used_at BETWEEN :from AND :until";
    MOVE_PRESENCES = "
        UPDATE presence SET joined_at = joined_at + :jump, seen_at = seen_at + :jump
        WHERE joined_at BETWEEN :from AND :until";
    // Before the submissions themselves, by which they are found.
    MOVE_RECEIVED_FILES = "
        UPDATE file SET created_at = created_at + :jump
        WHERE created_at BETWEEN :from AND :until AND id IN (
            SELECT submission_file.file FROM submission
                JOIN submission_file ON submission_file.submission = submission.id
            WHERE received_at BETWEEN :from AND :until)";
    MOVE_SUBMISSIONS = "
        UPDATE submission SET received_at = received_at + :jump WHERE received_at BETWEEN :from AND :until";
    // Ends before starts: what was begun before this start may have ended since.
    MOVE_ATTEMPT_ENDS = "
        UPDATE attempt SET handed_in_at = handed_in_at + :jump WHERE handed_in_at BETWEEN :from AND :until";
    MOVE_ATTEMPT_STARTS = "
        UPDATE attempt SET started_at = started_at + :jump WHERE started_at BETWEEN :from AND :until";
    MOVE_MARKS = "
        UPDATE attendance SET marked_at = marked_at + :jump WHERE marked_at BETWEEN :from AND :until";
    MOVE_RUNS = "
        UPDATE run SET created_at = created_at + :jump
        WHERE id > 0 AND created_at BETWEEN :from AND :until";
}

/// How far the wall clock is ahead of the monotonic one, as far as the rows know.
#[derive(Debug)]
pub(crate) struct Offset {
    /// For what the writer has done; it may not be committed yet.
    moved: AtomicI64,
    /// For everybody else: what is committed.
    committed: AtomicI64,
    /// Monotonic milliseconds at which the store was opened.
    opened: i64,
}

impl Offset {
    pub(crate) fn new(clock: &dyn Clock) -> Self {
        let now = offset(clock);
        Self { moved: now.into(), committed: now.into(), opened: whole(clock.monotonic()) }
    }

    /// Moves the rows along. Runs in the writer, so that of two callers one finds nothing to do.
    fn follow(&self, connection: &Connection, clock: &dyn Clock) -> Outcome<()> {
        let before = self.moved.load(Ordering::Acquire);
        let jump = jump(before, clock);
        if jump == 0 {
            return Ok(());
        }
        // A session in use may have been written down as much as that earlier.
        let opened = before.saturating_add(self.opened);
        let from = opened.saturating_sub(SESSION_TOUCH_MS);
        let until = before.saturating_add(whole(clock.monotonic()));
        let range = named_params! {":jump": jump, ":from": from, ":until": until};
        let sessions = connection.prepare_cached(MOVE_SESSIONS)?.execute(range)?;
        let links = connection.prepare_cached(MOVE_LINKS)?.execute(range)?;
        let uploads = connection.prepare_cached(MOVE_UPLOADS)?.execute(range)?;
        let since_opened = named_params! {":jump": jump, ":from": opened, ":until": until};
        let presences = connection.prepare_cached(MOVE_PRESENCES)?.execute(since_opened)?;
        connection.prepare_cached(MOVE_RECEIVED_FILES)?.execute(since_opened)?;
        let submissions = connection.prepare_cached(MOVE_SUBMISSIONS)?.execute(since_opened)?;
        connection.prepare_cached(MOVE_ATTEMPT_ENDS)?.execute(since_opened)?;
        let attempts = connection.prepare_cached(MOVE_ATTEMPT_STARTS)?.execute(since_opened)?;
        connection.prepare_cached(MOVE_MARKS)?.execute(since_opened)?;
        connection.prepare_cached(MOVE_RUNS)?.execute(since_opened)?;
        self.moved.store(before.saturating_add(jump), Ordering::Release);
        tracing::info!(
            jump_seconds = jump / 1_000,
            sessions,
            links,
            uploads,
            presences,
            submissions,
            attempts,
            "the clock was set; they move along"
        );
        Ok(())
    }
}

impl Store {
    /// Lets the rows follow the wall clock if it was set. On a card that cannot be written they
    /// stay, and the next caller tries again.
    pub(crate) async fn follow_clock(&self) {
        let (offset, clock) = self.offset();
        let committed = offset.committed.load(Ordering::Acquire);
        if jump(committed, clock.as_ref()) == 0 {
            return;
        }
        let following = Arc::clone(&offset);
        let followed = self.write(move |connection| following.follow(connection, clock.as_ref())).await;
        match followed {
            Ok(()) => offset.committed.store(offset.moved.load(Ordering::Acquire), Ordering::Release),
            Err(error) => {
                tracing::debug!(%error, "sessions and links could not follow the clock");
                offset.moved.store(committed, Ordering::Release);
            }
        }
    }
}

/// Milliseconds that the wall clock jumped since its offset was `before`; 0 if it did not.
fn jump(before: i64, clock: &dyn Clock) -> i64 {
    let jump = offset(clock).saturating_sub(before);
    if jump.abs() < JUMP_MS { 0 } else { jump }
}

fn offset(clock: &dyn Clock) -> i64 {
    clock.now().0.saturating_sub(whole(clock.monotonic()))
}

fn whole(moment: Monotonic) -> i64 {
    i64::try_from(moment.0).unwrap_or(i64::MAX)
}
