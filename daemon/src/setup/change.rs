//! A change of the box on its way: a task that pages only follow, because the Wi-Fi falls away
//! under the browser that asked for it.
//!
//! It waits for the page that says how to come back, applies, and holds the change on trial until
//! somebody confirms it from the new network. If nobody does, the old network comes back by
//! itself, and the answers stay as they were typed.
//!
//! May use: `setup`'s parts. Used by: `setup`.

use std::sync::Arc;
use std::time::Duration;

use base::clock::Clock;
use base::limits::{NETWORK_TRIAL_S, SETUP_PAGE_S, SETUP_PAGE_SENT_MS};
use base::{Code, Error, Result};
use network::Applied;
use network::model::{Country, Wanted};
use store::Store;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::draft::Draft;
use super::kept::{KEY, Kept};
use super::progress::{Progress, Told};
use crate::host::{Host, HostName, Sharing};
use crate::hotspot::{Hotspot, Status};
use crate::names::Names;

/// How long the network may look different before it counts as taken back.
const LAG: Duration = Duration::from_secs(3);

/// What a page can tell a change on its way.
pub(super) enum Order {
    /// The page that says how to come back was asked for.
    PageSent,
    /// Keep it.
    Confirm(oneshot::Sender<Result<()>>),
    /// Take it back.
    RollBack(oneshot::Sender<Result<()>>),
}

/// A change on its way.
pub(super) struct Change {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) host: Arc<dyn Host>,
    pub(super) hotspot: Hotspot,
    pub(super) names: Names,
    /// The answers that it makes true.
    pub(super) draft: Draft,
    /// What the box ran by before.
    pub(super) before: Option<Draft>,
    /// The network to be; nothing if it stays.
    pub(super) wanted: Option<Wanted>,
    /// Who asked for it, for the journal.
    pub(super) who: String,
    pub(super) orders: mpsc::Receiver<Order>,
    pub(super) progress: Arc<watch::Sender<Progress>>,
    pub(super) stopping: CancellationToken,
}

/// How a trial ends.
pub(super) enum End {
    Confirmed,
    TakenBack,
    /// The daemon stops; what is on trial will not be confirmed by anybody.
    Stopping,
}

impl Change {
    /// From the wish to its end.
    pub(super) async fn run(mut self) {
        self.wait_for_page().await;
        let end = self.carry_out().await;
        self.conclude(end).await;
    }

    /// Makes the end true, for the box and for who looks.
    pub(super) async fn conclude(self, end: Result<End>) {
        let progress = match end {
            Ok(End::Confirmed) => Progress::Confirmed(self.settle().await.err().as_ref().map(Told::of)),
            Ok(End::TakenBack) => {
                self.restore().await;
                Progress::RolledBack
            }
            Ok(End::Stopping) => return,
            Err(error) => {
                self.restore().await;
                tracing::warn!(%error, "the change of the box did not succeed");
                Progress::Failed(Told::of(&error))
            }
        };
        self.end(progress).await;
    }

    /// Until the page has gone out, or nobody asks for it.
    async fn wait_for_page(&mut self) {
        let asked = timeout(Duration::from_secs(SETUP_PAGE_S), async {
            while let Some(order) = self.orders.recv().await {
                match order {
                    Order::PageSent => return,
                    Order::Confirm(answer) | Order::RollBack(answer) => refuse(answer),
                }
            }
        });
        let stopping = self.stopping.clone();
        tokio::select! {
            asked = asked => if asked.is_ok() {
                sleep(Duration::from_millis(SETUP_PAGE_SENT_MS)).await;
            },
            () = stopping.cancelled() => {}
        }
    }

    async fn carry_out(&mut self) -> Result<End> {
        if self.stopping.is_cancelled() {
            return Ok(End::Stopping);
        }
        self.tell(Progress::Preparing);
        self.answer_to_the_name();
        self.prepare_for(&self.draft).await?;
        self.tell(Progress::Applying);
        let Some(wanted) = self.wanted.take() else { return Ok(End::Confirmed) };
        match self.hotspot.apply(&self.who, &wanted).await? {
            Applied::Unchanged => Ok(End::Confirmed),
            Applied::OnTrial => self.trial(&wanted, NETWORK_TRIAL_S).await,
        }
    }

