//! Measurement runs: what the box cost while people came into a room.

use base::clock::Timestamp;
use base::id::{MeetingId, PersonId, RunId};
use base::limits::{RUN_MARKS, RUN_SECONDS, RUNS};
use base::{Code, Result};
use rusqlite::{OptionalExtension, Row, named_params};

use crate::measured::{Crowd, Measured, RunMark, RunSecond};
use crate::statement::statements;
use crate::store::Store;
use crate::words::RunEnding;

/// A measurement run without what it measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its number.
    pub id: RunId,
    /// As its starter called it.
    pub name: String,
    /// Whose room is watched; `None` if it was deleted since.
    pub meeting: Option<MeetingId>,
    /// The meeting's title at the start.
    pub meeting_title: String,
    /// On what it ran.
    pub machine: String,
    /// When it was started.
    pub created_at: Timestamp,
    /// How long it was, as far as is written down.
    pub length_ms: u64,
    /// How it ended; `None` while it goes on.
    pub ending: Option<RunEnding>,
}

/// A run to be started.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// As `base::text::title` returned it.
    pub name: String,
    /// Whose room is watched.
    pub meeting: MeetingId,
    /// Who starts it.
    pub by: PersonId,
    /// On what it runs.
    pub machine: String,
}

statements! {
    INSERT_RUN = "
        INSERT INTO run (name, meeting, meeting_title, started_by, machine, created_at, length_ms)
        SELECT :name, id, title, :by, :machine, :now, 0 FROM meeting WHERE id = :meeting";
    COUNT_RUNS = "SELECT count(*) FROM run WHERE id > 0";
    OPEN_RUN = "SELECT 1 FROM run WHERE ending IS NULL";
    RUN = "
        SELECT id, name, meeting, meeting_title, machine, created_at, length_ms, ending
        FROM run WHERE id = :run";
    ALL_RUNS = "
        SELECT id, name, meeting, meeting_title, machine, created_at, length_ms, ending
        FROM run WHERE id > 0 ORDER BY id DESC LIMIT :limit";
    INSERT_RUN_SECOND = "
        INSERT INTO run_second
            (run, at_ms, users, bots, daemon_cpu_permille, daemon_pss_bytes, machine_cpu_permille,
                machine_used_bytes)
        VALUES (:run, :at_ms, :users, :bots, :daemon_cpu, :daemon_pss, :machine_cpu, :machine_used)
        ON CONFLICT (run, at_ms) DO NOTHING";
    INSERT_RUN_MARK = "
        INSERT INTO run_mark (run, number, at_ms, direction, name, person, users, bots)
        VALUES (:run, (SELECT coalesce(max(number), 0) + 1 FROM run_mark WHERE run = :run),
            :at_ms, :direction, :name, :person, :users, :bots)";
    LENGTHEN_RUN = "UPDATE run SET length_ms = max(length_ms, :length) WHERE id = :run";
    END_RUN = "UPDATE run SET ending = :ending WHERE id = :run AND ending IS NULL";
    INTERRUPT_RUNS = "UPDATE run SET ending = 'interrupted' WHERE ending IS NULL";
    RUN_SECONDS_OF = "
        SELECT at_ms, users, bots, daemon_cpu_permille, daemon_pss_bytes, machine_cpu_permille,
            machine_used_bytes
        FROM run_second WHERE run = :run ORDER BY at_ms LIMIT :limit";
    RUN_MARKS_OF = "
        SELECT at_ms, direction, name, person, users, bots FROM run_mark
        WHERE run = :run ORDER BY number LIMIT :limit";
    DELETE_RUN = "DELETE FROM run WHERE id = :run AND ending IS NOT NULL";
}

impl Store {
    /// Starts a run. `not_found` if there is no such meeting; `run_busy` while one goes on;
    /// `runs_full` if there are [`RUNS`].
    pub async fn start_run(&self, new: NewRun) -> Result<RunId> {
        let now = self.now();
        self.write(move |connection| {
            if connection.prepare_cached(OPEN_RUN)?.exists([])? {
                return Err(Code::RunBusy.into());
            }
            let known: i64 = connection.prepare_cached(COUNT_RUNS)?.query_row([], |row| row.get(0))?;
            if known >= RUNS {
                return Err(Code::RunsFull.into());
            }
            let inserted = connection.prepare_cached(INSERT_RUN)?.execute(named_params! {
                ":name": new.name, ":meeting": new.meeting.0, ":by": new.by.0, ":machine": new.machine,
                ":now": now.0,
            })?;
            if inserted == 0 {
                return Err(Code::NotFound.into());
            }
            Ok(RunId(connection.last_insert_rowid()))
        })
        .await
    }

