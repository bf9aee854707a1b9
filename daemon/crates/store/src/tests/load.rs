//! The load log's blocks: kept by start, found by wall time, dropped by count.

use base::clock::Timestamp;
use base::limits::{LOAD_HOURS, LOAD_MINUTES};
use rusqlite::Connection;

use super::support::{Fixture, START};
use crate::{LoadBatch, LoadBlock, LoadStep};

const HOUR_MS: i64 = 60 * 60 * 1_000;

fn block(step: LoadStep, first: i64, steps: u32) -> LoadBlock {
    LoadBlock { step, first, steps, data: vec![u8::try_from(first % 256).expect("a byte")] }
}

fn batch(epoch: Option<i64>, zero_at: Timestamp, blocks: Vec<LoadBlock>) -> LoadBatch {
    LoadBatch { epoch, zero_at, kept_until: 10 * HOUR_MS, rolled_until: 0, blocks }
}

/// When the start of each block was, in hours, and its first number, without those outside.
async fn seen(fixture: &Fixture, step: LoadStep, from: Timestamp, until: Timestamp) -> Vec<(i64, i64)> {
    let take = |all: &mut Vec<(i64, i64)>, zero: Timestamp, block: LoadBlock| {
        all.push(((zero.0 - START.0) / HOUR_MS, block.first));
    };
    fixture.store.see_load(step, (from, until), Vec::new(), take).await.expect("read")
}

#[tokio::test]
async fn blocks_are_found_by_wall_time_and_move_with_their_start() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let minutes = |first| block(LoadStep::Minute, first, 5);
    let first = store.keep_load(batch(None, START, vec![minutes(0), minutes(5)])).await.expect("kept");
    let second = batch(None, START.plus(20 * HOUR_MS), vec![minutes(0), block(LoadStep::Hour, 0, 1)]);
    let second = store.keep_load(second).await.expect("kept");
    assert!(second > first);
    assert_eq!(store.last_load_epoch().await.expect("read").map(|epoch| epoch.id), Some(second));
    let day = START.plus(24 * HOUR_MS);
    assert_eq!(seen(&fixture, LoadStep::Minute, START, day).await, [(0, 0), (0, 5), (20, 0)]);
    assert_eq!(seen(&fixture, LoadStep::Hour, START, day).await, [(20, 0)]);
    assert_eq!(seen(&fixture, LoadStep::Minute, START.plus(19 * HOUR_MS), day).await, [(20, 0)]);
    assert_eq!(seen(&fixture, LoadStep::Minute, START.plus(-HOUR_MS), START).await, []);
    // The clock is set back by a year: what the second start wrote goes along, the first stays.
    let year = -365 * 24 * HOUR_MS;
    store.keep_load(batch(Some(second), START.plus(year), vec![minutes(5)])).await.expect("kept");
    assert_eq!(seen(&fixture, LoadStep::Minute, START, day).await, [(0, 0), (0, 5)]);
    let then = seen(&fixture, LoadStep::Minute, START.plus(year), START.plus(year + HOUR_MS)).await;
    assert_eq!(then, [(-365 * 24, 0), (-365 * 24, 5)]);
}

#[tokio::test]
async fn a_block_that_grows_takes_its_own_place() {
    let fixture = Fixture::new();
    let mut epoch = None;
    for hours in 1..=5 {
        let grown = batch(epoch, START, vec![block(LoadStep::Hour, 0, hours)]);
        epoch = Some(fixture.store.keep_load(grown).await.expect("kept"));
    }
    let kept = fixture.store.load_blocks_of(epoch.expect("one"), LoadStep::Hour, 0).await.expect("read");
    assert_eq!(kept, [block(LoadStep::Hour, 0, 5)]);
    let connection = Connection::open(fixture.path()).expect("opened");
    let total: i64 = connection.query_row("SELECT total FROM load_block", [], |row| row.get(0)).expect("one");
    assert_eq!(total, 5);
}

/// However the clock jumps meanwhile: by its word everything might be too old at once.
#[tokio::test]
async fn the_oldest_are_dropped_by_count_and_empty_starts_with_them() {
    let fixture = Fixture::new();
    let connection = Connection::open(fixture.path()).expect("opened");
    let counts = || -> (i64, i64, i64) {
        let sql = "SELECT (SELECT count(*) FROM load_epoch),
            (SELECT coalesce(sum(steps), 0) FROM load_block WHERE step_ms = 60000),
            (SELECT coalesce(sum(steps), 0) FROM load_block WHERE step_ms = 3600000)";
        connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("counted")
    };
    // Larger ones than the log makes, to come to the end sooner.
    let (minutes, hours) = (LOAD_MINUTES / 10, LOAD_HOURS / 10);
    let most = |steps: i64| u32::try_from(steps).expect("some");
    for start in 0..30 {
        let zero_at = START.plus(if start % 2 == 0 { 10 } else { -10 } * 365 * 24 * HOUR_MS);
        let blocks = vec![block(LoadStep::Minute, 0, most(minutes)), block(LoadStep::Hour, 0, most(hours))];
        fixture.store.keep_load(batch(None, zero_at, blocks)).await.expect("kept");
    }
    let (epochs, kept_minutes, kept_hours) = counts();
    assert!((10..=12).contains(&epochs), "{epochs}");
    // A block goes when all of it is too old.
    assert!((LOAD_MINUTES..LOAD_MINUTES + minutes).contains(&kept_minutes), "{kept_minutes}");
    assert!((LOAD_HOURS..LOAD_HOURS + hours).contains(&kept_hours), "{kept_hours}");
}