    /// Until somebody confirms or takes it back, or the time is over.
    pub(super) async fn trial(&mut self, wanted: &Wanted, seconds: u32) -> Result<End> {
        let until = self.clock.monotonic().plus(u64::from(seconds) * 1_000);
        self.tell(Progress::OnTrial { until });
        tracing::info!(seconds, "the new network is on trial");
        let over = sleep(Duration::from_secs(seconds.into()));
        let gone = taken_back(self.hotspot.status(), wanted);
        tokio::pin!(over, gone);
        loop {
            let order = tokio::select! {
                order = self.orders.recv() => order,
                () = &mut over => None,
                () = &mut gone => None,
                () = self.stopping.cancelled() => return Ok(End::Stopping),
            };
            let (end, answer, done) = match order {
                Some(Order::PageSent) => continue,
                Some(Order::Confirm(answer)) => {
                    (End::Confirmed, Some(answer), self.hotspot.confirm(&self.who).await)
                }
                Some(Order::RollBack(answer)) => {
                    (End::TakenBack, Some(answer), self.hotspot.roll_back(&self.who).await)
                }
                None => (End::TakenBack, None, self.hotspot.roll_back(&self.who).await),
            };
            let over = matches!(&done, Err(error) if error.code == Code::NetworkTrialOver);
            let ends = done.is_ok() || over || answer.is_none();
            if let Some(answer) = answer {
                // Whoever asked may have gone.
                drop(answer.send(done));
            } else if let Err(error) = done.as_ref()
                && !over
            {
                tracing::warn!(%error, "the old network was not asked back; it comes by itself");
            }
            if ends {
                return Ok(if over { End::TakenBack } else { end });
            }
        }
    }

    /// Who confirms may come by the new name.
    pub(super) fn answer_to_the_name(&self) {
        if let Some(name) = box_name(&self.draft) {
            self.names.try_out(name.as_str());
        }
    }

    /// Machine's name and radio's country. What a machine that is not ours keeps for itself is no
    /// error.
    pub(super) async fn prepare_for(&self, draft: &Draft) -> Result<()> {
        if let Some(name) = box_name(draft) {
            unless_unmanaged(self.host.set_name(name).await)?;
        }
        if let Some(country) = country(draft) {
            unless_unmanaged(self.host.set_country(country).await)?;
        }
        Ok(())
    }

    /// Gives the machine its old name and the radio its old country back.
    async fn restore(&self) {
        let Some(before) = &self.before else { return };
        if let Err(error) = self.prepare_for(before).await {
            tracing::warn!(%error, "the old name and country were not brought back");
        }
    }

    /// What waits for the confirmation.
    async fn settle(&self) -> Result<()> {
        let sharing = self.draft.wired.as_ref().map_or(Sharing::Off, |wired| wired.sharing);
        unless_unmanaged(self.host.share(sharing).await).inspect_err(|error| {
            tracing::warn!(%error, "sharing the internet was not changed");
        })
    }

    /// Keeps how it ended, tells the journal and then the pages.
    async fn end(&self, progress: Progress) {
        let confirmed = matches!(progress, Progress::Confirmed(_));
        let in_force = confirmed.then(|| self.draft.clone());
        let runs_by = in_force.as_ref().or(self.before.as_ref());
        self.names.call(runs_by.and_then(box_name).map(HostName::as_str));
        let kept = self
            .store
            .change_setting(KEY, move |text| {
                let mut kept = Kept::read(text.as_deref());
                kept.begun = None;
                kept.in_force = in_force.or(kept.in_force);
                kept.write()
            })
            .await;
        if let Err(error) = kept {
            tracing::error!(%error, "how the change of the box ended was not kept");
        }
        let wifi = self.draft.own_wifi().map_or_else(|| "none".to_owned(), |wifi| wifi.ssid.to_string());
        tracing::info!(who = self.who, what = "setup", wifi, result = progress.stage().name(), "applied");
        self.tell(progress);
    }

    fn tell(&self, progress: Progress) {
        self.progress.send_replace(progress);
    }
}

/// Waits until the network is not the one on trial any more, because its time was over, the service
/// began anew, or somebody else changed it. A reading may lag behind a change, so it must stay so.
async fn taken_back(mut status: watch::Receiver<Arc<Status>>, wanted: &Wanted) {
    loop {
        if status.wait_for(|status| differs(status, wanted)).await.is_err() {
            // Nobody looks any more, as at the daemon's end.
            return std::future::pending().await;
        }
        let same_again = timeout(LAG, status.wait_for(|status| !differs(status, wanted)));
        if same_again.await.is_err() {
            return;
        }
    }
}

fn differs(status: &Status, wanted: &Wanted) -> bool {
    let access_point = || status.access_point().map(|(access_point, _)| access_point);
    let uplink = || status.uplink().map(|(uplink, _)| uplink);
    status.observed.is_some()
        && (wanted.access_point.as_ref().is_some_and(|wanted| access_point() != Some(wanted))
            || wanted.uplink.as_ref().is_some_and(|wanted| uplink() != Some(wanted)))
}

fn box_name(draft: &Draft) -> Option<&HostName> {
    draft.school.as_ref().map(|school| &school.box_name)
}

fn country(draft: &Draft) -> Option<Country> {
    draft.own_wifi().map(|wifi| wifi.country)
}

fn refuse(answer: oneshot::Sender<Result<()>>) {
    // Whoever asked may have gone.
    drop(answer.send(Err(Error::new(Code::NetworkTrialOver))));
}

fn unless_unmanaged(done: Result<()>) -> Result<()> {
    match done {
        Err(error) if error.code == Code::HostUnmanaged => Ok(()),
        other => other,
    }
}
