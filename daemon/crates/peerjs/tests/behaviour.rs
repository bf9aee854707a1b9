//! What the broker does, one behaviour a test: PeerServer's rules and the cures of its defects.

use base::clock::Monotonic;
use base::limits::{PEERJS_WAITING_MESSAGES, SIGNAL_BURST};
use peerjs::{Broker, ConnectionId, Effect, Event, Settings};

struct Room {
    broker: Broker,
    now: Monotonic,
}

impl Room {
    fn new() -> Self {
        Self::with(Settings::default())
    }

    fn with(settings: Settings) -> Self {
        Self { broker: Broker::new(settings), now: Monotonic(0) }
    }

    fn handle(&mut self, event: Event) -> Vec<Effect> {
        self.broker.handle(self.now, event)
    }

    fn connect(&mut self, connection: u64, id: &str, token: &str) -> Vec<Effect> {
        self.handle(Event::Connected {
            connection: ConnectionId(connection),
            key: "peerjs".into(),
            id: id.into(),
            token: token.into(),
        })
    }

    fn say(&mut self, connection: u64, text: &str) -> Vec<Effect> {
        self.handle(Event::Received { connection: ConnectionId(connection), text: text.into() })
    }

    fn disconnect(&mut self, connection: u64) -> Vec<Effect> {
        self.handle(Event::Disconnected { connection: ConnectionId(connection) })
    }

    /// Lets time pass as the transport does: a tick at each deadline on the way.
    fn pass(&mut self, milliseconds: u64) -> Vec<Effect> {
        let end = self.now.plus(milliseconds);
        let mut effects = Vec::new();
        while let Some(deadline) = self.broker.deadline().filter(|deadline| *deadline <= end) {
            self.now = deadline;
            effects.extend(self.broker.handle(deadline, Event::Tick));
        }
        self.now = end;
        effects
    }

    fn ids(&self) -> Vec<String> {
        self.broker.ids().iter().map(ToString::to_string).collect()
    }
}

fn send(connection: u64, text: &str) -> Effect {
    Effect::Send { connection: ConnectionId(connection), text: text.into(), sender: None }
}

fn pass_on(connection: u64, text: &str, sender: u64) -> Effect {
    Effect::Send {
        connection: ConnectionId(connection),
        text: text.into(),
        sender: Some(ConnectionId(sender)),
    }
}

fn close(connection: u64) -> Effect {
    Effect::Close { connection: ConnectionId(connection) }
}

const OPEN: &str = r#"{"type":"OPEN"}"#;

