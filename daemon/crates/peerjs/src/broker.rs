//! The broker: who holds which id, and what passes between them.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::bucket::Bucket;
use base::clock::Monotonic;
use base::limits::{SIGNAL_BURST, SIGNAL_PER_SECOND};
use base::random::Random;
use base::secret::TokenHash;
use serde_json::value::RawValue;

use crate::effect::Effect;
use crate::event::{ConnectionId, Event};
use crate::identity::{self, Identity, Refusal};
use crate::message::{self, Incoming, Relayed};
use crate::settings::Settings;
use crate::waiting::{Letter, Waiting};

/// Milliseconds between two looks for what has timed out (PeerServer's `cleanup_out_msgs`).
const SWEEP_MS: u64 = 1_000;

/// All state of the dialect.
#[derive(Debug)]
pub struct Broker {
    settings: Settings,
    clients: BTreeMap<ConnectionId, Client>,
    holders: BTreeMap<Arc<str>, ConnectionId>,
    waiting: Waiting,
    swept: Monotonic,
}

/// A connection that was let in. It may have given its id up since: then `holders` names another
/// connection for that id, or none.
#[derive(Debug)]
struct Client {
    id: Arc<str>,
    token: TokenHash,
    /// The last heartbeat sent while it held its id; admission counts as one.
    alive: Monotonic,
    /// How often it may send anything.
    messages: Bucket,
}

