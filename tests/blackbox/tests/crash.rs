//! Power cuts in the middle of chat: what anybody saw is never lost, never doubled, never moved.

use std::collections::BTreeMap;
use std::sync::Arc;

use blackbox::{Client, Configuration, Kelasd, Visit, student, teacher};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

const ROUNDS: u32 = 50;
const TALKERS: usize = 3;
/// What each says in a round, what was not acknowledged before included.
const TEXTS: usize = 6;

/// A message as a client saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    id: i64,
    text: String,
}

#[tokio::test]
async fn what_any_client_saw_survives_fifty_power_cuts() {
    let folder = tempfile::tempdir().expect("a folder");
    let configure = || Kelasd::configure().data(folder.path()).arguments(&["--demo"]);
    let mut kelasd = configure().start().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let mut people = vec![teacher(&kelasd).await];
    while people.len() < TALKERS {
        people.push(student(&kelasd, "Siti").await);
    }
    let mut seen = BTreeMap::new();
    let mut unsure = vec![Vec::new(); TALKERS];
    let mut left_unsure = 0;
    for round in 0..ROUNDS {
        let mut talks = Vec::new();
        for (number, person) in people.iter().enumerate() {
            let (visit, joined) = Visit::join(person, meeting, &format!("r{round}-p{number}")).await;
            let mut texts = std::mem::take(&mut unsure[number]);
            let fresh = TEXTS - texts.len();
            texts.extend((0..fresh).map(|count| format!("r{round}-p{number}-{count}")));
            talks.push((visit, joined, texts));
        }
        // From early to late in the talk, so that the cut meets every stage of storing and sending.
        // Each text is heard at least once, by its sender.
        let cut = round * 7 % u32::try_from(TALKERS * TEXTS).expect("a small number");
        let heard = Arc::new(Semaphore::new(0));
        let mut talking = JoinSet::new();
        for (number, (visit, joined, texts)) in talks.into_iter().enumerate() {
            let heard = Arc::clone(&heard);
            talking.spawn(async move { (number, talk(visit, &joined, texts, &heard).await) });
        }
        heard.acquire_many(cut).await.expect("never closed").forget();
        kelasd.kill().await;
        let mut news = 0;
        for (number, (heard, unanswered)) in talking.join_all().await {
            news += heard.len();
            left_unsure += unanswered.len();
            unsure[number] = unanswered;
            for message in heard {
                let before = seen.insert(message.id, message.text.clone());
                assert!(before.is_none_or(|text| text == message.text), "{message:?} was another before");
            }
        }
        kelasd = restart(configure(), &mut people).await;
        check(&seen, &people[0], meeting, news).await;
    }
    assert!(seen.len() > 100, "too little was said to prove anything: {}", seen.len());
    assert!(left_unsure > 0, "no cut came in the middle of a talk");
    kelasd.kill().await;
    check_file(&folder.path().join("kelas.sqlite"), &seen);
}

/// Says `texts` and listens until the connection is cut. Returns everything heard, in order, and
/// which of the texts were not acknowledged: the page sends them again under the same keys. Tells
/// `told` of every message.
async fn talk(
    mut visit: Visit,
    joined: &Value,
    texts: Vec<String>,
    told: &Semaphore,
) -> (Vec<Seen>, Vec<String>) {
    let mut heard: Vec<Seen> = joined["chat"].as_array().expect("a list").iter().map(seen).collect();
    for text in &texts {
        if visit.try_chat(text).await.is_err() {
            break;
        }
    }
    let mut unanswered = texts;
    while let Ok(message) = visit.try_hear().await {
        if message["type"] != "chat" {
            assert_ne!(message["type"], "error", "{message}");
            continue;
        }
        told.add_permits(1);
        match message["key"].as_str() {
            // An acknowledgement of what was stored before the cut keeps its old number.
            Some(key) if heard.iter().any(|before| before.text == key) => {}
            _ => heard.push(seen(&message)),
        }
        unanswered.retain(|text| message["key"] != text.as_str());
    }
    assert!(heard.is_sorted_by(|one, next| one.id < next.id), "out of order: {heard:?}");
    (heard, unanswered)
}

fn seen(message: &Value) -> Seen {
    let text = message["text"].as_str().expect("a text").to_owned();
    Seen { id: message["id"].as_i64().expect("a number"), text }
}

/// The daemon again, on other ports; people keep their sessions.
async fn restart(configuration: Configuration, people: &mut [Client]) -> Kelasd {
    let kelasd = configuration.start().await;
    for person in people {
        let session = person.cookie("__Host-kelas").expect("signed in");
        *person = kelasd.client();
        person.set_cookie("__Host-kelas", &session);
    }
    kelasd
}

/// The newest messages are there, through the daemon.
async fn check(seen: &BTreeMap<i64, String>, person: &Client, meeting: i64, news: usize) {
    let mut before = None;
    let mut stored = BTreeMap::new();
    while stored.len() <= news {
        let query = before.map_or_else(String::new, |before: i64| format!("?before={before}"));
        let page = person.get(&format!("/api/rooms/{meeting}/messages{query}")).await.json();
        let messages = page["messages"].as_array().expect("a list");
        for message in messages.iter().map(self::seen) {
            stored.insert(message.id, message.text);
        }
        if page["more"] != true {
            break;
        }
        before = messages.first().map(|message| message["id"].as_i64().expect("a number"));
    }
    let oldest = stored.keys().next().copied().unwrap_or(0);
    for (id, text) in seen.range(oldest..) {
        assert_eq!(stored.get(id), Some(text), "message {id} was seen and is gone or changed");
    }
}

/// All of it is there once, in the file itself, and the file is sound.
fn check_file(path: &std::path::Path, seen: &BTreeMap<i64, String>) {
    let file = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).expect("the database");
    let sound: String = file.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("an answer");
    assert_eq!(sound, "ok");
    let mut statement = file.prepare("SELECT id, text FROM message ORDER BY id").expect("the table");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
    let stored: BTreeMap<i64, String> = rows.collect::<Result<_, _>>().expect("rows");
    for (id, text) in seen {
        assert_eq!(stored.get(id), Some(text), "message {id} was seen and is gone or changed");
    }
    let mut texts: Vec<_> = stored.values().collect();
    texts.sort();
    let count = texts.len();
    texts.dedup();
    assert_eq!(texts.len(), count, "a message was stored twice");
}
