//! What pages do with a change: begin it, follow it, keep it, take it back.
//!
//! May use: `change`, `handle`. Used by: `site::setup`.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError};

use base::clock::Timestamp;
use base::random::{Random as _, SystemRandom};
use base::{Code, Error, Result};
use network::model::{Activity, Wanted};
use store::Person;
use subtle::ConstantTimeEq as _;
use tokio::sync::{mpsc, oneshot};

use super::change::{Change, Order};
use super::draft::{Draft, WifiAnswer, WiredAnswer};
use super::handle::{Current, ORDERS, Proof, Setup, name};
use super::kept::{Begun, Kept};
use super::progress::Progress;
use super::step::Step;
use crate::hotspot::{self, Manager};

impl Setup {
    /// Begins to make the draft true, if it is still the one that was `seen`; pages follow it.
    /// Whether the network changes, and with it perhaps the way to whoever asked.
    /// `setup_stale`, `setup_incomplete`, `network_trial_open`, and those of [`network::plan`].
    pub(crate) async fn begin(&self, person: &Person, seen: &str) -> Result<bool> {
        let kept = self.kept().await?;
        if kept.draft.mark(Step::Review) != seen {
            return Err(Code::SetupStale.into());
        }
        let wanted = self.wanted(&kept.draft)?;
        let changes_network = wanted.is_some();
        let begun = Begun { who: name(person), key: SystemRandom.token() };
        let orders = self.take_turn(&begun.key, Progress::Waiting)?;
        let change = self.change(&kept, &begun, wanted, orders);
        self.change_kept(|kept| kept.begun = Some(begun))
            .await
            .inspect_err(|_| drop(self.0.progress.send_replace(Progress::Idle)))?;
        self.0.parts.tasks.spawn("setup change", change.run());
        Ok(changes_network)
    }

    /// Goes on, after a restart, with the change that it has cut off: what is on trial still can be
    /// confirmed, by its key too.
    pub(crate) async fn resume(&self) -> Result<()> {
        let kept = self.kept().await?;
        let Some(begun) = &kept.begun else { return Ok(()) };
        let orders = self.take_turn(&begun.key, Progress::Applying)?;
        let change = self.change(&kept, begun, None, orders);
        self.0.parts.tasks.spawn("setup change", change.go_on());
        Ok(())
    }

    fn change(
        &self,
        kept: &Kept,
        begun: &Begun,
        wanted: Option<Wanted>,
        orders: mpsc::Receiver<Order>,
    ) -> Change {
        let parts = &self.0.parts;
        Change {
            store: parts.store.clone(),
            clock: Arc::clone(&parts.clock),
            host: Arc::clone(&parts.host),
            hotspot: parts.hotspot.clone(),
            names: parts.names.clone(),
            draft: kept.draft.clone(),
            before: kept.in_force.clone(),
            wanted,
            who: begun.who.clone(),
            orders,
            progress: Arc::clone(&self.0.progress),
            stopping: parts.tasks.stopping(),
        }
    }

    /// What the network shall be, if all that it needs is there; nothing if it stays.
    /// `setup_incomplete`, `network_unavailable`, and those of [`network::plan`].
    pub(crate) fn wanted(&self, draft: &Draft) -> Result<Option<Wanted>> {
        if self.open_step(draft) != Step::Review {
            return Err(Code::SetupIncomplete.into());
        }
        let status = self.network();
        if status.manager == Manager::None || draft.wifi == Some(WifiAnswer::Leave) {
            return Ok(None);
        }
        let observed = status.observed.as_deref().ok_or(Code::NetworkUnavailable)?;
        let wanted = draft.wanted(observed)?;
        network::plan(observed, &wanted)?;
        Ok(Some(wanted))
    }

    /// Whether the radio here can open this Wi-Fi; `network_unavailable`, and those of
    /// [`network::plan`].
    pub(crate) fn check_wifi(&self, answer: &WifiAnswer) -> Result<()> {
        if *answer == WifiAnswer::Leave {
            return Ok(());
        }
        let draft = Draft { wifi: Some(answer.clone()), ..Draft::default() };
        self.check_part(&draft)
    }

    /// Whether the cable can be used so, beside the Wi-Fi of `draft`; the errors are those of
    /// [`Self::check_wifi`].
    pub(crate) fn check_wired(&self, draft: &Draft, answer: &WiredAnswer) -> Result<()> {
        let draft = Draft { wifi: draft.wifi.clone(), wired: Some(answer.clone()), ..Draft::default() };
        self.check_part(&draft)
    }

