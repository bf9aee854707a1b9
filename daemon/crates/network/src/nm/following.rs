//! Following what there is: any sign of life from NetworkManager leads to reading it anew.
//!
//! Reading all is a few dozen small calls, so there is no second copy of the state to go stale.
//!
//! May use: the reading, zbus. Used by: `nm`, and the daemon runs it.

use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use base::limits::NETWORK_CALL_S;
use base::{Code, Error, Result};
use futures_util::stream::{Stream, StreamExt, select};
use tokio::sync::watch;
use tokio::time::sleep;
use zbus::message::Type;
use zbus::{Connection as Bus, MatchRule, MessageStream, connection};

use super::{failed, reading};
use crate::port::Status;

const NAME: &str = "org.freedesktop.NetworkManager";
/// A change comes as a burst of signals; it is read once, when the burst is over.
const BURST: Duration = Duration::from_millis(100);
/// So often in a row a reading has to fail before it is believed: one that meets NetworkManager in
/// the middle of a change can fail, and the next succeeds.
const READINGS: u32 = 3;

/// Pause before connecting again where there is no bus. It is there before the daemon starts and
/// stays; without it nothing else works either, so there is no hurry.
const RECONNECT: Duration = Duration::from_secs(2);

/// Follows NetworkManager, also while it goes and comes, and connects to the bus whenever there
/// is none.
#[derive(Debug)]
pub struct Follower {
    address: Option<String>,
    bus: watch::Sender<Option<Bus>>,
    status: watch::Sender<Status>,
}

/// What was heard.
enum Event {
    /// Something is different.
    Changed,
    /// NetworkManager is there.
    Came,
    /// It is not.
    Went,
}

type Events = Pin<Box<dyn Stream<Item = Event> + Send>>;

impl Follower {
    pub(super) const fn new(
        address: Option<String>,
        bus: watch::Sender<Option<Bus>>,
        status: watch::Sender<Status>,
    ) -> Self {
        Self { address, bus, status }
    }

    /// Follows for ever.
    pub async fn run(self) -> Infallible {
        let mut told = false;
        loop {
            match self.connect().await {
                Ok(bus) => {
                    told = false;
                    self.connected(bus.clone());
                    let Err(error) = self.follow(&bus).await;
                    tracing::warn!(%error, "the system's bus is gone");
                }
                Err(error) if !told => {
                    told = true;
                    tracing::warn!(%error, "there is no bus to NetworkManager; it is tried again");
                }
                Err(_) => {}
            }
            self.bus.send_replace(None);
            self.tell(Status::Away);
            sleep(RECONNECT).await;
        }
    }

    pub(super) fn connected(&self, bus: Bus) {
        self.bus.send_replace(Some(bus));
    }

    async fn connect(&self) -> Result<Bus> {
        let builder = match &self.address {
            Some(address) => connection::Builder::address(address.as_str()),
            None => connection::Builder::system(),
        };
        builder.method_timeout(Duration::from_secs(NETWORK_CALL_S)).build().await.map_err(failed)
    }

    /// Follows until the bus itself is gone.
    ///
    /// # Errors
    /// `network_unavailable` when there is no bus any more.
    pub(super) async fn follow(&self, bus: &Bus) -> Result<Infallible> {
        let mut events = events(bus).await.map_err(failed)?;
        let mut here = true;
        let mut failures = 0;
        loop {
            let again =
                if here { self.read(bus, &mut events, &mut here, &mut failures).await? } else { false };
            if !again {
                let event = next(&mut events).await?;
                self.heard(&event, &mut here);
            }
            let mut rest = pin!(sleep(BURST));
            loop {
                tokio::select! {
                    () = &mut rest => break,
                    event = next(&mut events) => self.heard(&event?, &mut here),
                }
            }
        }
    }

    /// Reads and tells; whether it has to be read again, since something happened meanwhile or it
    /// did not succeed. Events are taken all the while,
    /// because a full queue of signals would hold up the very answers that are waited for.
    async fn read(
        &self,
        bus: &Bus,
        events: &mut Events,
        here: &mut bool,
        failures: &mut u32,
    ) -> Result<bool> {
        let mut again = false;
        let mut reading = pin!(reading::read(bus));
        loop {
            tokio::select! {
                read = &mut reading => {
                    *failures = if read.is_ok() { 0 } else { *failures + 1 };
                    let status = match read {
                        Ok(read) if *here => Status::Here(Arc::new(read.observed)),
                        Ok(_) => Status::Away,
                        Err(error) => {
                            let error = failed(error);
                            // That nobody is there yet is no mistake, and told by the status.
                            if error.code != Code::NetworkUnavailable {
                                if *here && *failures < READINGS {
                                    tracing::debug!(%error, "the network is read again");
                                    return Ok(true);
                                }
                                tracing::warn!(%error, "the network cannot be read");
                            }
                            Status::Away
                        }
                    };
                    self.tell(status);
                    return Ok(again);
                }
                event = next(events) => {
                    self.heard(&event?, here);
                    again = true;
                }
            }
        }
    }

    fn heard(&self, event: &Event, here: &mut bool) {
        match event {
            Event::Changed => {}
            Event::Came => *here = true,
            Event::Went => {
                *here = false;
                self.tell(Status::Away);
            }
        }
    }

    fn tell(&self, status: Status) {
        self.status.send_if_modified(|known| {
            let modified = *known != status;
            *known = status;
            modified
        });
    }
}

async fn events(bus: &Bus) -> zbus::Result<Events> {
    let signals = MatchRule::builder()
        .msg_type(Type::Signal)
        .sender(NAME)
        .path_namespace("/org/freedesktop/NetworkManager")
        .build()?;
    let owners = MatchRule::builder()
        .msg_type(Type::Signal)
        .sender("org.freedesktop.DBus")
        .interface("org.freedesktop.DBus")
        .member("NameOwnerChanged")
        .add_arg(NAME)
        .build()?;
    let signals = MessageStream::for_match_rule(signals, bus, None).await?;
    let owners = MessageStream::for_match_rule(owners, bus, None).await?;
    let changed = signals.filter_map(async |signal| signal.ok().map(|_| Event::Changed));
    let moved = owners.filter_map(async |signal| {
        let (_, _, owner): (String, String, String) = signal.ok()?.body().deserialize().ok()?;
        Some(if owner.is_empty() { Event::Went } else { Event::Came })
    });
    Ok(Box::pin(select(changed.boxed(), moved.boxed())))
}

async fn next(events: &mut Events) -> Result<Event> {
    events.next().await.ok_or_else(|| Error::new(Code::NetworkUnavailable))
}
