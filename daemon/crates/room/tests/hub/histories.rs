//! The hub under all histories: whatever people, networks and the store do, nobody is told what
//! is not for them, nobody misses anything, and nothing is left behind.

use base::id::{MeetingId, MessageId, PersonId, SessionId};
use base::{Code, Error};
use proptest::prelude::*;
use room::message::shared::{ChatMessage, Lobby, Role};
use room::{Counts, Disconnect, Effect, Event};
use serde_json::{Value, json};

use crate::model::{Client, Place, Wire};
use crate::school::{School, failure, join, moderate, person};

#[derive(Clone, Copy, Debug)]
enum Token {
    None,
    Last,
    Stale,
    Future,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// Everything that a page usually does to be in the room, one step after the other.
    Arrive(usize),
    Connect(usize),
    Join(usize, Token),
    Read(usize),
    Break(usize),
    Leave(usize),
    Ping(usize),
    Garbage(usize),
    State(usize, bool),
    Signal(usize, usize),
    Say(usize, Option<usize>),
    SayAgain(usize),
    Moderate(usize, usize, usize),
    Pass(u64),
    Jump(u64),
    Answer,
    Fail {
        committed: bool,
    },
    SignOut(usize),
    RemoveMember(usize),
}

const PAGES: usize = 9;
const ACTIONS: [&str; 10] = [
    "admit",
    "deny",
    "admit_all",
    "mute",
    "mute_all",
    "lower_hand",
    "remove",
    "delete_message",
    "lobby",
    "end",
];

fn step() -> impl Strategy<Value = Step> {
    let page = 0..PAGES;
    let token = prop_oneof![
        2 => Just(Token::None), 6 => Just(Token::Last), 1 => Just(Token::Stale), 1 => Just(Token::Future)
    ];
    prop_oneof![
        12 => page.clone().prop_map(Step::Arrive),
        4 => page.clone().prop_map(Step::Connect),
        6 => (page.clone(), token).prop_map(|(page, token)| Step::Join(page, token)),
        6 => page.clone().prop_map(Step::Read),
        6 => page.clone().prop_map(Step::Break),
        1 => page.clone().prop_map(Step::Leave),
        3 => page.clone().prop_map(Step::Ping),
        1 => page.clone().prop_map(Step::Garbage),
        3 => (page.clone(), any::<bool>()).prop_map(|(page, hand)| Step::State(page, hand)),
        5 => (page.clone(), page.clone()).prop_map(|(from, to)| Step::Signal(from, to)),
        6 => (page.clone(), prop::option::weighted(0.4, page.clone())).prop_map(|(page, to)| Step::Say(page, to)),
        2 => page.clone().prop_map(Step::SayAgain),
        8 => (prop::sample::select(vec![0_usize, 5]), 0..ACTIONS.len(), page.clone())
            .prop_map(|(teacher, action, target)| Step::Moderate(teacher, action, target)),
        1 => (page.clone(), 0..ACTIONS.len(), page.clone())
            .prop_map(|(page, action, target)| Step::Moderate(page, action, target)),
        3 => (0_u64..20_000).prop_map(Step::Pass),
        1 => (0_u64..150_000).prop_map(Step::Pass),
        1 => (0_u64..150_000).prop_map(Step::Jump),
        16 => Just(Step::Answer),
        1 => any::<bool>().prop_map(|committed| Step::Fail { committed }),
        1 => page.clone().prop_map(Step::SignOut),
        1 => page.prop_map(Step::RemoveMember),
    ]
}

struct History {
    school: School,
    clients: Vec<Client>,
    told: Vec<(MeetingId, ChatMessage)>,
    keys: u32,
}

impl History {
    fn new(lobby: Lobby) -> Self {
        let mut school = School::with_lobby(lobby);
        school.answering = false;
        let clients = vec![
            Client::new(1, 1, Role::Teacher, 0),
            Client::new(1, 2, Role::Student, 0),
            Client::new(1, 2, Role::Student, 1),
            Client::new(1, 3, Role::Guest, 0),
            Client::new(1, 4, Role::Student, 0),
            Client::new(2, 5, Role::Teacher, 0),
            Client::new(2, 2, Role::Student, 2),
            Client::new(2, 6, Role::Guest, 0),
            Client::new(2, 6, Role::Guest, 1),
        ];
        assert_eq!(clients.len(), PAGES);
        Self { school, clients, told: Vec::new(), keys: 0 }
    }

