//! NetworkManager, through D-Bus.
//!
//! May use: the model, the plan, the port, zbus. Used by: whoever composes the daemon.
//!
//! Architecture invariant: only what is below this folder knows D-Bus; nothing of it comes out.

mod change;
mod following;
mod proxies;
mod reading;
mod settings;
#[cfg(test)]
mod tests;

use std::time::Duration;

use base::limits::NETWORK_CALL_S;
use base::{Code, Error, Result};
use tokio::sync::{Mutex, watch};
use zbus::{Connection as Bus, connection, fdo};

use crate::model::{Observed, Wanted};
use crate::port::{Answer, Applied, Network, Status};
use change::Trial;
pub use following::Follower;

/// The network as NetworkManager has it.
#[derive(Debug)]
pub struct NetworkManager {
    bus: Bus,
    /// Held while a change is made, so that there is one at a time; that is all it is for.
    trial: Mutex<Option<Trial>>,
    status: watch::Sender<Status>,
}

impl NetworkManager {
    /// Connects to the system's bus. NetworkManager itself need not be there yet. The follower
    /// must be run for [`Network::watch`] to learn anything.
    ///
    /// # Errors
    /// `network_unavailable` if there is no bus.
    pub async fn connect() -> Result<(Self, Follower)> {
        let builder = connection::Builder::system().method_timeout(Duration::from_secs(NETWORK_CALL_S));
        Ok(Self::over(builder.build().await.map_err(failed)?))
    }

    fn over(bus: Bus) -> (Self, Follower) {
        let status = watch::Sender::new(Status::Away);
        let follower = Follower::new(bus.clone(), status.clone());
        (Self { bus, trial: Mutex::new(None), status }, follower)
    }
}

impl Network for NetworkManager {
    fn observe(&self) -> Answer<'_, Observed> {
        Box::pin(async { Ok(reading::read(&self.bus).await.map_err(failed)?.observed) })
    }

    fn apply<'a>(&'a self, wanted: &'a Wanted) -> Answer<'a, Applied> {
        Box::pin(async { change::apply(&self.bus, &mut *self.trial.lock().await, wanted).await })
    }

    fn confirm(&self) -> Answer<'_, ()> {
        Box::pin(async { change::confirm(&self.bus, &mut *self.trial.lock().await).await })
    }

    fn roll_back(&self) -> Answer<'_, ()> {
        Box::pin(async { change::roll_back(&self.bus, &mut *self.trial.lock().await).await })
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