#[test]
fn an_offer_reaches_its_peer_under_the_senders_id() {
    let mut room = Room::new();
    assert_eq!(room.connect(1, "a", "t"), [send(1, OPEN)]);
    assert_eq!(room.connect(2, "b", "t"), [send(2, OPEN)]);
    assert_eq!(
        room.say(1, r#"{"type":"OFFER","src":"b","dst":"b","payload":{"sdp":"x"},"more":1}"#),
        [pass_on(2, r#"{"type":"OFFER","src":"a","dst":"b","payload":{"sdp":"x"}}"#, 1)]
    );
}

#[test]
fn messages_wait_for_a_peer_and_follow_its_open_in_order() {
    let mut room = Room::new();
    room.connect(1, "a", "t");
    for number in 0..3 {
        assert_eq!(room.say(1, &format!(r#"{{"type":"CANDIDATE","dst":"b","payload":{number}}}"#)), []);
    }
    let candidate = |number| format!(r#"{{"type":"CANDIDATE","src":"a","dst":"b","payload":{number}}}"#);
    assert_eq!(
        room.connect(2, "b", "t"),
        [
            send(2, OPEN),
            pass_on(2, &candidate(0), 1),
            pass_on(2, &candidate(1), 1),
            pass_on(2, &candidate(2), 1)
        ]
    );
    room.disconnect(2);
    assert_eq!(room.connect(3, "b", "t"), [send(3, OPEN)]);
}

#[test]
fn leave_and_expire_reach_a_peer_but_never_wait_for_one() {
    let mut room = Room::new();
    room.connect(1, "a", "t");
    for kind in ["LEAVE", "EXPIRE"] {
        assert_eq!(room.say(1, &format!(r#"{{"type":"{kind}","dst":"b"}}"#)), []);
    }
    assert_eq!(room.connect(2, "b", "t"), [send(2, OPEN)]);
    assert_eq!(
        room.say(1, r#"{"type":"LEAVE","dst":"b"}"#),
        [pass_on(2, r#"{"type":"LEAVE","src":"a","dst":"b"}"#, 1)]
    );
}

#[test]
fn a_message_that_nobody_fetches_is_answered_with_one_expire_per_pair() {
    let mut room = Room::new();
    room.connect(1, "a", "t");
    room.connect(2, "c", "t");
    room.say(1, r#"{"type":"OFFER","dst":"b"}"#);
    room.say(1, r#"{"type":"CANDIDATE","dst":"b"}"#);
    room.say(2, r#"{"type":"OFFER","dst":"b"}"#);
    assert_eq!(room.pass(4_999), []);
    assert_eq!(
        room.pass(1_001),
        [
            send(1, r#"{"type":"EXPIRE","src":"b","dst":"a"}"#),
            send(2, r#"{"type":"EXPIRE","src":"b","dst":"c"}"#)
        ]
    );
    assert_eq!(room.connect(3, "b", "t"), [send(3, OPEN)]);
}

#[test]
fn an_id_belongs_to_its_token() {
    let mut room = Room::new();
    room.connect(1, "a", "mine");
    let taken = r#"{"type":"ID-TAKEN","payload":{"msg":"ID is taken"}}"#;
    for thief in 2..12 {
        assert_eq!(room.connect(thief, "a", "other"), [send(thief, taken), close(thief)]);
        assert_eq!(room.say(thief, r#"{"type":"LEAVE","dst":"a"}"#), []);
        room.disconnect(thief);
    }
    assert_eq!(room.ids(), ["a"]);
}

#[test]
fn whoever_returns_with_id_and_token_gets_open_and_the_old_socket_goes() {
    let mut room = Room::new();
    room.connect(1, "a", "t");
    room.connect(2, "b", "t");
    assert_eq!(room.connect(3, "a", "t"), [send(3, OPEN), close(1)]);
    assert_eq!(room.say(1, r#"{"type":"OFFER","dst":"b"}"#), []);
    room.disconnect(1);
    assert_eq!(room.ids(), ["a", "b"]);
    assert_eq!(room.say(2, r#"{"type":"OFFER","dst":"a"}"#).len(), 1);
}

#[test]
fn who_gave_an_id_up_neither_speaks_under_it_nor_takes_it_from_the_next_owner() {
    let mut room = Room::new();
    room.connect(1, "a", "first");
    room.connect(2, "b", "t");
    assert_eq!(room.say(1, r#"{"type":"LEAVE"}"#), []);
    assert_eq!(room.ids(), ["b"]);
    assert_eq!(room.connect(3, "a", "second"), [send(3, OPEN)]);
    assert_eq!(room.say(1, r#"{"type":"OFFER","dst":"b"}"#), []);
    assert_eq!(room.say(1, r#"{"type":"LEAVE"}"#), []);
    room.disconnect(1);
    assert_eq!(room.ids(), ["a", "b"]);
}

#[test]
fn only_heartbeats_keep_a_client() {
    let mut room = Room::new();
    for (connection, id) in [(1, "beats"), (2, "talks"), (3, "left")] {
        room.connect(connection, id, "t");
    }
    room.say(3, r#"{"type":"LEAVE"}"#);
    for _ in 0..17 {
        assert_eq!(room.pass(5_000), []);
        room.say(1, r#"{"type":"HEARTBEAT"}"#);
        room.say(2, r#"{"type":"OFFER","dst":"beats"}"#);
        room.say(3, r#"{"type":"HEARTBEAT"}"#);
    }
    assert_eq!(room.pass(5_000), [close(2), close(3)]);
    assert_eq!(room.ids(), ["beats"]);
    assert_eq!(room.pass(85_000), [close(1)]);
    assert_eq!(room.broker.deadline(), None);
}

#[test]
fn the_limit_holds_and_a_place_that_is_left_is_free_again() {
    let mut room = Room::with(Settings { concurrent_limit: 2, ..Settings::default() });
    room.connect(1, "a", "t");
    room.connect(2, "b", "t");
    let full = r#"{"type":"ERROR","payload":{"msg":"Server has reached its concurrent user limit"}}"#;
    assert_eq!(room.connect(3, "c", "t"), [send(3, full), close(3)]);
    assert_eq!(room.connect(4, "a", "t"), [send(4, OPEN), close(1)]);
    room.disconnect(2);
    assert_eq!(room.connect(5, "c", "t"), [send(5, OPEN)]);
}

#[test]
fn bad_parameters_are_named() {
    let mut room = Room::new();
    for (key, id, token, reason) in [
        ("", "a", "t", "No id, token, or key supplied to websocket server"),
        ("peerjs", "", "t", "No id, token, or key supplied to websocket server"),
        ("peerjs", "a", "", "No id, token, or key supplied to websocket server"),
        ("other", "a", "t", "Invalid key provided"),
        ("peerjs", "ä", "t", "Invalid id provided"),
        ("peerjs", "a", &"t".repeat(65), "Invalid token provided"),
    ] {
        let effects = room.handle(Event::Connected {
            connection: ConnectionId(1),
            key: key.into(),
            id: id.into(),
            token: token.into(),
        });
        let answer = format!(r#"{{"type":"ERROR","payload":{{"msg":"{reason}"}}}}"#);
        assert_eq!(effects, [send(1, &answer), close(1)]);
    }
    assert_eq!(room.broker.deadline(), None);
}

#[test]
fn a_sender_hears_leave_when_its_peer_cannot_be_reached() {
    let mut room = Room::new();
    room.connect(1, "a", "t");
    room.connect(2, "b", "t");
    assert_eq!(
        room.handle(Event::Undelivered { connection: ConnectionId(2), sender: Some(ConnectionId(1)) }),
        [
            Effect::Cut {
                connection: ConnectionId(2),
                last: r#"{"type":"ERROR","payload":{"msg":"Messages are read too slowly"}}"#.into()
            },
            send(1, r#"{"type":"LEAVE","src":"b","dst":"a"}"#)
        ]
    );
    assert_eq!(room.ids(), ["a"]);
}

#[test]
fn a_full_queue_answers_expire_at_once_and_keeps_what_it_has() {
    let mut room = Room::new();
    room.connect(1, "a", "t");
    let offer = r#"{"type":"OFFER","dst":"b"}"#;
    for _ in 0..PEERJS_WAITING_MESSAGES {
        assert_eq!(room.say(1, offer), []);
    }
    assert_eq!(room.say(1, offer), [send(1, r#"{"type":"EXPIRE","src":"b","dst":"a"}"#)]);
    assert_eq!(room.connect(2, "b", "t").len(), 1 + PEERJS_WAITING_MESSAGES);
    assert_eq!(
        room.say(1, r#"{"type":"OFFER","dst":"no id"#.replace("no id", "-\"}").as_str()),
        [send(1, r#"{"type":"EXPIRE","src":"-","dst":"a"}"#)]
    );
}

#[test]
fn too_many_messages_end_the_connection_with_a_reason() {
    let mut room = Room::new();
    room.connect(1, "a", "t");
    for _ in 0..SIGNAL_BURST {
        assert_eq!(room.say(1, "{}"), []);
    }
    let reason = r#"{"type":"ERROR","payload":{"msg":"Too many messages"}}"#;
    assert_eq!(room.say(1, "{}"), [send(1, reason), close(1)]);
    assert_eq!(room.ids(), [""; 0]);
}

#[test]
fn what_is_no_message_is_dropped_and_the_connection_stays() {
    let mut room = Room::new();
    room.connect(1, "a", "t");
    for text in ["", "null", "{", "[]", r#"{"type":"OPEN"}"#, r#"{"type":"ERROR"}"#, r#"{"type":"OFFER"}"#] {
        assert_eq!(room.say(1, text), [], "{text}");
    }
    assert_eq!(room.ids(), ["a"]);
}
