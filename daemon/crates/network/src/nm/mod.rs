//! NetworkManager, through D-Bus.
//!
//! May use: the model, the plan, the port, zbus. Used by: whoever composes the daemon.
//!
//! Architecture invariant: only what is below this folder knows D-Bus; nothing of it comes out.

mod change;
mod following;
mod proxies;
mod reading;
mod seats;
mod settings;
mod takeover;
#[cfg(test)]
mod tests;

use base::limits::NETWORK_TRIAL_S;
use base::{Code, Error, Result};
use tokio::sync::{Mutex, watch};
use zbus::{Connection as Bus, fdo};

use crate::model::{Observed, Wanted};
use crate::port::{Answer, Applied, Network, Status};
use change::Trial;
pub use following::Follower;

/// The network as NetworkManager has it.
#[derive(Debug)]
pub struct NetworkManager {
    /// None while there is no bus; the follower connects.
    bus: watch::Receiver<Option<Bus>>,
    trial_s: u32,
    /// Held while a change is made, so that there is one at a time; that is all it is for.
    trial: Mutex<Option<Trial>>,
    status: watch::Sender<Status>,
}

/// Where NetworkManager is, and how long a change is on trial.
#[derive(Clone, Debug)]
pub struct Place {
    /// The address of the bus, as D-Bus writes it; none for the system's bus.
    pub bus: Option<String>,
    /// Seconds until a change is taken back that nobody confirmed.
    pub trial_s: u32,
}

impl Default for Place {
    fn default() -> Self {
        Self { bus: None, trial_s: NETWORK_TRIAL_S }
    }
}

impl NetworkManager {
    /// The network at `place`. Neither NetworkManager nor even the bus need be there yet. The
    /// follower must be run: it is who connects, and [`Network::watch`] learns from it.
    pub fn new(place: Place) -> (Self, Follower) {
        let trial_s = place.trial_s;
        let bus = watch::Sender::new(None);
        let status = watch::Sender::new(Status::Away);
        let network = Self { bus: bus.subscribe(), trial_s, trial: Mutex::new(None), status: status.clone() };
        (network, Follower::new(place.bus, bus, status))
    }

    fn bus(&self) -> Result<Bus> {
        self.bus.borrow().clone().ok_or_else(|| Error::new(Code::NetworkUnavailable))
    }
}

impl Network for NetworkManager {
    fn observe(&self) -> Answer<'_, Observed> {
        Box::pin(async { Ok(reading::read(&self.bus()?).await.map_err(failed)?.observed) })
    }

    fn apply<'a>(&'a self, wanted: &'a Wanted) -> Answer<'a, Applied> {
        Box::pin(async {
            let mut trial = self.trial.lock().await;
            change::apply(&self.bus()?, &mut trial, wanted, self.trial_s).await
        })
    }

    fn take_up<'a>(&'a self, wanted: &'a Wanted) -> Answer<'a, Option<u32>> {
        Box::pin(async {
            let mut trial = self.trial.lock().await;
            takeover::take_up(&self.bus()?, &mut trial, wanted).await
        })
    }

    fn confirm(&self) -> Answer<'_, ()> {
        Box::pin(async {
            let mut trial = self.trial.lock().await;
            change::confirm(&self.bus()?, &mut trial).await
        })
    }

    fn roll_back(&self) -> Answer<'_, ()> {
        Box::pin(async {
            let mut trial = self.trial.lock().await;
            change::roll_back(&self.bus()?, &mut trial).await
        })
    }

    fn watch(&self) -> watch::Receiver<Status> {
        self.status.subscribe()
    }
}

/// `network_unavailable` if nobody answered, `network_refused` if the answer was no.
fn failed(error: zbus::Error) -> Error {
    let silent = match &error {
        zbus::Error::FDO(answer) => matches!(
            **answer,
            fdo::Error::ServiceUnknown(_)
                | fdo::Error::NameHasNoOwner(_)
                | fdo::Error::NoReply(_)
                | fdo::Error::Disconnected(_)
                | fdo::Error::TimedOut(_)
                | fdo::Error::Timeout(_)
        ),
        zbus::Error::InputOutput(_) | zbus::Error::Address(_) | zbus::Error::Handshake(_) => true,
        _ => false,
    };
    let code = if silent { Code::NetworkUnavailable } else { Code::NetworkRefused };
    Error::new(code).because(error)
}
