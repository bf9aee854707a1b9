//! The schema is what its reference says, however a database came to it, and every statement
//! finds its rows by an index.

use rusqlite::Connection;

use super::support::Fixture;
use crate::migrate::{self, MIGRATIONS, Migration};
use crate::open::PREPARED_STATEMENTS;
use crate::{
    account, account_change, assignment, assignment_copy, assignment_file, attempt, attempt_end, attendance,
    clock_jump, course, course_change, due, file, grading, lesson_kept, link, load, material, meeting,
    meeting_order, member, member_change, message, news, notice, person, presence, question, quiz, quiz_copy,
    quiz_due, quiz_result, roster, run, search, session, setting, sitting, snapshot, submission, upload,
};

/// Rows as a database of version n (from 1) may hold them, each building on those before.
const DATA: &[&str] = &[
    include_str!("data/0001.sql"),
    include_str!("data/0002.sql"),
    include_str!("data/0003.sql"),
    include_str!("data/0004.sql"),
    include_str!("data/0005.sql"),
    include_str!("data/0006.sql"),
    include_str!("data/0007.sql"),
    include_str!("data/0008.sql"),
    include_str!("data/0009.sql"),
    include_str!("data/0010.sql"),
    include_str!("data/0011.sql"),
    include_str!("data/0012.sql"),
    include_str!("data/0013.sql"),
];

const REFERENCE: &str = include_str!("../../schema.sql");

fn memory() -> Connection {
    Connection::open_in_memory().expect("memory")
}

/// A database as version `version` of the schema left it, with data.
fn of_version(version: usize) -> Connection {
    let mut connection = memory();
    for step in 0..version {
        migrate::apply(&mut connection, &MIGRATIONS[..=step]).expect("a migration");
        connection.execute_batch(DATA[step]).expect("data of its time");
    }
    connection
}

/// Tables, indexes and columns, without comments and regardless of layout.
fn describe(connection: &Connection) -> Vec<String> {
    let mut objects = connection
        .prepare("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name")
        .expect("a schema");
    let rows = objects.query_map([], |row| {
        let kind: String = row.get(0)?;
        let name: String = row.get(1)?;
        let table: String = row.get(2)?;
        let sql: String = row.get(3)?;
        let plain: String =
            sql.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join(" ");
        // ALTER TABLE ADD COLUMN sets its comma and the last parenthesis where they happen to stand.
        let apart = plain.replace(',', " , ").replace('(', " ( ").replace(')', " ) ");
        let words: Vec<&str> = apart.split_whitespace().collect();
        Ok(format!("{kind} {name} on {table}: {}", words.join(" ")))
    });
    rows.expect("rows").collect::<Result<_, _>>().expect("text")
}

#[test]
fn the_reference_is_what_the_migrations_make_from_every_version_on() {
    assert_eq!(DATA.len(), MIGRATIONS.len(), "every version has data to be upgraded");
    let reference = memory();
    reference.execute_batch(REFERENCE).expect("the reference is SQL");
    for version in 0..=MIGRATIONS.len() {
        let mut upgraded = of_version(version);
        migrate::apply(&mut upgraded, MIGRATIONS).expect("upgraded");
        assert_eq!(describe(&upgraded), describe(&reference), "from version {version}");
        assert_eq!(migrate::version(&upgraded).expect("a version"), migrate::latest());
        let verdict: String =
            upgraded.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
        assert_eq!(verdict, "ok");
    }
}

#[test]
fn the_data_of_every_version_fills_every_table() {
    let connection = of_version(MIGRATIONS.len());
    let mut tables = connection
        // The tables in which FTS5 keeps its index are its own.
        .prepare(
            "SELECT name FROM sqlite_schema
             WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search_%'",
        )
        .expect("tables");
    let names: Vec<String> =
        tables.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("names");
    assert_eq!(names.len(), 32);
    for name in names {
        let rows: i64 = connection
            .query_row(&format!("SELECT count(*) FROM {name}"), [], |row| row.get(0))
            .expect("a count");
        assert!(rows > 0, "{name} is empty: an upgrade would not be tested on it");
    }
}

#[test]
fn every_table_and_column_is_explained() {
    let lines: Vec<&str> = REFERENCE.lines().collect();
    for pair in lines.windows(2) {
        let column = pair[1].strip_prefix("    ").filter(|line| line.starts_with(char::is_lowercase));
        // Explained once for all, at the top.
        let common = column.is_some_and(|line| line.starts_with("id ") || line.starts_with("created_at "));
        if pair[1].starts_with("CREATE TABLE") || (column.is_some() && !common) {
            assert!(pair[0].trim_start().starts_with("--"), "no comment above: {}", pair[1]);
        }
    }
}

const FIRST: Migration = Migration { sql: "CREATE TABLE pet (id INTEGER PRIMARY KEY) STRICT" };
const SECOND: Migration = Migration {
    sql: "ALTER TABLE pet ADD COLUMN owner INTEGER REFERENCES pet (id); UPDATE pet SET owner = id",
};

#[test]
fn an_old_database_gets_only_the_steps_it_has_not_seen() {
    let mut connection = memory();
    migrate::apply(&mut connection, &[FIRST]).expect("version 1");
    connection.execute_batch("INSERT INTO pet VALUES (7)").expect("data");
    migrate::apply(&mut connection, &[FIRST, SECOND]).expect("version 2");
    let owner: i64 = connection.query_row("SELECT owner FROM pet", [], |row| row.get(0)).expect("a row");
    assert_eq!((owner, migrate::version(&connection).expect("a version")), (7, 2));
    migrate::apply(&mut connection, &[FIRST, SECOND]).expect("again is harmless");
}

