//! The load log: packed minutes and hours by start of the daemon. What is in them is the
//! business of whoever packs them.

use base::Result;
use base::clock::Timestamp;
use base::limits::{LOAD_HOURS, LOAD_MINUTES};
use rusqlite::{Connection, OptionalExtension, named_params};

use crate::failure::Outcome;
use crate::statement::statements;
use crate::store::Store;

/// How long a step of the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadStep {
    /// A minute.
    Minute,
    /// An hour.
    Hour,
}

impl LoadStep {
    /// Its milliseconds.
    pub const fn milliseconds(self) -> i64 {
        match self {
            Self::Minute => 60_000,
            Self::Hour => 3_600_000,
        }
    }

    /// How many are kept.
    const fn most(self) -> i64 {
        match self {
            Self::Minute => LOAD_MINUTES,
            Self::Hour => LOAD_HOURS,
        }
    }
}

/// One start of the daemon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoadEpoch {
    /// Its number.
    pub id: i64,
    /// Wall time of its monotonic zero.
    pub zero_at: Timestamp,
    /// Monotonic milliseconds up to which minutes are kept.
    pub kept_until: i64,
    /// Monotonic milliseconds up to which they are part of a kept hour.
    pub rolled_until: i64,
}

/// Steps in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadBlock {
    /// How long each is.
    pub step: LoadStep,
    /// The number of the first, counted from the start.
    pub first: i64,
    /// How many.
    pub steps: u32,
    /// Packed.
    pub data: Vec<u8>,
}

/// What is written in one commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadBatch {
    /// Of which start; none if nothing of it was written yet.
    pub epoch: Option<i64>,
    /// Wall time of its monotonic zero, as the clock stands now.
    pub zero_at: Timestamp,
    /// Monotonic milliseconds up to which minutes will be kept.
    pub kept_until: i64,
    /// Monotonic milliseconds up to which they will be part of a kept hour.
    pub rolled_until: i64,
    /// In order. One that begins where a kept one does takes its place.
    pub blocks: Vec<LoadBlock>,
}

statements! {
    INSERT_EPOCH = "
        INSERT INTO load_epoch (zero_at, kept_until, rolled_until)
        VALUES (:zero_at, :kept_until, :rolled_until) RETURNING id";
    CHANGE_EPOCH = "
        UPDATE load_epoch SET zero_at = :zero_at, kept_until = :kept_until, rolled_until = :rolled_until
        WHERE id = :epoch";
    LAST_EPOCH = "
        SELECT id, zero_at, kept_until, rolled_until FROM load_epoch
        WHERE id = (SELECT max(id) FROM load_epoch)";
    EPOCHS_BEFORE = "
        SELECT id, zero_at FROM load_epoch
        WHERE zero_at < :until AND zero_at + kept_until > :from ORDER BY zero_at";
    KEEP_BLOCK = "
        INSERT INTO load_block (epoch, step_ms, first, steps, total, data)
        VALUES (:epoch, :step, :first, :steps,
                :steps + coalesce((SELECT max(total) FROM load_block WHERE step_ms = :step), 0), :data)
        ON CONFLICT (epoch, step_ms, first)
        DO UPDATE SET total = total + excluded.steps - steps, steps = excluded.steps, data = excluded.data";
    BLOCKS = "
        SELECT first, steps, data FROM load_block
        WHERE epoch = :epoch AND step_ms = :step AND first >= :first AND first < :last ORDER BY first";
    DROP_BLOCKS = "
        DELETE FROM load_block WHERE step_ms = :step
          AND total <= (SELECT max(total) FROM load_block WHERE step_ms = :step) - :most";
    DROP_EPOCH = "
        DELETE FROM load_epoch WHERE id = (SELECT min(id) FROM load_epoch) AND id <> :epoch
          AND NOT EXISTS (SELECT 1 FROM load_block WHERE epoch = load_epoch.id)";
}

/// Most steps of a block: minutes of an hour.
const LOAD_BLOCK_STEPS: u32 = 60;

impl Store {
    /// Keeps a batch, and drops what is older than what is to be kept, all in one commit.
    /// Returns the number of its start.
    pub async fn keep_load(&self, batch: LoadBatch) -> Result<i64> {
        self.write(move |connection| keep(connection, &batch)).await
    }

