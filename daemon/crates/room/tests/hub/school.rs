//! A school around one hub: connections that remember what they were told, and a store in memory.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use base::clock::{Monotonic, Timestamp};
use base::id::{CourseId, MeetingId, MessageId, ParticipantId, PersonId, SessionId};
use base::random::SeededRandom;
use base::{Code, Error};
use room::message::shared::{Author, ChatMessage, Course, IceServer, Lobby, Meeting, Role};
use room::{ConnectionId, Departure, Disconnect, Effect, Event, Frame, Hub, Identity};
use serde_json::{Value, json};

pub(crate) const ROOM: MeetingId = MeetingId(1);
pub(crate) const GURU: i64 = 1;

/// What the store knows of one meeting.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    pub(crate) messages: Vec<ChatMessage>,
    keys: BTreeMap<(PersonId, String), MessageId>,
}

#[derive(Debug)]
pub(crate) struct School {
    pub(crate) hub: Hub,
    pub(crate) now: Monotonic,
    random: SeededRandom,
    last_connection: u64,
    last_message: i64,
    pub(crate) lobby: Lobby,
    /// What each connection was told and has not read yet.
    inboxes: BTreeMap<ConnectionId, Vec<Frame>>,
    pub(crate) closed: BTreeSet<ConnectionId>,
    /// Effects for the store and the journal, as far as nobody took them.
    pub(crate) asked: VecDeque<Effect>,
    /// What was noted of who is in the rooms, by meeting and page.
    pub(crate) inside: BTreeMap<(MeetingId, ParticipantId), Monotonic>,
    /// How pages went, in order.
    pub(crate) departed: Vec<(ParticipantId, Monotonic, Departure)>,
    /// Whether the store answers at once.
    pub(crate) answering: bool,
    pub(crate) stored: BTreeMap<MeetingId, Stored>,
}

pub(crate) fn person(number: i64, role: Role) -> Identity {
    Identity {
        person: PersonId(number),
        name: format!("Orang {number}").into(),
        role,
        session: SessionId(number * 10),
    }
}

pub(crate) fn page_key(page: u32) -> String {
    format!("page{page:018}")
}

pub(crate) fn kinds(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["type"].as_str().expect("a type")).collect()
}

impl School {
    pub(crate) fn new() -> Self {
        Self {
            hub: Hub::new(),
            now: Monotonic(1_000),
            random: SeededRandom(7),
            last_connection: 0,
            last_message: 0,
            lobby: Lobby::Off,
            inboxes: BTreeMap::new(),
            closed: BTreeSet::new(),
            asked: VecDeque::new(),
            inside: BTreeMap::new(),
            departed: Vec::new(),
            answering: true,
            stored: BTreeMap::new(),
        }
    }

    pub(crate) fn with_lobby(lobby: Lobby) -> Self {
        Self { lobby, ..Self::new() }
    }

    /// Lets the hub take one event and carries out what it wants.
    pub(crate) fn event(&mut self, event: Event) {
        let mut effects = Vec::new();
        self.hub.handle(self.now, &mut self.random, event, &mut effects);
        for effect in effects {
            match effect {
                Effect::Send { connection, frame } => {
                    assert!(!self.closed.contains(&connection), "told after it was closed: {frame:?}");
                    self.inboxes.get_mut(&connection).expect("a known connection").push(frame);
                }
                Effect::Close { connection } => {
                    assert!(self.closed.insert(connection), "closed twice");
                }
                Effect::Entered { meeting, participant, at, .. } => {
                    let before = self.inside.insert((meeting, participant), at);
                    assert_eq!(before, None, "entered twice");
                }
                Effect::Departed { meeting, participant, at, how } => {
                    let entered = self.inside.remove(&(meeting, participant.clone()));
                    assert!(entered.is_some(), "gone without having come");
                    assert!(at <= self.now, "gone in the future");
                    self.departed.push((participant, at, how));
                }
                asked => self.asked.push_back(asked),
            }
        }
        while self.answering && self.answer() {}
    }

    /// Lets time pass, waking the hub whenever it wants.
    pub(crate) fn pass(&mut self, milliseconds: u64) {
        let end = self.now.plus(milliseconds);
        while let Some(deadline) = self.hub.deadline().filter(|deadline| *deadline <= end) {
            self.now = self.now.max(deadline);
            self.event(Event::Tick);
        }
        self.now = end;
        self.event(Event::Tick);
    }

    pub(crate) fn connect_to(&mut self, meeting: MeetingId, identity: Identity) -> ConnectionId {
        self.last_connection += 1;
        let connection = ConnectionId(self.last_connection);
        self.inboxes.insert(connection, Vec::new());
        let ice_servers = vec![IceServer { urls: vec!["stun:10.0.0.1:3478".to_owned()] }];
        self.event(Event::Connected { connection, meeting, identity, ice_servers });
        connection
    }

    pub(crate) fn connect(&mut self, number: i64, role: Role) -> ConnectionId {
        self.connect_to(ROOM, person(number, role))
    }

    pub(crate) fn send(&mut self, connection: ConnectionId, message: &Value) {
        self.send_text(connection, &message.to_string());
    }

    pub(crate) fn send_text(&mut self, connection: ConnectionId, text: &str) {
        self.event(Event::Received { connection, text: text.to_owned() });
    }

    pub(crate) fn disconnect(&mut self, connection: ConnectionId) {
        self.event(Event::Disconnected { connection, why: Disconnect::Lost });
    }

