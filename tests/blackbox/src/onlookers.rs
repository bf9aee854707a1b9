//! Two people in a room, who must notice nothing of what a test does to the daemon.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::daemon::Kelasd;
use crate::visit::{Visit, student};

/// After so long without a message a page takes its connection for lost (`docs/PROTOCOL.md`, 2).
/// The daemon takes milliseconds; the rest is for a machine that is busy with the test itself.
const DISTURBED: Duration = Duration::from_secs(10);

/// Two students.
pub struct Onlookers {
    one: Visit,
    other: Visit,
    other_self: Value,
    said: u32,
}

impl Onlookers {
    /// Lets both join the demo's room.
    ///
    /// # Panics
    /// If that does not work.
    pub async fn gather(kelasd: &Kelasd) -> Self {
        let meeting = kelasd.announced.meeting.expect("--demo");
        let (mut one, _) = Visit::join(&student(kelasd, "Satu").await, meeting, "onlooker-one").await;
        let (other, joined) = Visit::join(&student(kelasd, "Dua").await, meeting, "onlooker-two").await;
        one.catch_up().await;
        Self { one, other, other_self: joined["self"].clone(), said: 0 }
    }

    /// Makes sure that both are still connected, heard of nobody but themselves, and that chat
    /// and signals between them take no longer than usual.
    ///
    /// # Panics
    /// If not.
    pub async fn notice_nothing(&mut self) {
        let started = Instant::now();
        self.one.say(json!({"type": "signal", "to": self.other_self, "candidate": null})).await;
        let signal = self.other.hear().await;
        assert_eq!(signal["type"], "signal", "disturbed: {signal}");
        self.said += 1;
        let key = self.said.to_string();
        self.one.chat(&key, &key).await;
        for visit in [&mut self.one, &mut self.other] {
            let chat = visit.hear().await;
            assert_eq!((&chat["type"], &chat["text"]), (&json!("chat"), &json!(key)), "disturbed: {chat}");
        }
        assert!(started.elapsed() < DISTURBED, "disturbed for {:?}", started.elapsed());
    }
}