    fn send(&mut self, page: usize, message: &Value) {
        if let Some((connection, _, _)) = self.clients[page].wires.last() {
            self.school.send(*connection, message);
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Arrive(page) => {
                for step in
                    [Step::Connect(page), Step::Join(page, Token::Last), Step::Answer, Step::Read(page)]
                {
                    self.take(step);
                }
            }
            Step::Connect(page) => self.connect(page),
            Step::Join(page, token) => self.join(page, token),
            Step::Read(page) => self.clients[page].read(),
            Step::Break(page) => self.break_off(page),
            Step::Leave(page) => self.send(page, &json!({"type": "leave"})),
            Step::Ping(page) => self.send(page, &json!({"type": "ping", "seq": self.clients[page].seen})),
            Step::Garbage(page) => self.send(page, &json!({"type": "dance"})),
            Step::State(page, hand) => {
                let media = json!({"audio": true, "video": hand, "screen": false, "hand": hand});
                self.send(page, &json!({"type": "state", "media": media}));
            }
            Step::Signal(from, to) => {
                let to = self.clients[to].id.clone().unwrap_or("nobody".into());
                self.send(from, &json!({"type": "signal", "to": to, "candidate": null}));
            }
            Step::Say(page, to) => {
                self.keys += 1;
                let to = to.map(|to| self.clients[to].person);
                self.clients[page].said =
                    Some((format!("k{}", self.keys), format!("pesan {}", self.keys), to));
                self.say_again(page);
            }
            Step::SayAgain(page) => self.say_again(page),
            Step::Moderate(page, action, target) => self.moderate(page, ACTIONS[action], target),
            Step::Pass(milliseconds) => self.school.pass(milliseconds),
            Step::Jump(milliseconds) => {
                self.school.now = self.school.now.plus(milliseconds);
                self.school.event(Event::Tick);
            }
            Step::Answer => self.answer(),
            Step::Fail { committed } => self.fail(committed),
            Step::SignOut(page) => {
                let person = self.clients[page].person;
                self.school.event(Event::SignedOut { session: SessionId(person * 10) });
                self.gone_if_broken(|client| client.person == person);
            }
            Step::RemoveMember(page) => {
                let (meeting, person) = (self.clients[page].meeting, self.clients[page].person);
                self.school.event(Event::MemberRemoved { meetings: vec![meeting], person: PersonId(person) });
                self.gone_if_broken(|client| client.person == person && client.meeting == meeting);
            }
        }
        self.settle();
    }

    fn connect(&mut self, page: usize) {
        let client = &mut self.clients[page];
        if client.wires.len() < 2 {
            let connection = self.school.connect_to(client.meeting, person(client.person, client.role));
            client.wires.push((connection, Wire::Fresh, Vec::new()));
        }
    }

    fn join(&mut self, page: usize, token: Token) {
        let client = &self.clients[page];
        let Some((connection, Wire::Fresh, _)) = client.wires.last() else { return };
        let connection = *connection;
        let mut message = join(client.page);
        let (now_valid, known) = client.tokens.clone();
        message["resume"] = match token {
            Token::None => Value::Null,
            _ if known.is_null() => Value::Null,
            Token::Last => json!({"token": known, "seq": client.seen}),
            Token::Stale => json!({"token": "an old one", "seq": client.seen}),
            Token::Future => json!({"token": known, "seq": client.seen + 1_000}),
        };
        let resumes = !message["resume"].is_null();
        let must_work = matches!(token, Token::Last) && client.place == Place::Room && known == now_valid;
        self.school.send(connection, &message);
        if resumes {
            let told = self.school.texts(connection);
            let first = told.first().expect("an answer to resuming");
            assert_eq!(first.contains("\"resumed\""), must_work, "{first}");
            self.told_through(page, connection, &told);
            self.clients[page].check_chat();
        }
    }