    fn check_part(&self, draft: &Draft) -> Result<()> {
        let status = self.network();
        let observed = status.observed.as_deref().ok_or(Code::NetworkUnavailable)?;
        network::plan(observed, &draft.wanted_in_part(observed)?)?;
        Ok(())
    }

    /// What time the box believes it is.
    pub(crate) fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    /// Sets the clock, at `person`'s wish; the errors are those of [`crate::host::Host::set_clock`].
    pub(crate) async fn set_clock(&self, person: &Person, at: Timestamp) -> Result<()> {
        let before = self.now();
        let result = self.0.parts.host.set_clock(at).await;
        let (who, by_ms) = (name(person), at.0.saturating_sub(before.0));
        match &result {
            Ok(()) => tracing::info!(who, what = "clock", by_ms, result = "set", "applied"),
            Err(error) => tracing::warn!(who, what = "clock", by_ms, result = %error, "not applied"),
        }
        result
    }

    /// Decides between two who begin at once.
    fn take_turn(&self, key: &str, progress: Progress) -> Result<mpsc::Receiver<Order>> {
        let mut current = self.0.current.lock().unwrap_or_else(PoisonError::into_inner);
        if self.progress().is_busy() {
            return Err(Code::NetworkTrialOpen.into());
        }
        let (orders, received) = mpsc::channel(ORDERS);
        *current = Some(Current { key: key.to_owned(), orders });
        self.0.progress.send_replace(progress);
        Ok(received)
    }

    /// How far the change is.
    pub(crate) fn progress(&self) -> Progress {
        self.0.progress.borrow().clone()
    }

    /// Follows how far it is.
    pub(crate) fn follow(&self) -> tokio::sync::watch::Receiver<Progress> {
        self.0.progress.subscribe()
    }

    /// Seconds until the old network comes back, while a change is on trial.
    pub(crate) fn seconds_left(&self) -> Option<u64> {
        let Progress::OnTrial { until } = self.progress() else { return None };
        Some(until.since(self.0.parts.clock.monotonic()).div_ceil(1_000))
    }

    /// The one-time key of the change on its way.
    pub(crate) fn key(&self) -> Option<String> {
        self.current().filter(|_| self.progress().is_busy()).map(|current| current.key)
    }

    /// The page that says how to come back was asked for.
    pub(crate) fn page_sent(&self) {
        if let Some(current) = self.current() {
            // A full queue, or a change that has ended, has heard it before.
            drop(current.orders.try_send(Order::PageSent));
        }
    }

    /// Keeps the change that is on trial. `network_trial_over`, `confirm_key_wrong`,
    /// `not_on_new_network`, and those of [`network::Network::confirm`].
    pub(crate) async fn confirm(&self, proof: Proof<'_>) -> Result<()> {
        self.check(proof)?;
        self.order(Order::Confirm).await
    }

    /// Takes the change that is on trial back, at once.
    pub(crate) async fn roll_back(&self) -> Result<()> {
        self.order(Order::RollBack).await
    }

    /// Whether `proof` is one.
    pub(crate) fn check(&self, proof: Proof<'_>) -> Result<()> {
        match proof {
            Proof::Key(key) => {
                let right = self.key().is_some_and(|known| known.as_bytes().ct_eq(key.as_bytes()).into());
                if right { Ok(()) } else { Err(Code::ConfirmKeyWrong.into()) }
            }
            Proof::Session(address) if self.is_on_new_network(address) => Ok(()),
            Proof::Session(_) => Err(Code::NotOnNewNetwork.into()),
        }
    }

    /// The box has one address in its own Wi-Fi; who comes over a cable has not tried that.
    fn is_on_new_network(&self, address: IpAddr) -> bool {
        let status = self.network();
        let opens_wifi = matches!(status.access_point(), Some((_, Activity::Active)));
        match (status.manager, address.to_canonical()) {
            (Manager::Real, IpAddr::V4(address)) if opens_wifi => hotspot::subnet().contains(address),
            (Manager::Real, IpAddr::V6(_)) => !opens_wifi,
            _ => true,
        }
    }

    async fn order(&self, order: impl FnOnce(oneshot::Sender<Result<()>>) -> Order) -> Result<()> {
        let over = || Error::new(Code::NetworkTrialOver);
        let current = self.current().ok_or_else(over)?;
        let (answer, answered) = oneshot::channel();
        current.orders.try_send(order(answer)).map_err(|error| over().because(error.to_string()))?;
        answered.await.map_err(|error| over().because(error))??;
        // What was asked for is done; how it ended is told a moment later.
        let mut progress = self.0.progress.subscribe();
        progress.wait_for(|progress| !progress.is_busy()).await.map_err(|error| over().because(error))?;
        Ok(())
    }

    fn current(&self) -> Option<Current> {
        self.0.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
