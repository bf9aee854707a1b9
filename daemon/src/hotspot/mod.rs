//! The box's own Wi-Fi and its way out, as the rest of the daemon sees them: what is there, what
//! is wrong, and changes, each in the log with who, what and what came of it.
//!
//! While nobody has claimed the box and it has no access point, its keeper opens the setup
//! hotspot, so that a technician can reach it with a phone.
//!
//! May use: `network`, `settings`, `store`, `tasks`. Used by: `setup`, `portal`, `site`, `console`, `run`.

mod absent;
mod changes;
mod keeper;
mod opening;
mod pretend;
mod stations;
mod status;
mod wifi_code;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use base::Result;
use network::model::{HardwareAddress, Wanted};
use network::nm::{NetworkManager, Place};
use network::{Applied, Network};
use store::Store;
use tokio::sync::watch;

use crate::settings::Networking;
use crate::tasks::Tasks;
use changes::Changes;
use keeper::Keeper;
pub(crate) use opening::{is_setup, subnet};
pub(crate) use stations::Reception;
pub(crate) use status::{Manager, Status};
pub(crate) use wifi_code::wifi_code;

/// The box's network. Clones are the same.
#[derive(Clone)]
pub(crate) struct Hotspot {
    changes: Arc<Changes>,
    status: watch::Receiver<Arc<Status>>,
    air: watch::Receiver<Arc<[Reception]>>,
}

impl Hotspot {
    /// Starts what the setting asks for, and what keeps it right.
    pub(crate) fn start(setting: Networking, store: &Store, tasks: &Tasks) -> Self {
        let (network, manager) = network(setting, tasks);
        let changes = Arc::new(Changes::new(network));
        let (sender, status) = watch::channel(Arc::new(Status::unknown(manager)));
        let (heard, air) = watch::channel(Arc::default());
        let keeper = Keeper {
            changes: Arc::clone(&changes),
            store: store.clone(),
            status: sender,
            air: heard,
            stations_told: AtomicBool::default(),
        };
        tasks.spawn("hotspot", keeper.keep(manager, tasks.stopping()));
        Self { changes, status, air }
    }

    /// What is there, followed as it changes.
    pub(crate) fn status(&self) -> watch::Receiver<Arc<Status>> {
        self.status.clone()
    }

    /// What is there now.
    pub(crate) fn now(&self) -> Arc<Status> {
        Arc::clone(&self.status.borrow())
    }

    /// How well those who have joined are heard, as of the last look a few seconds ago.
    pub(crate) fn air(&self) -> Arc<[Reception]> {
        Arc::clone(&self.air.borrow())
    }

    /// Makes the network as it is wanted, on trial, for `who`: as [`Network::apply`].
    pub(crate) async fn apply(&self, who: &str, wanted: &Wanted) -> Result<Applied> {
        self.changes.apply(who, wanted).await
    }

    /// Goes on with a trial that the end of another daemon has cut off: as [`Network::take_up`].
    pub(crate) async fn take_up(&self, who: &str, wanted: &Wanted) -> Result<Option<u32>> {
        self.changes.take_up(who, wanted).await
    }

    /// Keeps the change that is on trial: as [`Network::confirm`].
    pub(crate) async fn confirm(&self, who: &str) -> Result<()> {
        self.changes.confirm(who).await
    }

    /// Takes back the change that is on trial: as [`Network::roll_back`].
    pub(crate) async fn roll_back(&self, who: &str) -> Result<()> {
        self.changes.roll_back(who).await
    }
}

/// The hardware address of the neighbour with this IP address, as the kernel knows it: who asked
/// us a moment ago is always known. None for the box itself, for whoever is beyond a router, and
/// where the kernel does not tell.
pub(crate) fn hardware_address(address: IpAddr) -> Option<HardwareAddress> {
    stations::hardware_address(address)
        .inspect_err(|error| tracing::warn!(%error, "the kernel does not tell who its neighbours are"))
        .ok()
        .flatten()
}

/// The network that the setting asks for.
fn network(setting: Networking, tasks: &Tasks) -> (Arc<dyn Network>, Manager) {
    match setting {
        Networking::None => (Arc::new(absent::Absent::default()), Manager::None),
        Networking::NetworkManager => {
            let (network, follower) = NetworkManager::new(Place::default());
            let stopping = tasks.stopping();
            tasks.spawn("network", async move {
                tokio::select! {
                    _ = follower.run() => {}
                    () = stopping.cancelled() => {}
                }
            });
            (Arc::new(network), Manager::Real)
        }
        Networking::Pretend(pretence) => {
            tracing::warn!("the network is only pretended: nothing that is set up here happens");
            (Arc::new(pretend::Pretend::new(pretence, tasks)), Manager::Pretended)
        }
    }
}
