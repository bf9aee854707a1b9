//! What pages do with a change: begin it, follow it, keep it, take it back.
//!
//! May use: `change`, `handle`. Used by: `site::setup`.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError};

use base::random::{Random as _, SystemRandom};
use base::{Code, Error, Result};
use network::Status;
use network::model::{Activity, Observed, Role, Wanted};
use store::Person;
use subtle::ConstantTimeEq as _;
use tokio::sync::{mpsc, oneshot, watch};

use super::change::{Change, Order};
use super::draft::{Draft, WifiAnswer};
use super::handle::{Current, Management, ORDERS, Proof, Setup, name};
use super::progress::Progress;
use super::step::Step;
use super::wanted;

impl Setup {
    /// Begins to make the draft true, if it is still the one that was `seen`; pages follow it.
    /// `setup_stale`, `setup_incomplete`, `network_trial_open`, and those of [`network::plan`].
    pub(crate) async fn begin(&self, person: &Person, seen: &str) -> Result<()> {
        let kept = self.kept().await?;
        if kept.draft.mark(Step::Review) != seen {
            return Err(Code::SetupStale.into());
        }
        let wanted = self.wanted(&kept.draft).await?;
        let (orders, received) = mpsc::channel(ORDERS);
        self.take_turn(orders)?;
        self.change_kept(|kept| kept.changing = true)
            .await
            .inspect_err(|_| drop(self.0.progress.send_replace(Progress::Idle)))?;
        let parts = &self.0.parts;
        let change = Change {
            store: parts.store.clone(),
            clock: Arc::clone(&parts.clock),
            host: Arc::clone(&parts.host),
            network: parts.network.network().cloned(),
            draft: kept.draft,
            before: kept.in_force,
            wanted,
            who: name(person),
            orders: received,
            progress: Arc::clone(&self.0.progress),
            stopping: parts.tasks.stopping(),
        };
        parts.tasks.spawn("setup change", change.run());
        Ok(())
    }

    /// What the network shall be, if all that it needs is there; nothing if it stays.
    pub(crate) async fn wanted(&self, draft: &Draft) -> Result<Option<Wanted>> {
        let Some(network) = self.0.parts.network.network() else {
            return self.complete(draft).map(|()| None);
        };
        self.complete(draft)?;
        if draft.wifi == Some(WifiAnswer::Leave) {
            return Ok(None);
        }
        let observed: Observed = network.observe().await?;
        let wanted = draft.wanted(&observed)?;
        if let Some(wanted) = &wanted {
            network::plan(&observed, wanted)?;
        }
        Ok(wanted)
    }

    fn complete(&self, draft: &Draft) -> Result<()> {
        if self.open_step(draft) == Step::Review { Ok(()) } else { Err(Code::SetupIncomplete.into()) }
    }

    /// Decides between two who begin at once.
    fn take_turn(&self, orders: mpsc::Sender<Order>) -> Result<()> {
        let mut current = self.0.current.lock().unwrap_or_else(PoisonError::into_inner);
        if self.progress().is_busy() {
            return Err(Code::NetworkTrialOpen.into());
        }
        *current = Some(Current { key: SystemRandom.token(), orders });
        self.0.progress.send_replace(Progress::Waiting);
        Ok(())
    }

    /// How far the change is.
    pub(crate) fn progress(&self) -> Progress {
        self.0.progress.borrow().clone()
    }

    /// Follows how far it is.
    pub(crate) fn follow(&self) -> watch::Receiver<Progress> {
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
    /// `not_on_new_network`, and those of [`Network::confirm`].
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
        let Management::Ours(network) = self.management() else { return true };
        let Status::Here(observed) = network.watch().borrow().clone() else { return false };
        let opens_wifi =
            observed.ours(Role::AccessPoint).is_some_and(|profile| profile.activity == Activity::Active);
        match address.to_canonical() {
            IpAddr::V4(address) if opens_wifi => wanted::own_subnet().contains(address),
            IpAddr::V6(_) if opens_wifi => false,
            _ => true,
        }
    }

    async fn order(&self, order: impl FnOnce(oneshot::Sender<Result<()>>) -> Order) -> Result<()> {
        let over = || Error::new(Code::NetworkTrialOver);
        let current = self.current().ok_or_else(over)?;
        let (answer, answered) = oneshot::channel();
        current.orders.try_send(order(answer)).map_err(|error| over().because(error.to_string()))?;
        answered.await.map_err(|error| over().because(error))?
    }

    fn current(&self) -> Option<Current> {
        self.0.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