    fn break_off(&mut self, page: usize) {
        let Some((connection, _, _)) = self.clients[page].wires.first() else { return };
        let why = if page.is_multiple_of(2) { Disconnect::Lost } else { Disconnect::TooSlow };
        self.school.event(Event::Disconnected { connection: *connection, why });
        self.clients[page].wire_broke(0, self.school.now);
    }

    fn say_again(&mut self, page: usize) {
        let Some((key, text, to)) = self.clients[page].said.clone() else { return };
        self.send(page, &json!({"type": "chat", "key": key, "text": text, "to": to}));
    }

    fn moderate(&mut self, page: usize, action: &str, target: usize) {
        let lobby = ["off", "guests", "everyone"][target % 3];
        let id = self.clients[target].id.clone().unwrap_or("nobody".into());
        let fields = json!({"target": id, "message": target, "lobby": lobby});
        let meeting = self.clients[page].meeting;
        let acting = self.clients[page].wires.last().map(|(connection, _, _)| *connection);
        self.send(page, &moderate(action, &fields));
        if action == "end" && acting.is_some_and(|acting| self.school.closed.contains(&acting)) {
            self.gone_if_broken(|client| client.meeting == meeting);
        }
    }

    fn answer(&mut self) {
        let Some(question) = self.school.next_question() else { return };
        let meeting = match question {
            Effect::OpenRoom { meeting }
            | Effect::StoreChat { meeting, .. }
            | Effect::DeleteChat { meeting, .. } => meeting,
            ref other => panic!("not a question: {other:?}"),
        };
        let answer = self.school.store(question);
        if let Event::ChatStored { stored: Ok((message, _)), .. } = &answer {
            for client in self.clients.iter_mut().filter(|client| client.meeting == meeting) {
                client.expect_chat(message);
            }
            self.told.push((meeting, message.clone()));
        }
        self.school.event(answer);
    }

    fn fail(&mut self, committed: bool) {
        let Some(question) = self.school.next_question() else { return };
        let answer = failure(&question, Error::new(Code::StorageFailed).because("a bad disk"));
        if committed {
            self.school.store(question);
        }
        self.school.event(answer);
    }

    fn gone_if_broken(&mut self, chosen: impl Fn(&Client) -> bool) {
        self.clients.iter_mut().filter(|client| chosen(client)).for_each(Client::gone_if_broken);
    }

    /// Takes what the hub did to the model and compares the two.
    fn settle(&mut self) {
        self.clients.iter_mut().for_each(|client| client.expire(self.school.now));
        for effect in std::mem::take(&mut self.school.asked) {
            match effect {
                Effect::AdmitMember { meeting, person } => {
                    let theirs =
                        |client: &&mut Client| client.meeting == meeting && client.person == person.0;
                    self.clients.iter_mut().filter(theirs).for_each(|client| client.role = Role::Student);
                }
                Effect::RemoveMember { meeting, person, .. } => {
                    self.gone_if_broken(|client| client.meeting == meeting && client.person == person.0);
                }
                Effect::StoreLobby { .. } | Effect::Report { .. } => {}
                question => self.school.asked.push_back(question),
            }
        }
        for page in 0..PAGES {
            let open: Vec<_> =
                self.clients[page].wires.iter().map(|(connection, _, _)| *connection).collect();
            for connection in open {
                let told = self.school.texts(connection);
                self.told_through(page, connection, &told);
            }
        }
        self.compare();
    }

    fn told_through(&mut self, page: usize, connection: room::ConnectionId, texts: &[String]) {
        for text in texts {
            let message: Value = serde_json::from_str(text).expect("JSON");
            self.check_for(page, &message);
            self.note_lobby(&message);
            self.clients[page].sent(connection, message);
        }
    }

    /// Nobody is told anything of another room, nor what is for others alone.
    fn check_for(&self, page: usize, message: &Value) {
        let client = &self.clients[page];
        for field in ["from", "by", "target"] {
            if message["type"] != "chat" && message.get(field).is_some() {
                self.check_room(client, &message[field]);
            }
        }
        match message["type"].as_str() {
            Some("chat") => self.check_chat(client, message),
            Some("participant") => {
                self.check_room(client, &message["participant"]["id"]);
                if matches!(message["event"].as_str(), Some("waiting" | "left_lobby")) {
                    assert_eq!(client.role, Role::Teacher, "only teachers see the lobby");
                }
            }
            Some("joined") => self.check_page_of_chat(client, message),
            _ => {}
        }
    }

