//! Keeps the status fresh and the setup hotspot open.
//!
//! May use: `network`, `store`. Used by: `hotspot`.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use network::model::{Problem, Station};
use network::{Applied, Status as Seen};
use store::Store;
use tokio::sync::watch;
use tokio::time::{Sleep, sleep};
use tokio_util::sync::CancellationToken;

use super::changes::Changes;
use super::opening;
use super::stations::{self, Reception};
use super::status::{Manager, Status};

/// Whose changes these are, in the log.
const WHO: &str = "kelasd";
/// The pause after an access point that did not come up, doubled each time.
const RETRY: Duration = Duration::from_secs(5);
const RETRY_MOST: Duration = Duration::from_mins(1);
/// How often the kernel is asked who has joined: NetworkManager does not tell.
const LOOK_AT_STATIONS: Duration = Duration::from_secs(5);

/// Follows the network until the daemon stops.
pub(super) struct Keeper {
    pub(super) changes: Arc<Changes>,
    pub(super) store: Store,
    pub(super) status: watch::Sender<Arc<Status>>,
    /// How well those who have joined are heard. Apart from the status, which it would change at
    /// every look.
    pub(super) air: watch::Sender<Arc<[Reception]>>,
    /// Why the stations are not known, once it was told.
    pub(super) stations_told: AtomicBool,
}

impl Keeper {
    pub(super) async fn keep(self, manager: Manager, stopping: CancellationToken) {
        let mut seen = self.changes.network().watch();
        let mut pause = RETRY;
        // Runs after an access point that did not come up.
        let mut waiting = None;
        loop {
            let now = seen.borrow_and_update().clone();
            let mut status = Status::new(manager, &now);
            status.stations = self.stations(&status);
            if self.tell(status) {
                (waiting, pause) = (None, RETRY);
            }
            if waiting.is_none() {
                let opened = tokio::select! {
                    opened = self.open(&now) => opened,
                    () = stopping.cancelled() => return,
                };
                match opened {
                    Opened::Nothing => {}
                    Opened::SetupHotspot => pause = RETRY,
                    Opened::Failed => {
                        waiting = Some(Box::pin(sleep(pause)));
                        pause = (pause * 2).min(RETRY_MOST);
                    }
                }
            }
            tokio::select! {
                changed = seen.changed() => {
                    // A network that nobody follows stays as it is.
                    if changed.is_err() {
                        return stopping.cancelled().await;
                    }
                }
                () = over(&mut waiting) => waiting = None,
                () = sleep(LOOK_AT_STATIONS) => {}
                () = stopping.cancelled() => return,
            }
        }
    }

    /// Who has joined. Nobody can, where the network is only pretended.
    fn stations(&self, status: &Status) -> Option<Vec<Station>> {
        let radio = status.open_radio().or_else(|| {
            self.air.send_replace(Arc::default());
            None
        })?;
        if status.manager == Manager::Pretended {
            return Some(Vec::new());
        }
        let joined = stations::joined(radio);
        if let Err(error) = &joined
            && !self.stations_told.swap(true, Ordering::Relaxed)
        {
            tracing::warn!(%error, %radio, "who has joined the Wi-Fi is not known");
        }
        let (stations, air) = joined.ok().map_or((None, Vec::new()), |(stations, air)| (Some(stations), air));
        self.air.send_replace(air.into());
        stations
    }

    /// Opens the setup hotspot if nobody has claimed the box and nothing stands against it.
    async fn open(&self, seen: &Seen) -> Opened {
        let Seen::Here(observed) = seen else { return Opened::Nothing };
        if opening::wanted(observed).is_none() {
            return Opened::Nothing;
        }
        match self.store.knows_anybody().await {
            Ok(false) => {}
            Ok(true) => return Opened::Nothing,
            Err(error) => {
                tracing::error!(%error, "whether the box is claimed is not known; no Wi-Fi is opened");
                return Opened::Failed;
            }
        }
        // What was seen may be of before our own last change.
        let Ok(observed) = self.changes.network().observe().await else { return Opened::Nothing };
        let Some(wanted) = opening::wanted(&observed) else { return Opened::Nothing };
        // Nobody has to confirm it: there was no network before that could come back. Both tell
        // the log what came of it.
        let opened = match self.changes.apply(WHO, &wanted).await {
            Ok(Applied::OnTrial) => self.changes.confirm(WHO).await.is_ok(),
            Ok(Applied::Unchanged) => true,
            Err(_) => false,
        };
        if opened { Opened::SetupHotspot } else { Opened::Failed }
    }

    /// Whether other things than before stand against a Wi-Fi.
    fn tell(&self, status: Status) -> bool {
        let before = Arc::clone(&self.status.borrow());
        if *before == status {
            return false;
        }
        let (old, new) = (&before.problems, &status.problems);
        tell_problems(old, new);
        let differ = old != new;
        self.status.send_replace(Arc::new(status));
        differ
    }
}

async fn over(waiting: &mut Option<Pin<Box<Sleep>>>) {
    match waiting {
        Some(sleep) => sleep.await,
        None => std::future::pending().await,
    }
}

enum Opened {
    Nothing,
    SetupHotspot,
    Failed,
}

fn tell_problems(before: &[Problem], now: &[Problem]) {
    for problem in now.iter().filter(|problem| !before.contains(problem)) {
        tracing::warn!(code = problem.code().name(), "no Wi-Fi can be opened");
    }
    for problem in before.iter().filter(|problem| !now.contains(problem)) {
        tracing::info!(code = problem.code().name(), "no longer in the way of a Wi-Fi");
    }
}