    /// The texts that the connection was sent since the last time.
    pub(crate) fn texts(&mut self, connection: ConnectionId) -> Vec<String> {
        let frames = self.inboxes.get_mut(&connection).map(std::mem::take).unwrap_or_default();
        frames.iter().map(Frame::text).collect()
    }

    /// The messages that the connection was sent since the last time.
    pub(crate) fn heard(&mut self, connection: ConnectionId) -> Vec<Value> {
        let texts = self.texts(connection);
        texts.iter().map(|text| serde_json::from_str(text).expect("JSON")).collect()
    }

    /// The only message that the connection was told since the last time.
    pub(crate) fn heard_one(&mut self, connection: ConnectionId) -> Value {
        let heard = self.heard(connection);
        assert_eq!(heard.len(), 1, "{heard:#?}");
        heard.into_iter().next().expect("one message")
    }

    /// Nobody has anything unread any more.
    pub(crate) fn all_read(&mut self) {
        self.inboxes.values_mut().for_each(Vec::clear);
    }

    /// Sends the `join` of a page.
    pub(crate) fn join(&mut self, connection: ConnectionId, page: u32) {
        self.send(connection, &join(page));
    }

    /// A person comes into the room; what everybody was told of it counts as read.
    pub(crate) fn enter(&mut self, number: i64, role: Role) -> (ConnectionId, String) {
        let connection = self.connect(number, role);
        self.join(connection, 0);
        let joined = self.heard_one(connection);
        assert_eq!(joined["type"], "joined", "{joined}");
        self.all_read();
        (connection, joined["self"].as_str().expect("an id").to_owned())
    }

    /// The store answers the oldest question; false if there is none. Effects that want no
    /// answer are left for the test.
    pub(crate) fn answer(&mut self) -> bool {
        let Some(question) = self.next_question() else { return false };
        let answer = self.store(question);
        self.event(answer);
        true
    }

    /// Takes out the oldest question to the store.
    pub(crate) fn next_question(&mut self) -> Option<Effect> {
        let is_question = |effect: &Effect| {
            matches!(effect, Effect::OpenRoom { .. } | Effect::StoreChat { .. } | Effect::DeleteChat { .. })
        };
        let place = self.asked.iter().position(is_question)?;
        self.asked.remove(place)
    }

    /// The store fails to answer the oldest question.
    pub(crate) fn fail(&mut self, error: Error) {
        let question = self.next_question().expect("a question");
        self.event(failure(&question, error));
    }

    /// What the store says to a question.
    pub(crate) fn store(&mut self, question: Effect) -> Event {
        match question {
            Effect::OpenRoom { meeting } => {
                let course = Course { id: CourseId(1), title: "Fisika".into() };
                let about = Meeting { id: meeting, title: "Gerak".into(), course, lobby: self.lobby };
                let messages = &self.stored.entry(meeting).or_default().messages;
                let newest = messages.iter().rev().take(base::limits::CHAT_PAGE).rev().cloned().collect();
                Event::RoomOpened { meeting, opened: Ok((about, newest)) }
            }
            Effect::StoreChat { ticket, meeting, author, name, key, text, to } => {
                let stored = self.stored.entry(meeting).or_default();
                if let Some(known) = stored.keys.get(&(author, key.clone())) {
                    let message = stored.messages.iter().find(|message| message.id == *known);
                    let message = message.expect("a stored message").clone();
                    return Event::ChatStored { ticket, stored: Ok((message, true)) };
                }
                self.last_message += 1;
                let id = MessageId(self.last_message);
                stored.keys.insert((author, key), id);
                let from = Author { person: author, name };
                let message =
                    ChatMessage { id, from, text: Some(text.into()), at: Timestamp(id.0 * 1_000), to };
                stored.messages.push(message.clone());
                Event::ChatStored { ticket, stored: Ok((message, false)) }
            }
            Effect::DeleteChat { ticket, meeting, message, .. } => {
                let stored = self.stored.entry(meeting).or_default();
                let known = stored.messages.iter_mut().find(|known| known.id == message);
                let deleted = known.map(|known| {
                    known.text = None;
                    known.id
                });
                Event::ChatDeleted { ticket, deleted: deleted.ok_or(Error::new(Code::ChatMessageUnknown)) }
            }
            other => panic!("not a question: {other:?}"),
        }
    }
}

/// The answer to a question that the store could not answer.
pub(crate) fn failure(question: &Effect, error: Error) -> Event {
    match *question {
        Effect::OpenRoom { meeting } => Event::RoomOpened { meeting, opened: Err(error) },
        Effect::StoreChat { ticket, .. } => Event::ChatStored { ticket, stored: Err(error) },
        Effect::DeleteChat { ticket, .. } => Event::ChatDeleted { ticket, deleted: Err(error) },
        ref other => panic!("not a question: {other:?}"),
    }
}

pub(crate) fn join(page: u32) -> Value {
    let media = json!({"audio": true, "video": true, "screen": false, "hand": false});
    json!({"type": "join", "key": page_key(page), "media": media})
}

pub(crate) fn resume(page: u32, joined: &Value, seq: u64) -> Value {
    let mut message = join(page);
    message["resume"] = json!({"token": joined["token"], "seq": seq});
    message
}

pub(crate) fn chat(key: &str, text: &str) -> Value {
    json!({"type": "chat", "key": key, "text": text})
}

pub(crate) fn moderate(action: &str, fields: &Value) -> Value {
    let mut message = fields.clone();
    message["type"] = "moderate".into();
    message["action"] = action.into();
    message
}