    fn check_chat(&self, client: &Client, message: &Value) {
        let id = MessageId(message["id"].as_i64().expect("a number"));
        let stored = &self.school.stored[&client.meeting].messages;
        let stored = stored.iter().find(|stored| stored.id == id).expect("stored in this room");
        assert!(client.may_read(stored), "somebody else's: {message}");
    }

    /// Who joins gets what it may read of everything told before, and only teachers the lobby.
    fn check_page_of_chat(&self, client: &Client, joined: &Value) {
        let page = joined["chat"].as_array().expect("a list");
        for message in page {
            self.check_chat(client, message);
        }
        let here = self.told.iter().filter(|(meeting, _)| *meeting == client.meeting);
        for (_, told) in here.filter(|(_, told)| client.may_read(told)) {
            assert!(page.iter().any(|message| message["id"] == told.id.0), "{told:?} is missing");
        }
        assert!(client.role == Role::Teacher || joined["waiting"] == json!([]));
    }

    fn check_room(&self, client: &Client, id: &Value) {
        let other = self.clients.iter().find(|other| other.id.as_ref() == Some(id));
        // A page that was never in a room is told of to its own room first.
        assert!(other.is_none_or(|other| other.meeting == client.meeting), "of another room: {id}");
    }

    /// Teachers see how pages that cannot be told themselves leave the lobby: away or inside.
    fn note_lobby(&mut self, message: &Value) {
        let id = &message["participant"]["id"];
        let Some(other) = self.clients.iter_mut().find(|other| other.id.as_ref() == Some(id)) else { return };
        if other.broken_until.is_none() {
            return;
        }
        match message["event"].as_str() {
            Some("left_lobby") if other.place == Place::Lobby => other.place = Place::Outside,
            Some("joined") if other.place == Place::Outside => other.place = Place::AdmittedAway,
            _ => {}
        }
    }

    fn compare(&self) {
        let places = |place: Place| self.clients.iter().filter(|client| client.place == place).count();
        let counts = self.school.hub.counts();
        let here = places(Place::Room) + places(Place::AdmittedAway) + places(Place::Lobby);
        assert_eq!(counts.participants + counts.waiting, here, "{:#?}", self.clients);
        assert_eq!(self.school.inside.len(), counts.participants, "what is noted is who is there");
        let wires: usize = self.clients.iter().map(|client| client.wires.len()).sum();
        assert_eq!(counts.connections, wires);
        assert!(self.school.hub.deadline().is_none_or(|deadline| deadline > self.school.now));
    }

    /// Everybody comes back, reads everything and is sure to have missed nothing; then all go.
    fn end(mut self) {
        while !self.school.asked.is_empty() {
            self.take(Step::Answer);
        }
        for page in 0..PAGES {
            let client = &self.clients[page];
            if client.place == Place::Room
                && client.broken_until.is_some()
                && client.tokens.0 == client.tokens.1
            {
                self.take(Step::Connect(page));
                self.take(Step::Join(page, Token::Last));
            }
            self.take(Step::Read(page));
            self.clients[page].check_chat();
        }
        for page in 0..PAGES {
            while !self.clients[page].wires.is_empty() {
                self.take(Step::Break(page));
            }
        }
        self.take(Step::Pass(base::limits::GRACE_MS));
        assert_eq!(self.school.hub.counts(), Counts::default());
        assert_eq!(self.school.hub.deadline(), None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_told_too_much_or_too_little_and_nothing_is_left_behind(
        lobby in prop::sample::select(vec![Lobby::Off, Lobby::Guests, Lobby::Everyone]),
        steps in prop::collection::vec(step(), 1..250),
    ) {
        let mut history = History::new(lobby);
        for step in steps {
            history.take(step);
        }
        history.end();
    }
}
