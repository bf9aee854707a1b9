//! The writer: grouped commits, each job for itself, and answers only after the commit.

use std::sync::mpsc;

use base::Code;
use base::limits::WRITE_QUEUE;
use rusqlite::Connection;
use tokio::task::{JoinHandle, JoinSet, yield_now};

use super::support::{Fixture, message};
use crate::failure::Outcome;
use crate::{PersonKind, Store};

/// Stops the writer in the middle of a job until it is dropped, so that others queue up.
struct Gate {
    key: mpsc::Sender<()>,
    held: JoinHandle<base::Result<()>>,
}

impl Gate {
    async fn shut(store: &Store) -> Self {
        let (open, closed) = mpsc::channel();
        let (entered, inside) = tokio::sync::oneshot::channel();
        let store = store.clone();
        let held = tokio::spawn(async move {
            store
                .write(move |_| {
                    entered.send(()).expect("the test waits");
                    closed.recv().expect_err("nothing is sent, the gate is dropped");
                    Ok(())
                })
                .await
        });
        inside.await.expect("the writer came in");
        Self { key: open, held }
    }

    async fn open(self) {
        drop(self.key);
        self.held.await.expect("no panic").expect("an empty job");
    }
}

async fn queued(store: &Store, jobs: usize) {
    while store.queue_length() < jobs {
        yield_now().await;
    }
}

fn put(key: &str, value: String) -> impl FnOnce(&Connection) -> Outcome<()> + Send + 'static {
    let key = key.to_owned();
    move |connection| {
        connection.execute("INSERT INTO setting (key, value) VALUES (?1, ?2)", (key, value))?;
        Ok(())
    }
}

