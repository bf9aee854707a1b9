//! The network of a machine that the daemon may not command.
//!
//! May use: `network`. Used by: `hotspot`.

use base::{Code, Error};
use network::model::{Observed, Wanted};
use network::{Answer, Applied, Network, Status};
use tokio::sync::watch;

/// Refuses everything with `network_unavailable`.
#[derive(Debug)]
pub(super) struct Absent(watch::Sender<Status>);

impl Default for Absent {
    fn default() -> Self {
        Self(watch::Sender::new(Status::Away))
    }
}

fn refuse<T: Send + 'static>() -> Answer<'static, T> {
    Box::pin(async { Err(Error::new(Code::NetworkUnavailable)) })
}

impl Network for Absent {
    fn observe(&self) -> Answer<'_, Observed> {
        refuse()
    }

    fn apply<'a>(&'a self, _: &'a Wanted) -> Answer<'a, Applied> {
        refuse()
    }

    fn take_up<'a>(&'a self, _: &'a Wanted) -> Answer<'a, Option<u32>> {
        refuse()
    }

    fn confirm(&self) -> Answer<'_, ()> {
        refuse()
    }

    fn roll_back(&self) -> Answer<'_, ()> {
        refuse()
    }

    fn watch(&self) -> watch::Receiver<Status> {
        self.0.subscribe()
    }
}