impl Broker {
    /// A broker without clients.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            clients: BTreeMap::new(),
            holders: BTreeMap::new(),
            waiting: Waiting::default(),
            swept: Monotonic::default(),
        }
    }

    /// Takes one event at the time `now`, which never goes back, and says what is to be done.
    pub fn handle(&mut self, now: Monotonic, event: Event) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Connected { connection, key, id, token } => {
                match self.admit(now, connection, &key, &id, &token) {
                    Ok(replaced) => self.welcome(connection, &id, replaced, &mut effects),
                    Err(answer) => {
                        effects.push(Effect::Send { connection, text: answer, sender: None });
                        effects.push(Effect::Close { connection });
                    }
                }
            }
            Event::Received { connection, text } => self.receive(now, connection, &text, &mut effects),
            Event::Undelivered { connection, sender } => {
                self.undelivered(connection, sender, &mut effects);
            }
            Event::Disconnected { connection } => {
                self.forget(connection);
            }
            Event::Tick => self.sweep(now, &mut effects),
        }
        effects
    }

    /// When the next [`Tick`](Event::Tick) is due; `None` while there is nothing to time.
    pub fn deadline(&self) -> Option<Monotonic> {
        let idle = self.clients.is_empty() && self.waiting.is_empty();
        (!idle).then(|| self.swept.plus(SWEEP_MS))
    }

    /// Ids that are held, in order.
    pub fn ids(&self) -> Vec<Arc<str>> {
        self.holders.keys().cloned().collect()
    }

    /// An id that nobody holds: a random UUID (RFC 9562, version 4).
    pub fn free_id(&self, random: &mut dyn Random) -> String {
        loop {
            let id = uuid(random);
            if !self.holders.contains_key(id.as_str()) {
                return id;
            }
        }
    }

    /// Lets a client in and names the connection that it replaces, or gives the refusal.
    fn admit(
        &mut self,
        now: Monotonic,
        connection: ConnectionId,
        key: &str,
        id: &str,
        token: &str,
    ) -> Result<Option<ConnectionId>, String> {
        let Identity { id, token } =
            identity::check(&self.settings.key, key, id, token).map_err(message::error)?;
        let holder = self.holders.get(&id).copied();
        if let Some(client) = holder.and_then(|holder| self.clients.get(&holder)) {
            if client.token != token {
                return Err(message::id_taken());
            }
        } else if self.clients.len() >= self.settings.concurrent_limit {
            return Err(message::error(Refusal::Full));
        }
        if let Some(holder) = holder {
            self.clients.remove(&holder);
        }
        if self.deadline().is_none() {
            self.swept = now;
        }
        self.holders.insert(id.clone(), connection);
        let client =
            Client { id, token, alive: now, messages: Bucket::new(SIGNAL_BURST, SIGNAL_PER_SECOND, now) };
        self.clients.insert(connection, client);
        Ok(holder)
    }

    fn welcome(
        &mut self,
        connection: ConnectionId,
        id: &str,
        replaced: Option<ConnectionId>,
        effects: &mut Vec<Effect>,
    ) {
        effects.push(Effect::Send { connection, text: message::open(), sender: None });
        for letter in self.waiting.take(id) {
            let sender = self.holders.get(&letter.from).copied();
            effects.push(Effect::Send { connection, text: letter.text, sender });
        }
        effects.extend(replaced.map(|connection| Effect::Close { connection }));
    }

    fn receive(&mut self, now: Monotonic, connection: ConnectionId, text: &str, effects: &mut Vec<Effect>) {
        let Some(client) = self.clients.get_mut(&connection) else { return };
        if !client.messages.take(now) {
            let text = message::error(Refusal::TooManyMessages);
            effects.push(Effect::Send { connection, text, sender: None });
            effects.push(Effect::Close { connection });
            self.forget(connection);
            return;
        }
        if self.holders.get(&client.id) != Some(&connection) {
            return;
        }
        match message::parse(text) {
            Incoming::Heartbeat => client.alive = now,
            Incoming::Relay { kind: Relayed::Leave, to: None, .. } => {
                let id = client.id.clone();
                self.holders.remove(&id);
            }
            Incoming::Relay { kind, to: Some(to), payload } => {
                let from = client.id.clone();
                effects.extend(self.relay(now, (connection, from), kind, &to, payload));
            }
            Incoming::Relay { to: None, .. } | Incoming::Nothing => {}
        }
    }

    /// Passes a message on, or keeps it, or tells the sender that it found no room.
    fn relay(
        &mut self,
        now: Monotonic,
        (sender, from): (ConnectionId, Arc<str>),
        kind: Relayed,
        to: &str,
        payload: Option<&RawValue>,
    ) -> Option<Effect> {
        let text = message::relay(kind, &from, to, payload);
        if let Some(&connection) = self.holders.get(to) {
            return Some(Effect::Send { connection, text, sender: Some(sender) });
        }
        if !kind.waits() {
            return None;
        }
        if identity::is_id(to) && self.waiting.add(now, to, Letter { from: from.clone(), text }).is_ok() {
            return None;
        }
        let text = message::relay(Relayed::Expire, to, &from, None);
        Some(Effect::Send { connection: sender, text, sender: None })
    }

    /// A peer that cannot be reached has left; its partner hears it from us.
    fn undelivered(
        &mut self,
        connection: ConnectionId,
        sender: Option<ConnectionId>,
        effects: &mut Vec<Effect>,
    ) {
        let Some(gone) = self.forget(connection) else { return };
        effects.push(Effect::Cut { connection, last: message::error(Refusal::TooSlow) });
        let Some((sender, client)) = sender.and_then(|sender| Some((sender, self.clients.get(&sender)?)))
        else {
            return;
        };
        let text = message::relay(Relayed::Leave, &gone, &client.id, None);
        effects.push(Effect::Send { connection: sender, text, sender: None });
    }

    /// Removes a connection, and its id unless another connection holds that by now.
    fn forget(&mut self, connection: ConnectionId) -> Option<Arc<str>> {
        let client = self.clients.remove(&connection)?;
        if self.holders.get(&client.id) == Some(&connection) {
            self.holders.remove(&client.id);
        }
        Some(client.id)
    }

    fn sweep(&mut self, now: Monotonic, effects: &mut Vec<Effect>) {
        self.swept = now;
        let expired = self.waiting.expire(now, self.settings.expire_timeout_ms);
        for pair in expired {
            if let Some(&connection) = self.holders.get(&pair.from) {
                let text = message::relay(Relayed::Expire, &pair.to, &pair.from, None);
                effects.push(Effect::Send { connection, text, sender: None });
            }
        }
        let timeout_ms = self.settings.alive_timeout_ms;
        let silent: Vec<ConnectionId> = self
            .clients
            .iter()
            .filter(|(_, client)| now.since(client.alive) >= timeout_ms)
            .map(|(&connection, _)| connection)
            .collect();
        for connection in silent {
            self.forget(connection);
            effects.push(Effect::Close { connection });
        }
    }
}

fn uuid(random: &mut dyn Random) -> String {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    let bits = u128::from_be_bytes(bytes) & !(0xf << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests {
    use base::random::{SeededRandom, SystemRandom};

    use super::*;

    #[test]
    fn free_ids_are_version_4_uuids_and_pass_the_clients_rule() {
        let broker = Broker::new(Settings::default());
        for seed in 0..100 {
            let id = broker.free_id(&mut SeededRandom(seed));
            assert!(identity::is_id(&id) && id.len() == 36, "{id}");
            assert_eq!(&id[14..15], "4");
            assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"), "{id}");
        }
        assert_ne!(broker.free_id(&mut SystemRandom), broker.free_id(&mut SystemRandom));
    }

    #[test]
    fn an_id_that_is_held_is_not_handed_out() {
        let mut broker = Broker::new(Settings::default());
        let first = broker.free_id(&mut SeededRandom(1));
        broker.handle(
            Monotonic(0),
            Event::Connected {
                connection: ConnectionId(1),
                key: "peerjs".into(),
                id: first.clone(),
                token: "t".into(),
            },
        );
        assert_ne!(broker.free_id(&mut SeededRandom(1)), first);
    }
}