#[tokio::test]
async fn a_hundred_messages_that_wait_are_one_commit_in_their_order() {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    let gate = Gate::shut(&fixture.store).await;
    let before = fixture.store.statistics().commits();
    let mut answers = Vec::new();
    for index in 0..100 {
        let store = fixture.store.clone();
        let new = message(meeting, teacher.id, &index.to_string(), "Hadir");
        answers.push(tokio::spawn(async move { store.append_message(new).await }));
    }
    queued(&fixture.store, 100).await;
    gate.open().await;
    let mut ids = Vec::new();
    for answer in answers {
        ids.push(answer.await.expect("no panic").expect("stored").message.id);
    }
    assert!(ids.is_sorted() && ids.len() == 100);
    let statistics = fixture.store.statistics();
    assert_eq!(statistics.commits(), before + 1);
    assert_eq!(statistics.largest_group(), 100);
    assert!(statistics.jobs() > 100 && statistics.failed_commits() == 0);
    let stored = fixture.store.recent_messages(meeting, 200).await.expect("read");
    assert_eq!(stored.iter().map(|message| message.id).collect::<Vec<_>>(), ids);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_from_many_threads_each_read_what_they_wrote() {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    let mut writers = JoinSet::new();
    for writer in 0..20 {
        let store = fixture.store.clone();
        writers.spawn(async move {
            for number in 0..10 {
                let new = message(meeting, teacher.id, &format!("{writer}-{number}"), "Hadir");
                let stored = store.append_message(new).await.expect("stored").message;
                let seen = store.recent_messages(meeting, 500).await.expect("read");
                assert!(seen.contains(&stored), "an answer comes after the commit");
            }
        });
    }
    writers.join_all().await;
    let stored = fixture.store.recent_messages(meeting, 500).await.expect("read");
    assert_eq!(stored.len(), 200);
    assert!(stored.is_sorted_by(|one, next| one.id < next.id));
}

#[tokio::test]
async fn a_failing_job_takes_back_its_own_work_and_no_other() {
    let fixture = Fixture::new();
    let gate = Gate::shut(&fixture.store).await;
    let store = fixture.store.clone();
    let first = tokio::spawn(async move { store.write(put("first", String::new())).await });
    queued(&fixture.store, 1).await;
    let store = fixture.store.clone();
    let failing = tokio::spawn(async move {
        let half = put("half", String::new());
        store.write(move |connection| half(connection).and(Err::<(), _>(Code::NotFound.into()))).await
    });
    queued(&fixture.store, 2).await;
    let store = fixture.store.clone();
    let last = tokio::spawn(async move { store.write(put("last", String::new())).await });
    queued(&fixture.store, 3).await;
    gate.open().await;
    first.await.expect("no panic").expect("kept");
    assert_eq!(failing.await.expect("no panic").expect_err("its own").code, Code::NotFound);
    last.await.expect("no panic").expect("kept");
    assert_eq!(fixture.store.statistics().largest_group(), 3);
    for (key, value) in [("first", Some("")), ("half", None), ("last", Some(""))] {
        assert_eq!(fixture.store.setting(key).await.expect("read").as_deref(), value, "{key}");
    }
}

#[tokio::test]
async fn when_the_commit_fails_everybody_hears_it_and_nothing_is_kept() {
    let fixture = Fixture::new();
    let gate = Gate::shut(&fixture.store).await;
    let store = fixture.store.clone();
    let innocent = tokio::spawn(async move { store.write(put("innocent", String::new())).await });
    queued(&fixture.store, 1).await;
    let store = fixture.store.clone();
    // A check that is put off until COMMIT makes COMMIT itself fail.
    let culprit = tokio::spawn(async move {
        store
            .write(|connection| {
                connection.execute_batch(
                    "PRAGMA defer_foreign_keys = ON;
                     INSERT INTO meeting (course, title, lobby, created_at) VALUES (99, 'x', 'off', 0)",
                )?;
                Ok(())
            })
            .await
    });
    queued(&fixture.store, 2).await;
    gate.open().await;
    assert_eq!(innocent.await.expect("no panic").expect_err("lost").code, Code::Internal);
    assert_eq!(culprit.await.expect("no panic").expect_err("lost").code, Code::Internal);
    assert_eq!(fixture.store.setting("innocent").await.expect("read"), None);
    assert_eq!(fixture.store.statistics().failed_commits(), 1);
    fixture.store.set_setting("after", "works").await.expect("the writer goes on");
}

#[tokio::test]
async fn on_a_full_disk_what_was_answered_is_there_and_what_was_refused_is_not() {
    let fixture = Fixture::new();
    let pages: i64 = fixture
        .store
        .write(|connection| Ok(connection.query_row("PRAGMA page_count", [], |row| row.get(0))?))
        .await
        .expect("a count");
    let limit = |pages: i64| {
        fixture.store.write(move |connection| {
            let sql = format!("PRAGMA max_page_count = {pages}");
            Ok(connection.query_row(&sql, [], |row| row.get::<_, i64>(0))?)
        })
    };
    assert_eq!(limit(pages + 12).await.expect("limited"), pages + 12);
    let gate = Gate::shut(&fixture.store).await;
    let mut answers = Vec::new();
    for index in 0..60_usize {
        let store = fixture.store.clone();
        let value = "x".repeat(if index % 3 == 0 { 9_000 } else { 10 });
        answers.push(tokio::spawn(async move { store.write(put(&index.to_string(), value)).await }));
        queued(&fixture.store, index + 1).await;
    }
    gate.open().await;
    let (mut kept, mut refused) = (0, 0);
    for (index, answer) in answers.into_iter().enumerate() {
        let answer = answer.await.expect("no panic");
        let stored = fixture.store.setting(&index.to_string()).await.expect("read").is_some();
        match answer {
            Ok(()) => {
                assert!(stored, "{index} was answered and is not there");
                kept += 1;
            }
            Err(error) => {
                assert_eq!(error.code, Code::StorageFull);
                assert!(!stored, "{index} was refused and is there");
                refused += 1;
            }
        }
    }
    assert!(kept > 0 && refused > 0, "{kept} kept, {refused} refused");
    limit(pages + 1_000).await.expect("room again");
    fixture.store.set_setting("after", &"x".repeat(50_000)).await.expect("the writer goes on");
}

#[tokio::test]
async fn a_database_that_turned_read_only_is_storage_failed() {
    let fixture = Fixture::new();
    fixture
        .store
        .write(|connection| Ok(connection.pragma_update(None, "query_only", true)?))
        .await
        .expect("read-only from now on");
    let refused = fixture.store.set_setting("key", "value").await;
    assert_eq!(refused.expect_err("read-only").code, Code::StorageFailed);
    assert_eq!(fixture.store.setting("key").await.expect("reading goes on"), None);
    assert_eq!(fixture.store.health().await.expect_err("not well").code, Code::StorageFailed);
}

#[tokio::test]
async fn a_reader_can_never_write() {
    let fixture = Fixture::new();
    let refused = fixture.store.read(put("key", String::new())).await;
    assert_eq!(refused.expect_err("query_only").code, Code::StorageFailed);
    assert_eq!(fixture.store.setting("key").await.expect("read"), None);
}

#[tokio::test]
async fn a_caller_that_gives_up_does_not_undo_its_job() {
    let fixture = Fixture::new();
    let gate = Gate::shut(&fixture.store).await;
    let store = fixture.store.clone();
    let given_up = tokio::spawn(async move { store.set_setting("key", "value").await });
    queued(&fixture.store, 1).await;
    given_up.abort();
    given_up.await.expect_err("aborted");
    gate.open().await;
    fixture.store.health().await.expect("the writer passed it");
    assert_eq!(fixture.store.setting("key").await.expect("read").as_deref(), Some("value"));
}

#[tokio::test(start_paused = true)]
async fn a_queue_that_stays_full_is_told_as_overload() {
    let fixture = Fixture::new();
    let gate = Gate::shut(&fixture.store).await;
    let mut waiting = JoinSet::new();
    for _ in 0..WRITE_QUEUE {
        let store = fixture.store.clone();
        waiting.spawn(async move { store.write(|_| Ok(())).await });
    }
    queued(&fixture.store, WRITE_QUEUE).await;
    let refused = fixture.store.set_setting("key", "value").await;
    assert_eq!(refused.expect_err("full").code, Code::Unavailable);
    assert_eq!(fixture.store.statistics().refused_jobs(), 1);
    gate.open().await;
    let done = waiting.join_all().await;
    assert!(done.iter().all(Result::is_ok));
    assert_eq!(fixture.store.setting("key").await.expect("read"), None);
}

#[tokio::test]
async fn health_tells_a_writer_that_is_stuck() {
    let fixture = Fixture::new();
    let commits = fixture.store.statistics().commits();
    fixture.store.health().await.expect("well");
    assert_eq!(fixture.store.statistics().commits(), commits, "asking does not wear the card");
    let gate = Gate::shut(&fixture.store).await;
    tokio::time::pause();
    assert_eq!(fixture.store.health().await.expect_err("stuck").code, Code::Unavailable);
    tokio::time::resume();
    gate.open().await;
    fixture.store.health().await.expect("well again");
}

#[tokio::test]
async fn closing_writes_what_is_queued_and_leaves_one_complete_file() {
    let fixture = Fixture::new();
    let gate = Gate::shut(&fixture.store).await;
    let mut queue = JoinSet::new();
    for index in 0..300 {
        let store = fixture.store.clone();
        queue.spawn(async move { store.set_setting(&index.to_string(), "value").await });
    }
    queued(&fixture.store, 300).await;
    let store = fixture.store.clone();
    let closing = tokio::spawn(async move { store.close().await });
    queued(&fixture.store, 301).await;
    gate.open().await;
    closing.await.expect("no panic").expect("closed");
    assert!(queue.join_all().await.iter().all(Result::is_ok));
    fixture.store.close().await.expect("again is harmless");

    let copy = fixture.folder.path().join("copy.sqlite");
    std::fs::copy(fixture.path(), &copy).expect("copied");
    let connection = Connection::open(copy).expect("opened");
    let rows: i64 =
        connection.query_row("SELECT count(*) FROM setting", [], |row| row.get(0)).expect("a count");
    assert_eq!(rows, 300);
}

#[tokio::test]
async fn a_closed_store_answers_unavailable() {
    let fixture = Fixture::new();
    fixture.store.close().await.expect("closed");
    let read = fixture.store.setting("key").await;
    let write = fixture.store.set_setting("key", "value").await;
    assert_eq!(read.expect_err("closed").code, Code::Unavailable);
    assert_eq!(write.expect_err("closed").code, Code::Unavailable);
    assert_eq!(fixture.store.health().await.expect_err("closed").code, Code::Unavailable);
}

#[tokio::test]
async fn dropping_the_last_handle_keeps_everything_too() {
    let fixture = Fixture::new();
    let person = fixture.person(PersonKind::Student, "Budi").await;
    let Fixture { store, clock, folder } = fixture;
    let thread = store.take_writer();
    drop(store);
    thread.join().expect("the writer ended by itself");
    let store = Store::open(folder.path().join("kelas.sqlite"), clock).expect("opened again");
    assert_eq!(store.person(person.id).await.expect("read"), Some(person));
}
