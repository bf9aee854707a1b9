//! Brings a database to this program's schema, one numbered migration after the other.

use rusqlite::Connection;

/// A step from one schema version to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Migration {
    /// What is run.
    pub(crate) sql: &'static str,
}

/// Every migration; the n-th (from 1) makes version n. Released ones are never changed.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { sql: include_str!("../migrations/0001_first.sql") },
    Migration { sql: include_str!("../migrations/0002_people.sql") },
    Migration { sql: include_str!("../migrations/0003_course_pages.sql") },
    Migration { sql: include_str!("../migrations/0004_materials.sql") },
    Migration { sql: include_str!("../migrations/0005_presence.sql") },
    Migration { sql: include_str!("../migrations/0006_runs.sql") },
    Migration { sql: include_str!("../migrations/0007_load.sql") },
    Migration { sql: include_str!("../migrations/0008_assignments.sql") },
    Migration { sql: include_str!("../migrations/0009_run_bots.sql") },
    Migration { sql: include_str!("../migrations/0010_quizzes.sql") },
    Migration { sql: include_str!("../migrations/0011_attendance.sql") },
    Migration { sql: include_str!("../migrations/0012_notices.sql") },
    Migration { sql: include_str!("../migrations/0013_search.sql") },
];

/// The version that [`MIGRATIONS`] lead to.
pub(crate) fn latest() -> u32 {
    u32::try_from(MIGRATIONS.len()).expect("there are a handful of migrations")
}

/// The schema version that a database carries.
pub(crate) fn version(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Applies those of `migrations` that the database has not seen, each in a transaction of its
/// own, so that a power cut leaves it at one version or the next.
///
/// The caller makes sure that the database is ours and not newer. Foreign keys are checked at
/// the end of each step and not within, because a table may have to be rebuilt.
pub(crate) fn apply(connection: &mut Connection, migrations: &[Migration]) -> rusqlite::Result<()> {
    connection.pragma_update(None, "foreign_keys", false)?;
    let from = version(connection)?;
    for (version, migration) in (1..).zip(migrations).filter(|(version, _)| *version > from) {
        let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        transaction.execute_batch(migration.sql)?;
        let dangling = transaction.prepare("PRAGMA foreign_key_check")?.exists([])?;
        if dangling {
            return Err(rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY),
                Some(format!("migration {version} leaves rows that name others which do not exist")),
            ));
        }
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    connection.pragma_update(None, "foreign_keys", true)
}
