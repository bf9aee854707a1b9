//! All histories: whatever clients do in whatever order, nobody is spoken to under a false name
//! or after the end, an id has one holder, and nothing outlives its time.

use std::collections::{BTreeMap, BTreeSet};

use base::clock::Monotonic;
use peerjs::{Broker, ConnectionId, Effect, Event, Settings};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Connect { id: usize, token: usize },
    Say { connection: usize, kind: usize, to: usize },
    Leave { connection: usize },
    Disconnect { connection: usize },
    Fail { connection: usize, sender: usize },
    Pass { milliseconds: u64 },
}

const IDS: [&str; 4] = ["a", "b", "c", "d"];
const TOKENS: [&str; 2] = ["t", "u"];
const KINDS: [&str; 7] = ["OFFER", "ANSWER", "CANDIDATE", "LEAVE", "EXPIRE", "HEARTBEAT", "OPEN"];

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..IDS.len(), 0..TOKENS.len()).prop_map(|(id, token)| Step::Connect { id, token }),
        6 => (0..20usize, 0..KINDS.len(), 0..IDS.len())
            .prop_map(|(connection, kind, to)| Step::Say { connection, kind, to }),
        1 => (0..20usize).prop_map(|connection| Step::Leave { connection }),
        2 => (0..20usize).prop_map(|connection| Step::Disconnect { connection }),
        1 => (0..20usize, 0..20usize).prop_map(|(connection, sender)| Step::Fail { connection, sender }),
        2 => (0..40_000u64).prop_map(|milliseconds| Step::Pass { milliseconds }),
    ]
}

/// What the transport and an honest onlooker know.
struct World {
    broker: Broker,
    now: Monotonic,
    /// Open sockets and the id that each asked for.
    open: BTreeMap<ConnectionId, &'static str>,
    welcomed: BTreeSet<ConnectionId>,
    next: u64,
}

impl World {
    fn handle(&mut self, event: Event, speaker: Option<ConnectionId>) {
        for effect in self.broker.handle(self.now, event) {
            match effect {
                Effect::Send { connection, text, .. } => self.check_frame(connection, &text, speaker),
                Effect::Close { connection } | Effect::Cut { connection, .. } => {
                    assert!(self.open.remove(&connection).is_some(), "closed twice: {connection:?}");
                    self.welcomed.remove(&connection);
                }
            }
        }
        assert!(self.broker.ids().len() <= self.welcomed.len());
        assert!(self.broker.ids().iter().all(|id| self.welcomed.iter().any(|held| self.open[held] == &**id)));
    }

    fn check_frame(&mut self, connection: ConnectionId, text: &str, speaker: Option<ConnectionId>) {
        let frame: serde_json::Value = serde_json::from_str(text).expect("every frame is JSON");
        let id = *self.open.get(&connection).expect("a frame goes to an open socket");
        match frame["type"].as_str().expect("a type") {
            "OPEN" => assert!(self.welcomed.insert(connection), "welcomed once"),
            "ID-TAKEN" | "ERROR" => assert!(!self.welcomed.contains(&connection)),
            kind => {
                assert!(self.welcomed.contains(&connection), "{kind} before OPEN");
                assert_eq!(frame["dst"], id, "only the addressee gets a frame");
                if let Some(speaker) = speaker.filter(|speaker| *speaker != connection) {
                    assert_eq!(frame["src"], self.open[&speaker], "nobody speaks under another's id");
                }
            }
        }
    }

    fn take(&mut self, step: &Step) {
        let pick = |index: usize, open: &BTreeMap<ConnectionId, &'static str>| {
            open.keys().nth(index % open.len().max(1)).copied()
        };
        match *step {
            Step::Connect { id, token } => {
                let connection = ConnectionId(self.next);
                self.next += 1;
                self.open.insert(connection, IDS[id]);
                let (id, token) = (IDS[id].to_owned(), TOKENS[token].to_owned());
                self.handle(Event::Connected { connection, key: "peerjs".into(), id, token }, None);
            }
            Step::Say { connection, kind, to } => {
                let Some(connection) = pick(connection, &self.open) else { return };
                let text = format!(r#"{{"type":"{}","src":"d","dst":"{}"}}"#, KINDS[kind], IDS[to]);
                self.handle(Event::Received { connection, text }, Some(connection));
            }
            Step::Leave { connection } => {
                let Some(connection) = pick(connection, &self.open) else { return };
                let text = r#"{"type":"LEAVE"}"#.to_owned();
                self.handle(Event::Received { connection, text }, Some(connection));
            }
            Step::Disconnect { connection } => {
                let Some(connection) = pick(connection, &self.open) else { return };
                self.open.remove(&connection);
                self.welcomed.remove(&connection);
                self.handle(Event::Disconnected { connection }, None);
            }
            Step::Fail { connection, sender } => {
                let sender = pick(sender, &self.open);
                let Some(connection) = pick(connection, &self.open) else { return };
                let sender = sender.filter(|sender| *sender != connection);
                self.handle(Event::Undelivered { connection, sender }, None);
            }
            Step::Pass { milliseconds } => {
                let end = self.now.plus(milliseconds);
                while let Some(deadline) = self.broker.deadline().filter(|deadline| *deadline <= end) {
                    assert!(deadline >= self.now, "time does not go back");
                    self.now = deadline;
                    self.handle(Event::Tick, None);
                }
                self.now = end;
            }
        }
    }
}

proptest! {
    #[test]
    fn the_rules_hold_under_all_histories(steps in prop::collection::vec(step(), 1..200)) {
        let mut world = World {
            broker: Broker::new(Settings { concurrent_limit: 6, ..Settings::default() }),
            now: Monotonic(0),
            open: BTreeMap::new(),
            welcomed: BTreeSet::new(),
            next: 0,
        };
        for step in &steps {
            world.take(step);
            prop_assert!(world.welcomed.len() <= 6);
        }
        world.take(&Step::Pass { milliseconds: 100_000 });
        prop_assert!(world.welcomed.is_empty(), "no silent client outlives the timeout");
        prop_assert!(world.broker.ids().is_empty());
        prop_assert_eq!(world.broker.deadline(), None, "nothing is left to time");
    }
}
