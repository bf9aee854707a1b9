//! Model clients: what each page may be told, and what it must be told.

use std::collections::{BTreeMap, BTreeSet};

use base::clock::Monotonic;
use base::id::{MeetingId, PersonId};
use base::limits;
use room::ConnectionId;
use room::message::shared::{ChatMessage, Role};
use serde_json::Value;

/// Where a page is, as far as the hub should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Outside,
    Lobby,
    /// Let in from the lobby while its connection was broken: in the room, without a story.
    AdmittedAway,
    Room,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wire {
    Fresh,
    Waiting,
    Inside { told: u64 },
}

/// One page and all its connections; the last is the one it reads.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) meeting: MeetingId,
    pub(crate) person: i64,
    pub(crate) role: Role,
    pub(crate) page: u32,
    pub(crate) wires: Vec<(ConnectionId, Wire, Vec<Value>)>,
    pub(crate) place: Place,
    pub(crate) broken_until: Option<Monotonic>,
    pub(crate) id: Option<Value>,
    /// What the hub told it since its last `joined`, by number.
    pub(crate) story: BTreeMap<u64, Value>,
    /// The chat it got with its last `joined`.
    pub(crate) page_of_chat: BTreeSet<i64>,
    /// The chat it must be told since then, in order.
    pub(crate) expected: Vec<i64>,
    /// The token that the hub handed out last, and the one that the page read last.
    pub(crate) tokens: (Value, Value),
    /// The last number that the page read.
    pub(crate) seen: u64,
    /// The key and text of what it said last.
    pub(crate) said: Option<(String, String, Option<i64>)>,
}

impl Client {
    pub(crate) fn new(meeting: i64, person: i64, role: Role, page: u32) -> Self {
        Self {
            meeting: MeetingId(meeting),
            person,
            role,
            page,
            wires: Vec::new(),
            place: Place::Outside,
            broken_until: None,
            id: None,
            story: BTreeMap::new(),
            page_of_chat: BTreeSet::new(),
            expected: Vec::new(),
            tokens: (Value::Null, Value::Null),
            seen: 0,
            said: None,
        }
    }

    pub(crate) fn may_read(&self, message: &ChatMessage) -> bool {
        let own = PersonId(self.person);
        message.to.is_none_or(|to| to == own || message.from.person == own)
    }

    /// A stored message is told to the room now.
    pub(crate) fn expect_chat(&mut self, message: &ChatMessage) {
        let id = message.id.0;
        let news = !self.page_of_chat.contains(&id) && !self.expected.contains(&id);
        if self.place == Place::Room && news && self.may_read(message) {
            self.expected.push(id);
        }
    }

    /// A connection broke: what the page had not read is lost on the way.
    pub(crate) fn wire_broke(&mut self, wire: usize, now: Monotonic) {
        let (_, state, _) = self.wires.remove(wire);
        if state != Wire::Fresh {
            self.broken_until = Some(now.plus(limits::GRACE_MS));
        }
    }

    /// Grace ends.
    pub(crate) fn expire(&mut self, now: Monotonic) {
        if self.broken_until.is_some_and(|until| until <= now) {
            self.gone();
        }
    }

    /// A page that cannot be told is gone.
    pub(crate) fn gone_if_broken(&mut self) {
        if self.broken_until.is_some() {
            self.gone();
        }
    }

    fn gone(&mut self) {
        self.place = Place::Outside;
        self.broken_until = None;
    }

    /// The hub sent `message` through a connection of this page.
    pub(crate) fn sent(&mut self, connection: ConnectionId, message: Value) {
        let wire = self.wires.iter().position(|(id, _, _)| *id == connection);
        let wire = wire.unwrap_or_else(|| panic!("told after its end: {message}"));
        let state = self.wires[wire].1;
        let number = message.get("seq").and_then(Value::as_u64);
        match (message["type"].as_str().expect("a type"), state) {
            ("joined", Wire::Fresh | Wire::Waiting) => {
                self.start_story(&message);
                self.wires[wire].1 = Wire::Inside { told: 0 };
            }
            ("resumed", Wire::Fresh) => {
                assert_eq!(self.place, Place::Room, "resumed without a story");
                assert_eq!(number, Some(self.seen), "resumed elsewhere than asked");
                self.tokens.0 = message["token"].clone();
                self.broken_until = None;
                self.wires[wire].1 = Wire::Inside { told: self.seen };
            }
            ("waiting", Wire::Fresh) => {
                self.place = Place::Lobby;
                self.broken_until = None;
                self.wires[wire].1 = Wire::Waiting;
            }
            ("pong" | "error", _) => {}
            ("closing", state) => {
                let reason = message["reason"].as_str().expect("a reason");
                if matches!(reason, "left" | "removed" | "denied" | "ended" | "signed_out" | "refused")
                    && state != Wire::Fresh
                {
                    self.gone();
                }
                self.wires.remove(wire);
                return;
            }
            (_, Wire::Inside { told }) => {
                assert_eq!(number, Some(told + 1), "a gap or a repetition: {message}");
                let before = self.story.entry(told + 1).or_insert_with(|| message.clone());
                assert_eq!(*before, message, "told differently the second time");
                self.wires[wire].1 = Wire::Inside { told: told + 1 };
            }
            (_, state) => panic!("{state:?} was told {message}"),
        }
        self.wires[wire].2.push(message);
    }

    fn start_story(&mut self, joined: &Value) {
        assert!(self.id.as_ref().is_none_or(|id| *id == joined["self"]), "another id");
        assert_eq!(joined["seq"], 0);
        let ids = joined["participants"].as_array().expect("a list").iter().map(|other| &other["id"]);
        assert_eq!(ids.filter(|id| **id == joined["self"]).count(), 1, "oneself among all");
        self.id = Some(joined["self"].clone());
        self.tokens.0 = joined["token"].clone();
        self.place = Place::Room;
        self.broken_until = None;
        self.story.clear();
        self.expected.clear();
        let chat: Vec<i64> = joined["chat"].as_array().expect("a list").iter().map(id_of).collect();
        assert!(chat.is_sorted() && chat.len() <= limits::CHAT_PAGE);
        self.page_of_chat = chat.into_iter().collect();
    }

    /// The page reads what arrived through its newest connection.
    pub(crate) fn read(&mut self) {
        let Some((_, _, unread)) = self.wires.last_mut() else { return };
        for message in std::mem::take(unread) {
            let number = message.get("seq").and_then(Value::as_u64);
            match message["type"].as_str().expect("a type") {
                "joined" => (self.tokens.1, self.seen) = (message["token"].clone(), 0),
                "resumed" => self.tokens.1 = message["token"].clone(),
                "pong" | "error" | "waiting" => {}
                _ => {
                    assert_eq!(number, Some(self.seen + 1), "read out of order: {message}");
                    self.seen += 1;
                }
            }
        }
    }

    /// Every chat message exactly once and in order; acknowledgements of what was said again
    /// may repeat one.
    pub(crate) fn check_chat(&self) {
        let mut told: Vec<i64> = Vec::new();
        for message in self.story.values().filter(|message| message["type"] == "chat") {
            let id = id_of(message);
            if told.contains(&id) || self.page_of_chat.contains(&id) {
                assert!(message.get("key").is_some(), "told twice: {message}");
            } else {
                told.push(id);
            }
        }
        if self.place == Place::Room && self.broken_until.is_none() {
            assert_eq!(told, self.expected, "missed something");
        } else {
            assert!(self.expected.starts_with(&told), "told {told:?} of {:?}", self.expected);
        }
    }
}

fn id_of(message: &Value) -> i64 {
    message["id"].as_i64().expect("a number")
}