#[test]
fn a_migration_that_fails_leaves_the_version_before_it() {
    let broken = Migration { sql: "CREATE TABLE half (id INTEGER); INSERT INTO nowhere VALUES (1)" };
    let dangling = Migration {
        sql: "ALTER TABLE pet ADD COLUMN owner INTEGER REFERENCES pet (id); UPDATE pet SET owner = 99",
    };
    let mut connection = memory();
    migrate::apply(&mut connection, &[FIRST]).expect("version 1");
    connection.execute_batch("INSERT INTO pet VALUES (7)").expect("data");
    let before = describe(&connection);
    for failing in [broken, dangling] {
        migrate::apply(&mut connection, &[FIRST, failing]).expect_err("it cannot be applied");
        assert_eq!(
            (describe(&connection), migrate::version(&connection).expect("a version")),
            (before.clone(), 1)
        );
    }
}

/// Whether a step goes through the rows that the full-text index has for some words. `SQLite` calls
/// that a scan, whatever a virtual table does; `M` says that it was given words to match.
fn looks_up_words(detail: &str) -> bool {
    detail.strip_prefix("SCAN search VIRTUAL TABLE INDEX ").is_some_and(|index| index.contains(":M"))
}

/// As the triggers look for the one thing that has changed, and for what is in one course.
#[test]
fn the_triggers_of_the_search_find_their_rows_by_an_index() {
    let connection = memory();
    connection.execute_batch(REFERENCE).expect("the reference is SQL");
    let conditions = (1..=7).map(|kind| format!("kind = {kind} AND id = 1"));
    for condition in conditions.chain(["course = 1".to_owned()]) {
        let sql = format!("EXPLAIN QUERY PLAN SELECT * FROM searchable WHERE {condition}");
        let mut plan = connection.prepare(&sql).expect("SQL");
        let mut steps = plan.raw_query();
        while let Some(step) = steps.next().expect("a plan") {
            let detail: String = step.get("detail").expect("text");
            // Of the view itself, what its parts have found is gone through. People are in no course,
            // which SQLite sees before it looks at the first of them.
            let is_none = condition == "course = 1" && detail == "SCAN person";
            let is_fine = is_none || detail == "SCAN searchable" || !detail.starts_with("SCAN");
            assert!(is_fine, "{condition}: {detail}");
        }
    }
}

#[tokio::test]
async fn every_statement_finds_and_orders_its_rows_by_an_index() {
    let fixture = Fixture::new();
    fixture.store.close().await.expect("closed");
    let connection = Connection::open(fixture.path()).expect("opened");
    let statements: Vec<_> = [
        account::STATEMENTS,
        account_change::STATEMENTS,
        assignment::STATEMENTS,
        assignment_copy::STATEMENTS,
        assignment_file::STATEMENTS,
        attempt::STATEMENTS,
        attempt_end::STATEMENTS,
        attendance::STATEMENTS,
        clock_jump::STATEMENTS,
        course::STATEMENTS,
        course_change::STATEMENTS,
        due::STATEMENTS,
        file::STATEMENTS,
        grading::STATEMENTS,
        lesson_kept::STATEMENTS,
        link::STATEMENTS,
        load::STATEMENTS,
        material::STATEMENTS,
        meeting::STATEMENTS,
        meeting_order::STATEMENTS,
        member::STATEMENTS,
        member_change::STATEMENTS,
        message::STATEMENTS,
        news::STATEMENTS,
        notice::STATEMENTS,
        person::STATEMENTS,
        presence::STATEMENTS,
        question::STATEMENTS,
        quiz::STATEMENTS,
        quiz_copy::STATEMENTS,
        quiz_due::STATEMENTS,
        quiz_result::STATEMENTS,
        roster::STATEMENTS,
        run::STATEMENTS,
        search::STATEMENTS,
        session::STATEMENTS,
        setting::STATEMENTS,
        sitting::STATEMENTS,
        snapshot::STATEMENTS,
        submission::STATEMENTS,
        upload::STATEMENTS,
    ]
    .concat();
    assert!(statements.len() <= PREPARED_STATEMENTS, "some would be prepared again and again");
    for (name, sql) in statements {
        let mut plan = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect(name);
        let mut steps = plan.raw_query();
        while let Some(step) = steps.next().expect(name) {
            let detail: String = step.get("detail").expect(name);
            assert!(!detail.contains("TEMP B-TREE"), "{name}: {detail}");
            assert!(!detail.starts_with("SCAN") || looks_up_words(&detail), "{name}: {detail}");
        }
    }
}

#[tokio::test]
async fn every_reference_between_tables_has_an_index() {
    let fixture = Fixture::new();
    fixture.store.close().await.expect("closed");
    let connection = Connection::open(fixture.path()).expect("opened");
    let mut references = connection
        .prepare(
            "SELECT t.name, f.\"from\" FROM sqlite_schema AS t, pragma_foreign_key_list(t.name) AS f
             WHERE t.type = 'table'",
        )
        .expect("references");
    let references: Vec<(String, String)> = references
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("rows")
        .collect::<Result<_, _>>()
        .expect("names");
    assert!(references.len() >= 9);
    for (table, column) in references {
        let sql = format!("EXPLAIN QUERY PLAN SELECT 1 FROM {table} WHERE {column} = 1");
        let detail: String = connection.query_row(&sql, [], |row| row.get("detail")).expect("a plan");
        assert!(detail.starts_with("SEARCH"), "{table}.{column}: {detail}");
    }
}