#[cfg(test)]
mod tests {
    use base::Code;
    use base::clock::{TestClock, Timestamp};
    use network::Network as _;
    use network::fake::FakeNetwork;
    use network::model::{
        Activity, Band, Device, DeviceKind, DeviceName, HardwareAddress, Observed, Radio, Role,
    };
    use store::{NewPerson, PersonKind};

    use super::*;

    /// A box whose network is a fake, and its keeper at work.
    struct Bench {
        network: Arc<FakeNetwork>,
        store: Store,
        status: watch::Receiver<Arc<Status>>,
        keeper: tokio::task::JoinHandle<()>,
        stopping: CancellationToken,
        _folder: tempfile::TempDir,
    }

    fn radio() -> Device {
        let radio = Radio { access_point: true, bands: vec![Band::Ghz2], seats: None };
        Device {
            name: DeviceName::parse("wlan0").expect("a name"),
            kind: DeviceKind::Wireless(radio),
            hardware_address: HardwareAddress::parse("02:00:00:00:a2:0f"),
        }
    }

    fn board() -> Observed {
        Observed { devices: vec![radio()], ..Observed::default() }
    }

    impl Bench {
        async fn start(observed: Observed, prepare: impl AsyncFnOnce(&FakeNetwork, &Store)) -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let clock = Arc::new(TestClock::at(Timestamp(1_000)));
            let store = Store::open(folder.path().join("kelas.sqlite"), clock).expect("a store");
            let network = Arc::new(FakeNetwork::new(observed));
            prepare(&network, &store).await;
            let changes = Arc::new(Changes::new(network.clone()));
            let (sender, status) = watch::channel(Arc::new(Status::unknown(Manager::Pretended)));
            let told = AtomicBool::default();
            let (air, _) = watch::channel(Arc::default());
            let keeper = Keeper { changes, store: store.clone(), status: sender, air, stations_told: told };
            let stopping = CancellationToken::new();
            let keeper = tokio::spawn(keeper.keep(Manager::Pretended, stopping.clone()));
            Self { network, store, status, keeper, stopping, _folder: folder }
        }

        async fn opened(&mut self) -> String {
            let open = self.status.wait_for(|status| status.open_radio().is_some()).await.expect("kept");
            open.access_point().expect("open").0.ssid.to_string()
        }

        /// Ends it and says whether an access point of ours is there.
        async fn ends_with_one(self) -> bool {
            self.stopping.cancel();
            self.keeper.await.expect("it did not panic");
            self.store.close().await.expect("closed");
            let observed = self.network.observe().await.expect("it is here");
            observed.ours(Role::AccessPoint).is_some()
        }
    }

    #[tokio::test]
    async fn an_unclaimed_box_opens_its_setup_hotspot_and_keeps_it() {
        let mut bench = Bench::start(board(), async |_, _| {}).await;
        assert_eq!(bench.opened().await, "Kelas-A20F");
        assert_eq!(bench.network.confirm().await.expect_err("confirmed").code, Code::NetworkTrialOver);
        assert!(bench.ends_with_one().await);
    }

    #[tokio::test]
    async fn it_opens_when_networkmanager_comes_and_when_a_radio_does() {
        let empty = Observed::default();
        let mut bench = Bench::start(empty, async |network, _| network.leave()).await;
        let away = |status: &Arc<Status>| status.problems == [Problem::Away];
        bench.status.wait_for(away).await.expect("kept");
        bench.network.come_back();
        let missing = |status: &Arc<Status>| status.problems == [Problem::RadioMissing];
        bench.status.wait_for(missing).await.expect("kept");
        bench.network.change(|observed| observed.devices.push(radio()));
        assert_eq!(bench.opened().await, "Kelas-A20F");
        assert!(bench.ends_with_one().await);
    }

    #[tokio::test(start_paused = true)]
    async fn what_did_not_come_up_is_tried_again_after_a_pause() {
        let fail = async |network: &FakeNetwork, _: &Store| {
            network.fail_next(Code::NetworkNotUp);
            network.fail_next(Code::NetworkNotUp);
        };
        let started = tokio::time::Instant::now();
        let mut bench = Bench::start(board(), fail).await;
        assert_eq!(bench.opened().await, "Kelas-A20F");
        assert_eq!(started.elapsed().as_secs(), (RETRY * 3).as_secs());
        assert!(bench.ends_with_one().await);
    }

    #[tokio::test]
    async fn one_that_went_down_is_opened_again() {
        let mut bench = Bench::start(board(), async |_, _| {}).await;
        bench.opened().await;
        bench.network.change(|observed| observed.profiles[0].activity = Activity::Idle);
        let network = Arc::clone(&bench.network);
        let again = |status: &Arc<Status>| status.open_radio().is_some() && network.trials() == 2;
        bench.status.wait_for(again).await.expect("kept");
        assert!(bench.ends_with_one().await);
    }

    #[tokio::test]
    async fn a_claimed_box_opens_nothing() {
        let claim = async |_: &FakeNetwork, store: &Store| {
            let first = NewPerson {
                kind: PersonKind::Technician,
                name: "Budi".to_owned(),
                login: Some("budi".to_owned()),
                password: None,
            };
            store.create_person(first).await.expect("created");
        };
        let mut bench = Bench::start(board(), claim).await;
        let seen = |status: &Arc<Status>| status.radios().next().is_some();
        bench.status.wait_for(seen).await.expect("kept");
        // It had its turn with this radio once it tells of another.
        bench.network.change(|observed| observed.devices.truncate(0));
        bench.status.wait_for(|status| status.radios().next().is_none()).await.expect("kept");
        assert!(!bench.ends_with_one().await);
    }
}
