//! The power is cut while a backup comes back: there is the old or the new, whole. Every single step of
//! the way is cut in `daemon/src/backup/swap.rs`; here the real daemon is killed on it.

use std::path::Path;

use rusqlite::Connection;

use crate::school::{School, objects, restore, rows, start};

/// Somebody who came after the backup was made.
const LATE: &str = "INSERT INTO person (kind, name, created_at) VALUES ('student', 'Dewi', 1)";

fn knows_dewi(data: &Path) -> bool {
    let connection = Connection::open(data.join("kelas.sqlite")).expect("a database");
    connection.prepare("SELECT 1 FROM person WHERE name = 'Dewi'").expect("SQL").exists([]).expect("asked")
}

/// What a cut may meet.
type Moment = fn(&Path) -> bool;

#[tokio::test]
async fn wherever_the_daemon_is_killed_the_next_starts_run_by_the_backup() {
    let school = School::open().await;
    let bytes = school.backup().await;
    school.kelasd.stop().await;
    let (folder, data) = (school.folder.path(), school.folder.path().join("data"));
    let file = folder.join("kelas.zip");
    std::fs::write(&file, bytes).expect("written");
    let expected = objects(&data);
    let moments: [Moment; 5] = [
        |data| data.join("restore/before").exists(),
        |data| data.join("restore/before/kelas.sqlite").exists(),
        |data| data.join("restore/before/files").exists(),
        |data| !data.join("restore/staged/trust").exists(),
        |data| {
            std::fs::read_to_string(data.join("restore/phase.json")).is_ok_and(|it| it.contains("starting"))
        },
    ];
    let mut cut = 0;
    for moment in moments {
        Connection::open(data.join("kelas.sqlite")).expect("opened").execute(LATE, []).expect("written");
        let done = restore(folder, &file);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        assert!(knows_dewi(&data), "nothing changes before the next start");
        cut += u32::from(start(folder).cut_short(moment).await);
        let again = start(folder).start().await;
        assert!(!again.data().join("restore").exists());
        again.stop().await;
        assert!(!knows_dewi(&data), "the backup is older");
        assert_eq!(objects(&data), expected);
    }
    assert!(cut >= 3, "only {cut} of the moments came before it was ready");
}

#[tokio::test]
async fn killed_while_it_is_looked_through_the_old_data_stays() {
    let school = School::open().await;
    let bytes = school.backup().await;
    school.kelasd.stop().await;
    let (folder, data) = (school.folder.path(), school.folder.path().join("data"));
    let before = (rows(&data.join("kelas.sqlite")), objects(&data));
    let file = folder.join("kelas.zip");
    std::fs::write(&file, bytes).expect("written");
    let mut command = std::process::Command::new(blackbox::binary());
    command.args(["restore", "--boot-config", "/nonexistent", "--data"]).arg(&data).arg(&file);
    let mut child = command.stdout(std::process::Stdio::null()).spawn().expect("it runs");
    while !data.join("restore/staged").exists() {
        assert!(child.try_wait().expect("asked").is_none(), "it was too quick to be killed");
        std::thread::yield_now();
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
    assert!(!data.join("restore/phase.json").exists());
    assert_eq!((rows(&data.join("kelas.sqlite")), objects(&data)), before);
    let again = start(folder).start().await;
    assert!(!again.data().join("restore").exists(), "what it left is swept away");
    again.stop().await;
}

#[tokio::test]
async fn a_daemon_that_does_not_start_with_it_runs_by_the_old_data_again() {
    let school = School::open().await;
    let archive = crate::archive::Archive::read(&school.backup().await);
    school.kelasd.stop().await;
    let (folder, data) = (school.folder.path(), school.folder.path().join("data"));
    Connection::open(data.join("kelas.sqlite")).expect("opened").execute(LATE, []).expect("written");
    // A key that nobody can read, and a manifest that says it is right.
    let mut broken = archive;
    *broken.get_mut("trust/authority.pem") = b"no key".to_vec();
    let fact = serde_json::json!({"size_bytes": 6, "sha256": crate::archive::hash(b"no key")});
    let broken = broken.with_manifest(|manifest| manifest["keys"]["authority.pem"] = fact);
    let file = folder.join("broken.zip");
    broken.write(&file);
    let done = restore(folder, &file);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    for _ in 0..3 {
        let ended = start(folder).run_to_end().await;
        assert!(!ended.status.success(), "{}", ended.output);
    }
    let again = start(folder).start().await;
    assert!(!again.data().join("restore").exists());
    again.stop().await;
    assert!(knows_dewi(&data), "nothing is lost");
}
