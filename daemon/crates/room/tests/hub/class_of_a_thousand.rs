//! A class of 1,000 in one room: they come in, one says something, one raises a hand, they go.
//! What is asserted is the work, which is the same on every machine; the time is printed.

use std::sync::Arc;
use std::time::Instant;

use base::clock::{Monotonic, Timestamp};
use base::id::{CourseId, MeetingId, MessageId, PersonId, SessionId};
use base::limits;
use base::random::SeededRandom;
use room::message::shared::{Author, ChatMessage, Course, Lobby, Meeting, Role};
use room::{ConnectionId, Counts, Effect, Event, Hub, Identity};

use crate::school::{chat, join};

const PEOPLE: usize = limits::ROOM_PARTICIPANTS;
const ROOM: MeetingId = MeetingId(1);

/// What the hub wanted during one part.
#[derive(Debug, Default, PartialEq, Eq)]
struct Work {
    sends: usize,
    /// JSON objects that were made: sends that share one count once.
    bodies: usize,
    /// Bytes of those.
    bytes: usize,
}

struct Class {
    hub: Hub,
    random: SeededRandom,
    effects: Vec<Effect>,
    asked: Vec<Effect>,
    connections: u64,
}

impl Class {
    fn event(&mut self, event: Event, work: &mut Work) {
        self.hub.handle(Monotonic(0), &mut self.random, event, &mut self.effects);
        let mut last: Option<Arc<str>> = None;
        for effect in self.effects.drain(..) {
            match effect {
                Effect::Send { frame, .. } => {
                    work.sends += 1;
                    if !last.as_ref().is_some_and(|last| Arc::ptr_eq(last, &frame.body)) {
                        work.bodies += 1;
                        work.bytes += frame.body.len();
                    }
                    last = Some(frame.body);
                }
                Effect::Close { .. } | Effect::Entered { .. } | Effect::Departed { .. } => {}
                asked => self.asked.push(asked),
            }
        }
    }

    fn join(&mut self, work: &mut Work) -> ConnectionId {
        self.connections += 1;
        let connection = ConnectionId(self.connections);
        let number = i64::try_from(self.connections).expect("small");
        let identity = Identity {
            person: PersonId(number),
            name: format!("Siswa nomor {number}").into(),
            role: Role::Student,
            session: SessionId(number),
        };
        self.event(Event::Connected { connection, meeting: ROOM, identity, ice_servers: vec![] }, work);
        self.event(Event::Received { connection, text: join(0).to_string() }, work);
        if let Some(Effect::OpenRoom { meeting }) = self.asked.pop() {
            let course = Course { id: CourseId(1), title: "Fisika".into() };
            let about = Meeting { id: meeting, title: "Gerak".into(), course, lobby: Lobby::Off };
            self.event(Event::RoomOpened { meeting, opened: Ok((about, vec![])) }, work);
        }
        connection
    }
}

#[test]
fn a_class_of_a_thousand_costs_no_more_than_it_must() {
    let mut class = Class {
        hub: Hub::new(),
        random: SeededRandom(1),
        effects: Vec::new(),
        asked: Vec::new(),
        connections: 0,
    };
    let start = Instant::now();
    let mut coming = Work::default();
    let connections: Vec<ConnectionId> = (0..PEOPLE).map(|_| class.join(&mut coming)).collect();
    let came = start.elapsed();

    let mut talking = Work::default();
    let text = chat("k", "Selamat pagi").to_string();
    class.event(Event::Received { connection: connections[0], text }, &mut talking);
    let Some(Effect::StoreChat { ticket, author, name, text, .. }) = class.asked.pop() else {
        panic!("a question to the store")
    };
    let from = Author { person: author, name };
    let message = ChatMessage { id: MessageId(1), from, text: Some(text.into()), at: Timestamp(0), to: None };
    class.event(Event::ChatStored { ticket, stored: Ok((message, false)) }, &mut talking);
    let state = r#"{"type":"state","media":{"audio":true,"video":true,"screen":false,"hand":true}}"#;
    class.event(Event::Received { connection: connections[1], text: state.to_owned() }, &mut talking);
    let held = class.hub.counts();

    let mut going = Work::default();
    for connection in &connections {
        class.event(
            Event::Received { connection: *connection, text: r#"{"type":"leave"}"#.to_owned() },
            &mut going,
        );
    }
    println!("{PEOPLE} came in {came:?}; all: {:?}; {coming:?} {talking:?} {going:?}", start.elapsed());

    // Each is welcomed once, and the others hear of it through one shared object.
    assert_eq!((coming.sends, coming.bodies), (PEOPLE + PEOPLE * (PEOPLE - 1) / 2, 2 * PEOPLE - 1));
    let one = coming.bytes / (PEOPLE * PEOPLE / 2);
    assert!(one < 180, "a participant is {one} bytes");
    // The sender's copy and everybody else's; the state to all others.
    assert_eq!((talking.sends, talking.bodies), (PEOPLE + PEOPLE - 1, 3));
    assert_eq!((going.sends, going.bodies), (PEOPLE + PEOPLE * (PEOPLE - 1) / 2, 2 * PEOPLE - 1));
    assert!(held.replay_frames <= PEOPLE * limits::REPLAY_FRAMES);
    assert_eq!(class.hub.counts(), Counts { people: 1, timers: 1, ..Counts::default() });
}
