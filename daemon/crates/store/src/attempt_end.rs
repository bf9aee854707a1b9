//! Attempts end: by their time, or because a teacher lets the student begin anew. And how much of
//! their time they have used is written down, for the case that the power is cut.

use base::clock::Timestamp;
use base::id::{AttemptId, PersonId, QuizId};
use base::limits::ATTEMPT_GRACE_MS;
use base::{Code, Result};
use rusqlite::{Connection, named_params};

use crate::attempt::Attempt;
use crate::failure::Outcome;
use crate::file;
use crate::statement::statements;
use crate::store::Store;
use crate::words::AttemptEnding;

statements! {
    NOTE_USED = "
        UPDATE attempt SET used_ms = max(used_ms, :used_ms) WHERE id = :attempt AND handed_in_at IS NULL";
    END_ATTEMPT = "
        UPDATE attempt SET handed_in_at = :now, ending = :ending, used_ms = max(used_ms, :used_ms)
        WHERE id = :attempt AND handed_in_at IS NULL";
    END_OVERDUE = "
        UPDATE attempt SET handed_in_at = :now, ending = :ending
        WHERE id = :attempt AND handed_in_at IS NULL
            AND used_ms >= (SELECT limit_ms FROM quiz WHERE quiz.id = attempt.quiz) + :grace_ms";
    IS_UNDER_WAY = "SELECT 1 FROM attempt WHERE id = :attempt AND handed_in_at IS NULL";
    SPARE_ATTEMPTS = "
        UPDATE attempt SET spared_at = coalesce(spared_at, :now)
        WHERE quiz = :quiz AND person = :person AND handed_in_at IS NOT NULL";
}

impl Store {
    /// Writes down what the attempts whose time runs have used, and hands in those whose time is over;
    /// how many these are. Called now and then.
    pub async fn note_attempts(&self) -> Result<usize> {
        let running = self.running();
        let used = running.all(self.monotonic());
        if used.is_empty() {
            return Ok(0);
        }
        self.follow_clock().await;
        let now = self.now();
        let (ended, gone) = self
            .write(move |connection| {
                let (mut ended, mut gone) = (0, Vec::new());
                for (attempt, used_ms) in used {
                    note(connection, attempt, used_ms)?;
                    ended += connection.prepare_cached(END_OVERDUE)?.execute(named_params! {
                        ":attempt": attempt.0, ":now": now.0, ":ending": AttemptEnding::Time,
                        ":grace_ms": file::whole(ATTEMPT_GRACE_MS),
                    })?;
                    // Also one that was handed in meanwhile.
                    if !connection
                        .prepare_cached(IS_UNDER_WAY)?
                        .exists(named_params! {":attempt": attempt.0})?
                    {
                        gone.push(attempt);
                    }
                }
                Ok((ended, gone))
            })
            .await?;
        running.stop(&gone);
        Ok(ended)
    }

    /// Lets a student take a quiz as often again: what they have handed in stays, and does not count
    /// among the attempts. `not_found` if they have handed in nothing.
    pub async fn spare_attempts(&self, quiz: QuizId, person: PersonId) -> Result<()> {
        let now = self.now();
        self.write(move |connection| {
            let values = named_params! {":quiz": quiz.0, ":person": person.0, ":now": now.0};
            let spared = connection.prepare_cached(SPARE_ATTEMPTS)?.execute(values)?;
            if spared == 0 { Err(Code::NotFound.into()) } else { Ok(()) }
        })
        .await
    }
}

/// Writes down what an attempt has used.
pub(crate) fn note(connection: &Connection, attempt: AttemptId, used_ms: u64) -> Outcome<()> {
    let values = named_params! {":attempt": attempt.0, ":used_ms": file::whole(used_ms)};
    connection.prepare_cached(NOTE_USED)?.execute(values)?;
    Ok(())
}

/// Ends an attempt; one that has ended stays as it is.
pub(crate) fn end(
    connection: &Connection,
    attempt: &Attempt,
    ending: AttemptEnding,
    now: Timestamp,
) -> Outcome<()> {
    connection.prepare_cached(END_ATTEMPT)?.execute(named_params! {
        ":attempt": attempt.id.0, ":now": now.0, ":ending": ending,
        ":used_ms": file::whole(attempt.used_ms),
    })?;
    Ok(())
}
