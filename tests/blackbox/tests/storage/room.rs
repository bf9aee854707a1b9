//! A teacher and a student in a room, over a disk that is about to fail.

use std::fs;
use std::path::Path;

use blackbox::{Client, Kelasd, Visit, student, teacher};
use rusqlite::Connection;
use serde_json::{Value, json};

/// Longer than a page of the database, so that no room that happens to be left is enough.
const CHARACTERS: usize = 4_000;

/// Who is signed in, by cookie: the daemon moves to another port when it starts again.
pub(crate) struct Sessions {
    pub(crate) guru: String,
    pub(crate) siti: String,
    /// The demo's.
    meeting: i64,
}

/// Makes the demo's course in `data`, signs both in, and makes their sessions so old that each
/// request wants to write down their use.
pub(crate) async fn prepare(data: &Path) -> Sessions {
    let kelasd = Kelasd::configure().data(data).arguments(&["--demo"]).start().await;
    let cookie = |client: Client| client.cookie("__Host-kelas").expect("signed in");
    let (guru, siti) = (cookie(teacher(&kelasd).await), cookie(student(&kelasd, "Siti").await));
    let sessions = Sessions { guru, siti, meeting: kelasd.announced.meeting.expect("--demo") };
    assert!(kelasd.stop().await.status.success());
    let database = Connection::open(data.join("kelas.sqlite")).expect("a database");
    let aged = database.execute("UPDATE session SET used_at = used_at - 7200000", []).expect("aged");
    assert_eq!(aged, 2);
    sessions
}

/// Copies the files of a folder, folders in it included.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("made");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (path, copied) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            fs::copy(&path, &copied).expect("copied");
        }
    }
}

/// A client with this session.
pub(crate) fn signed_in(kelasd: &Kelasd, session: &str) -> Client {
    let client = kelasd.client();
    client.set_cookie("__Host-kelas", session);
    client
}

/// Both in the room.
pub(crate) struct Lesson {
    pub(crate) guru_client: Client,
    guru: Visit,
    siti: Visit,
    siti_self: Value,
    meeting: i64,
    said: Vec<Value>,
    hand: bool,
}

impl Lesson {
    pub(crate) async fn begin(kelasd: &Kelasd, sessions: &Sessions) -> Self {
        let meeting = sessions.meeting;
        let guru_client = signed_in(kelasd, &sessions.guru);
        let (mut guru, _) = Visit::join(&guru_client, meeting, "guru-page").await;
        let (siti, joined) = Visit::join(&signed_in(kelasd, &sessions.siti), meeting, "siti-page").await;
        guru.catch_up().await;
        Self {
            guru_client,
            guru,
            siti,
            siti_self: joined["self"].clone(),
            meeting,
            said: Vec::new(),
            hand: false,
        }
    }

    /// The teacher speaks, and both hear it.
    pub(crate) async fn chat_works(&mut self, key: &str) {
        let text = format!("{key} {}", "a".repeat(CHARACTERS - key.len() - 1));
        self.guru.chat(key, &text).await;
        let own = self.guru.hear().await;
        assert_eq!((&own["type"], &own["key"]), (&json!("chat"), &json!(key)), "{own}");
        assert_eq!(self.siti.hear_type("chat").await["text"], text);
        self.said.push(json!({"id": own["id"], "text": text}));
    }

    /// The teacher speaks and is told by name why nobody heard it.
    pub(crate) async fn chat_is_refused(&mut self, key: &str, code: &str) {
        self.guru.chat(key, &format!("{key} {}", "a".repeat(CHARACTERS - key.len() - 1))).await;
        let refused = self.guru.hear().await;
        let told = (&refused["type"], &refused["code"], &refused["key"]);
        assert_eq!(told, (&json!("error"), &json!(code), &json!(key)), "{refused}");
        assert!(refused["ref"].is_string(), "the journal knows more: {refused}");
        assert_eq!(self.siti.catch_up().await, Vec::<Value>::new());
    }

    /// What needs no disk goes on: signals, states, pages, history.
    pub(crate) async fn goes_on(&mut self) {
        self.guru.say(json!({"type": "signal", "to": self.siti_self, "candidate": null})).await;
        assert_eq!(self.siti.hear().await["type"], "signal");
        // What changes nothing is told to nobody.
        self.hand = !self.hand;
        let media = json!({"audio": false, "video": true, "screen": false, "hand": self.hand});
        self.siti.say(json!({"type": "state", "media": media})).await;
        assert_eq!(self.guru.hear().await["participant"]["media"], media);
        for path in ["/", "/account", &format!("/rooms/{}", self.meeting)] {
            let page = self.guru_client.get(path).await;
            assert_eq!(page.status, 200, "{path}: {}", page.text());
        }
        assert_eq!(self.guru_client.stranger().get("/sign-in").await.status, 200);
        self.history_is_whole().await;
    }

    /// All that was acknowledged can be read, and nothing else.
    pub(crate) async fn history_is_whole(&self) {
        let answer = self.guru_client.get(&format!("/api/rooms/{}/messages", self.meeting)).await.json();
        let stored = answer["messages"].as_array().expect("a list").iter();
        let stored: Vec<_> =
            stored.map(|message| json!({"id": message["id"], "text": message["text"]})).collect();
        assert_eq!(stored, self.said);
    }
}

/// Whether `SQLite` finds anything wrong in a copy of the database.
pub(crate) fn is_sound(data: &Path) {
    let folder = tempfile::tempdir().expect("a folder");
    copy(data, folder.path());
    let database = Connection::open(folder.path().join("kelas.sqlite")).expect("a database");
    let sound: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("checked");
    assert_eq!(sound, "ok");
}
