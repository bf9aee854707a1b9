//! Keeps the status fresh and the setup hotspot open.
//!
//! May use: `network`, `store`. Used by: `hotspot`.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use network::Status as Seen;
use network::model::Problem;
use store::Store;
use tokio::sync::watch;
use tokio::time::{Sleep, sleep};
use tokio_util::sync::CancellationToken;

use super::changes::Changes;
use super::opening;
use super::status::{Manager, Status};

/// Whose changes these are, in the log.
const WHO: &str = "kelasd";
/// The pause after an access point that did not come up, doubled each time.
const RETRY: Duration = Duration::from_secs(5);
const RETRY_MOST: Duration = Duration::from_secs(60);

/// Follows the network until the daemon stops.
pub(super) struct Keeper {
    pub(super) changes: Arc<Changes>,
    pub(super) store: Store,
    pub(super) status: watch::Sender<Arc<Status>>,
}

impl Keeper {
    pub(super) async fn keep(self, manager: Manager, stopping: CancellationToken) {
        let mut seen = self.changes.network().watch();
        let mut pause = RETRY;
        // Runs after an access point that did not come up.
        let mut waiting = None;
        loop {
            let now = seen.borrow_and_update().clone();
            if self.tell(Status::new(manager, &now)) {
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
                () = stopping.cancelled() => return,
            }
        }
    }

    /// Opens the setup hotspot if nobody has claimed the box and nothing stands against it.
    async fn open(&self, seen: &Seen) -> Opened {
        let Seen::Here(observed) = seen else { return Opened::Nothing };
        let Some(wanted) = opening::wanted(observed) else { return Opened::Nothing };
        match self.store.knows_anybody().await {
            Ok(false) => {}
            Ok(true) => return Opened::Nothing,
            Err(error) => {
                tracing::error!(%error, "whether the box is claimed is not known; no Wi-Fi is opened");
                return Opened::Failed;
            }
        }
        // Nobody has to confirm it: there was no network before that could come back. Both tell
        // the log what came of it.
        let opened =
            self.changes.apply(WHO, &wanted).await.is_ok() && self.changes.confirm(WHO).await.is_ok();
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