    /// The newest start that anything was kept of.
    pub async fn last_load_epoch(&self) -> Result<Option<LoadEpoch>> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(LAST_EPOCH)?;
            Ok(statement
                .query_row([], |row| {
                    Ok(LoadEpoch {
                        id: row.get(0)?,
                        zero_at: Timestamp(row.get(1)?),
                        kept_until: row.get(2)?,
                        rolled_until: row.get(3)?,
                    })
                })
                .optional()?)
        })
        .await
    }

    /// The blocks of one start that hold steps from number `first` on.
    pub async fn load_blocks_of(&self, epoch: i64, step: LoadStep, first: i64) -> Result<Vec<LoadBlock>> {
        self.read(move |connection| {
            let mut found = Vec::new();
            blocks(connection, epoch, step, (first, i64::MAX), |block| found.push(block))?;
            Ok(found)
        })
        .await
    }

    /// Lets `see` take every block that holds steps between two moments into `state`, with the
    /// wall time of its start's zero, one after the other: five years of them need not be in memory
    /// at once.
    pub async fn see_load<A: Send + 'static>(
        &self,
        step: LoadStep,
        (from, until): (Timestamp, Timestamp),
        mut state: A,
        see: impl Fn(&mut A, Timestamp, LoadBlock) + Send + 'static,
    ) -> Result<A> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(EPOCHS_BEFORE)?;
            let range = named_params! {":from": from.0, ":until": until.0};
            let epochs: Vec<(i64, i64)> = statement
                .query_map(range, |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            for (epoch, zero) in epochs {
                let number = |at: Timestamp| at.0.saturating_sub(zero).div_euclid(step.milliseconds());
                let numbers = (number(from), number(until).saturating_add(1));
                blocks(connection, epoch, step, numbers, |block| see(&mut state, Timestamp(zero), block))?;
            }
            Ok(state)
        })
        .await
    }
}

fn keep(connection: &Connection, batch: &LoadBatch) -> Outcome<i64> {
    let (zero_at, kept_until, rolled_until) = (batch.zero_at.0, batch.kept_until, batch.rolled_until);
    let epoch = match batch.epoch {
        None => connection.prepare_cached(INSERT_EPOCH)?.query_row(
            named_params! {":zero_at": zero_at, ":kept_until": kept_until, ":rolled_until": rolled_until},
            |row| row.get(0),
        )?,
        Some(epoch) => {
            connection.prepare_cached(CHANGE_EPOCH)?.execute(named_params! {
                ":epoch": epoch, ":zero_at": zero_at, ":kept_until": kept_until,
                ":rolled_until": rolled_until,
            })?;
            epoch
        }
    };
    for block in &batch.blocks {
        connection.prepare_cached(KEEP_BLOCK)?.execute(named_params! {
            ":epoch": epoch, ":step": block.step.milliseconds(), ":first": block.first,
            ":steps": block.steps, ":data": block.data,
        })?;
    }
    for step in [LoadStep::Minute, LoadStep::Hour] {
        connection
            .prepare_cached(DROP_BLOCKS)?
            .execute(named_params! {":step": step.milliseconds(), ":most": step.most()})?;
    }
    // One for each batch keeps up: a batch makes one at most.
    connection.prepare_cached(DROP_EPOCH)?.execute(named_params! {":epoch": epoch})?;
    Ok(epoch)
}

/// Blocks with steps from number `first` up to and without `last`.
fn blocks(
    connection: &Connection,
    epoch: i64,
    step: LoadStep,
    (first, last): (i64, i64),
    mut see: impl FnMut(LoadBlock),
) -> Outcome<()> {
    let mut statement = connection.prepare_cached(BLOCKS)?;
    // No block reaches over more steps than that: whoever packs them sees to it.
    let first = first.saturating_sub(i64::from(LOAD_BLOCK_STEPS) - 1);
    let range = named_params! {":epoch": epoch, ":step": step.milliseconds(), ":first": first, ":last": last};
    let mut rows = statement.query(range)?;
    while let Some(row) = rows.next()? {
        see(LoadBlock { step, first: row.get(0)?, steps: row.get(1)?, data: row.get(2)? });
    }
    Ok(())
}
