//! What a backup has in it, and when the box copies its database by itself. The way there and back is
//! tried on the real daemon in `tests/blackbox/tests/backup`.

use std::sync::Arc;

use base::clock::{TestClock, Timestamp};
use base::limits::{COPIES, COPY_EVERY_MS};
use http_body_util::BodyExt as _;
use store::{NewPerson, PersonKind};
use tempfile::TempDir;

use super::*;

struct School {
    backup: Backup,
    clock: Arc<TestClock>,
    store: Store,
    files: Files,
    folder: TempDir,
}

/// A weekday in the life of the box.
const START: Timestamp = Timestamp(1_790_000_000_000);

impl School {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(TestClock::at(START));
        let store = Store::open(folder.path().join("kelas.sqlite"), clock.clone()).expect("a store");
        let tasks = Tasks::default();
        let files = Files::new(folder.path(), 0, store.clone(), clock.clone(), tasks.clone());
        let parts = Parts {
            data: folder.path().to_owned(),
            store: store.clone(),
            files: files.clone(),
            clock: clock.clone(),
            tasks,
            start_again: Arc::new(|| ()),
        };
        Self { backup: Backup::new(parts, Swapped::Nothing), clock, store, files, folder }
    }

    async fn pass(&self, milliseconds: i64) {
        self.clock.jump(Timestamp(self.clock.now().0 + milliseconds));
        self.backup.copy_if_due().await.expect("looked");
    }

    async fn numbers(&self) -> Vec<u32> {
        self.backup.copies().await.expect("listed").iter().map(|copy| copy.number).collect()
    }
}

#[tokio::test]
async fn the_database_is_copied_once_a_day_and_only_the_newest_copies_stay() {
    let school = School::new();
    school.pass(0).await;
    assert_eq!(school.numbers().await, [1]);
    school.pass(COPY_EVERY_MS - 1).await;
    assert_eq!(school.numbers().await, [1], "it is young");
    school.pass(1).await;
    assert_eq!(school.numbers().await, [2, 1]);
    for _ in 0..COPIES {
        school.pass(COPY_EVERY_MS).await;
    }
    let newest = u32::try_from(COPIES).expect("few") + 2;
    let expected: Vec<u32> = (3..=newest).rev().collect();
    assert_eq!(school.numbers().await, expected);
    // A clock that was wrong does not keep the next copy from being made.
    school.pass(-10 * COPY_EVERY_MS).await;
    assert_eq!(school.numbers().await[0], newest + 1);
    let first = school.backup.copies().await.expect("listed").remove(0);
    assert_eq!(first.made_at, school.clock.now());
    let left: Vec<_> = std::fs::read_dir(school.folder.path().join("copies")).expect("a folder").collect();
    assert_eq!(left.len(), COPIES, "nothing half beside them");
}

#[tokio::test]
async fn a_copy_comes_back_as_the_database_was_then() {
    let school = School::new();
    school.pass(0).await;
    let late = NewPerson { kind: PersonKind::Student, name: "Dewi".into(), login: None, password: None };
    school.store.create_person(late).await.expect("a student");
    let path = school.backup.copy_path(1).await.expect("there");
    school.backup.copy_path(2).await.expect_err("never made");
    let (places, clock) = (Places::new(school.folder.path()), school.clock.clone());
    places.clear().expect("empty");
    let summary = stage::stage(&places, Source::Copy(path), clock, &Staging::default()).await.expect("sound");
    assert_eq!((summary.created_at(), summary.lost, summary.own), (START, 0, true));
    assert_eq!(summary.names, ["kelas.sqlite-wal", "kelas.sqlite-shm", "kelas.sqlite", "files"]);
    let staged = Store::open(places.staged().join("kelas.sqlite"), school.clock.clone()).expect("a store");
    assert!(!staged.knows_anybody().await.expect("asked"));
    assert!(school.store.knows_anybody().await.expect("asked"));
}

#[tokio::test]
async fn one_backup_is_made_at_a_time_and_no_file_goes_meanwhile() {
    let school = School::new();
    let body = school.backup.make().await.expect("made");
    assert_eq!(school.backup.make().await.expect_err("another").code, Code::BackupBusy);
    assert!(school.files.is_held());
    let bytes = body.collect().await.expect("whole").to_bytes();
    assert!(bytes.starts_with(b"PK\x03\x04"));
    // The thread lets go just after the last byte.
    while school.files.is_held() {
        tokio::task::yield_now().await;
    }
    assert!(!school.folder.path().join("copies/backup.sqlite").exists());
    drop(school.backup.make().await.expect("the next"));
}

#[tokio::test]
async fn a_browser_that_goes_away_leaves_nothing_behind() {
    let school = School::new();
    drop(school.backup.make().await.expect("made"));
    while school.files.is_held() || school.folder.path().join("copies/backup.sqlite").exists() {
        tokio::task::yield_now().await;
    }
    drop(school.backup.make().await.expect("the next"));
}