    /// Adds what was measured and who came and went to a run, in one step.
    pub async fn record_run(&self, run: RunId, measured: Measured) -> Result<()> {
        self.write(move |connection| {
            let mut second = connection.prepare_cached(INSERT_RUN_SECOND)?;
            for one in &measured.seconds {
                second.execute(named_params! {
                    ":run": run.0, ":at_ms": whole(one.at_ms), ":users": count(one.users.all()),
                    ":bots": count(one.users.bots), ":daemon_cpu": one.daemon_cpu_permille,
                    ":daemon_pss": one.daemon_pss_bytes.map(whole), ":machine_cpu": one.machine_cpu_permille,
                    ":machine_used": one.machine_used_bytes.map(whole),
                })?;
            }
            let mut mark = connection.prepare_cached(INSERT_RUN_MARK)?;
            for one in &measured.marks {
                mark.execute(named_params! {
                    ":run": run.0, ":at_ms": whole(one.at_ms), ":direction": one.direction,
                    ":name": one.name, ":person": one.person.0, ":users": count(one.users.all()),
                    ":bots": count(one.users.bots),
                })?;
            }
            let ends = measured
                .seconds
                .iter()
                .map(|one| one.at_ms)
                .chain(measured.marks.iter().map(|one| one.at_ms));
            let length = whole(ends.max().unwrap_or_default());
            connection
                .prepare_cached(LENGTHEN_RUN)?
                .execute(named_params! {":run": run.0, ":length": length})?;
            Ok(())
        })
        .await
    }

    /// Ends a run; again is harmless.
    pub async fn end_run(&self, run: RunId, ending: RunEnding) -> Result<()> {
        self.write(move |connection| {
            let ended = named_params! {":run": run.0, ":ending": ending};
            connection.prepare_cached(END_RUN)?.execute(ended)?;
            Ok(())
        })
        .await
    }

    /// No run can go on when the daemon starts: whatever did, was interrupted. How many those are.
    pub async fn interrupt_runs(&self) -> Result<usize> {
        self.write(|connection| Ok(connection.prepare_cached(INTERRUPT_RUNS)?.execute([])?)).await
    }

    /// The run with this number.
    pub async fn run(&self, run: RunId) -> Result<Option<Run>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(RUN)?;
            Ok(statement.query_row(named_params! {":run": run.0}, from_row).optional()?)
        })
        .await
    }

    /// All runs, the newest first.
    pub async fn runs(&self) -> Result<Vec<Run>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(ALL_RUNS)?;
            let rows = statement.query_map(named_params! {":limit": RUNS}, from_row)?;
            Ok(rows.collect::<rusqlite::Result<_>>()?)
        })
        .await
    }

    /// What a run measured; nothing if there is no such run.
    pub async fn measured(&self, run: RunId) -> Result<Measured> {
        self.read(move |connection| {
            let limit = i64::try_from(2 * RUN_SECONDS).unwrap_or(i64::MAX);
            let mut statement = connection.prepare_cached(RUN_SECONDS_OF)?;
            let seconds = statement.query_map(named_params! {":run": run.0, ":limit": limit}, second)?;
            let seconds = seconds.collect::<rusqlite::Result<_>>()?;
            let limit = i64::try_from(RUN_MARKS).unwrap_or(i64::MAX);
            let mut statement = connection.prepare_cached(RUN_MARKS_OF)?;
            let marks = statement.query_map(named_params! {":run": run.0, ":limit": limit}, mark)?;
            Ok(Measured { seconds, marks: marks.collect::<rusqlite::Result<_>>()? })
        })
        .await
    }

    /// Deletes a run with all that it measured. `not_found` if there is none; `run_busy` while it
    /// goes on.
    pub async fn delete_run(&self, run: RunId) -> Result<()> {
        self.write(move |connection| {
            let which = named_params! {":run": run.0};
            if connection.prepare_cached(DELETE_RUN)?.execute(which)? > 0 {
                return Ok(());
            }
            let known = connection.prepare_cached(RUN)?.exists(which)?;
            Err(if known { Code::RunBusy.into() } else { Code::NotFound.into() })
        })
        .await
    }
}

fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Run> {
    let meeting: Option<i64> = row.get("meeting")?;
    Ok(Run {
        id: RunId(row.get("id")?),
        name: row.get("name")?,
        meeting: meeting.map(MeetingId),
        meeting_title: row.get("meeting_title")?,
        machine: row.get("machine")?,
        created_at: Timestamp(row.get("created_at")?),
        length_ms: unsigned(row.get("length_ms")?),
        ending: row.get("ending")?,
    })
}

fn crowd(row: &Row<'_>) -> rusqlite::Result<Crowd> {
    let number = |column| row.get::<_, i64>(column).map(|number| usize::try_from(number).unwrap_or_default());
    let (all, bots) = (number("users")?, number("bots")?);
    Ok(Crowd { people: all.saturating_sub(bots), bots })
}

fn second(row: &Row<'_>) -> rusqlite::Result<RunSecond> {
    let daemon_pss: Option<i64> = row.get("daemon_pss_bytes")?;
    let machine_used: Option<i64> = row.get("machine_used_bytes")?;
    Ok(RunSecond {
        at_ms: unsigned(row.get("at_ms")?),
        users: crowd(row)?,
        daemon_cpu_permille: row.get("daemon_cpu_permille")?,
        daemon_pss_bytes: daemon_pss.map(unsigned),
        machine_cpu_permille: row.get("machine_cpu_permille")?,
        machine_used_bytes: machine_used.map(unsigned),
    })
}

fn mark(row: &Row<'_>) -> rusqlite::Result<RunMark> {
    Ok(RunMark {
        at_ms: unsigned(row.get("at_ms")?),
        direction: row.get("direction")?,
        name: row.get("name")?,
        person: PersonId(row.get("person")?),
        users: crowd(row)?,
    })
}
