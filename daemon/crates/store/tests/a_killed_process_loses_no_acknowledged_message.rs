//! The process is killed (SIGKILL) fifty times in the middle of chat; every message that was
//! acknowledged is there afterwards, once, with its text, in the same order.
//!
//! The test runs itself again as the child that chats and prints an `ack` line for each answer.
//! The child is killed after a random number of those lines while its writers keep going, so
//! the kill falls anywhere: while opening, in a group, in an fsync, in a checkpoint. The
//! page cache survives a kill; cut power is another test, in the emulator.

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use base::clock::SystemClock;
use base::id::{MeetingId, MessageId, PersonId};
use base::random::{Random, SeededRandom, SystemRandom};
use rusqlite::Connection;
use store::{NewMessage, NewPerson, PersonKind, Store};

/// Set in the child: the database, and the number of the round.
const DATABASE: &str = "STORE_TEST_DATABASE";
const ROUND: &str = "STORE_TEST_ROUND";

const ROUNDS: u32 = 50;
/// Pages that write at once.
const WRITERS: u32 = 8;
/// More than the parent waits for, and the end of a child whose parent is gone.
const MESSAGES_EACH: u32 = 2_000;

#[test]
fn a_killed_process_loses_no_acknowledged_message() {
    if let Some(path) = env::var_os(DATABASE) {
        let round = env::var(ROUND).expect("the parent sets both").parse().expect("a number");
        return chat(Path::new(&path), round);
    }
    let seed = u64::from_le_bytes(random_bytes(&mut SystemRandom));
    println!("seed {seed}");
    let mut random = SeededRandom(seed);
    let folder = tempfile::TempDir::new().expect("a folder");
    let path = folder.path().join("kelas.sqlite");
    prepare(&path);
    let mut acknowledged = BTreeMap::new();
    for round in 0..ROUNDS {
        // Fewer than the child would write; sometimes none, which falls into opening.
        let lines = u16::from_le_bytes(random_bytes(&mut random)) % 200;
        kill_after(&path, round, lines, &mut acknowledged);
        inspect(&path, &acknowledged);
    }
    assert!(acknowledged.len() > 1_000, "hardly anything was written: {}", acknowledged.len());
    println!("{} acknowledged messages survived {ROUNDS} kills", acknowledged.len());
}

fn random_bytes<const LENGTH: usize>(random: &mut dyn Random) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    random.fill(&mut bytes);
    bytes
}

/// The child: writes from several tasks and prints each answer, until it is killed.
fn chat(path: &Path, round: u32) {
    let store = Store::open(path, Arc::new(SystemClock::new())).expect("opens after every kill");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..WRITERS {
            let store = store.clone();
            writers.spawn(async move {
                for number in 0..MESSAGES_EACH {
                    let key = format!("{round}-{writer}-{number}");
                    let stored = store.append_message(message(&key)).await.expect("stored").message;
                    // One write per line: what arrives whole was acknowledged.
                    let line = format!("ack {} {key}\n", stored.id);
                    std::io::stdout().lock().write_all(line.as_bytes()).expect("the parent reads");
                }
            });
        }
        writers.join_all().await;
    });
}

fn message(key: &str) -> NewMessage {
    NewMessage {
        meeting: MeetingId(1),
        author: PersonId(1),
        author_name: "Budi".into(),
        key: key.into(),
        text: format!("Pesan {key} 👋"),
        to: None,
    }
}

fn prepare(path: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let store = Store::open(path, Arc::new(SystemClock::new())).expect("a new store");
        let teacher =
            NewPerson { kind: PersonKind::Teacher, name: "Bu Sari".into(), login: None, password: None };
        let teacher = store.create_person(teacher).await.expect("a person").id;
        let course = store.create_course("IPA", teacher, &mut SystemRandom).await.expect("a course");
        let meeting = store.create_meeting(course.id, "Gaya").await.expect("a meeting");
        assert_eq!((teacher, meeting.id), (PersonId(1), MeetingId(1)));
        store.close().await.expect("closed");
    });
}

/// Lets a child chat, kills it after `lines` acknowledgements, and notes all that it printed.
fn kill_after(path: &Path, round: u32, lines: u16, acknowledged: &mut BTreeMap<MessageId, String>) {
    let mut child = Command::new(env::current_exe().expect("this program"))
        .args(["--exact", "a_killed_process_loses_no_acknowledged_message", "--nocapture"])
        .env(DATABASE, path)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child");
    let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut seen = 0;
    loop {
        if seen == lines {
            child.kill().expect("SIGKILL");
        }
        let mut line = String::new();
        if output.read_line(&mut line).expect("readable") == 0 || !line.ends_with('\n') {
            break;
        }
        let mut words = line.split_whitespace();
        if words.next() == Some("ack") {
            let id = words.next().and_then(|id| id.parse().ok()).expect("an id");
            let key = words.next().expect("a key").to_owned();
            assert_eq!(acknowledged.insert(id, key), None, "an id was given twice");
            seen += 1;
        }
    }
    let status = child.wait().expect("it has ended");
    assert!(seen >= lines && status.code().is_none(), "it ended by itself in round {round}: {status}");
}

/// Reads the file as any program would, without the store.
fn inspect(path: &Path, acknowledged: &BTreeMap<MessageId, String>) {
    let connection = Connection::open(path).expect("opened");
    let verdict: String =
        connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
    assert_eq!(verdict, "ok");
    let mut rows = connection.prepare("SELECT id, key, text FROM message ORDER BY id").expect("a table");
    let stored: Vec<(i64, String, String)> = rows
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .expect("rows")
        .collect::<Result<_, _>>()
        .expect("a message");
    let known = stored
        .iter()
        .filter(|(id, ..)| acknowledged.contains_key(&MessageId(*id)))
        .map(|(id, key, _)| (MessageId(*id), key.as_str()));
    assert!(known.eq(acknowledged.iter().map(|(id, key)| (*id, key.as_str()))), "one is missing or moved");
    let mut keys: Vec<&str> = stored.iter().map(|(_, key, _)| key.as_str()).collect();
    assert!(stored.iter().all(|(_, key, text)| *text == format!("Pesan {key} 👋")));
    keys.sort_unstable();
    assert!(keys.is_sorted_by(|one, next| one < next), "one is there twice");
}
