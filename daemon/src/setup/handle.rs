//! The handle that pages hold: the answers, the claim, and the change on its way.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use base::clock::Clock;
use base::random::SystemRandom;
use base::{Code, Result};
use http::HeaderValue;
use store::{Person, Store};
use tokio::sync::{mpsc, watch};

use super::change::Order;
use super::draft::Draft;
use super::kept::{KEY, Kept};
use super::passphrase;
use super::progress::Progress;
use super::step::Step;
use crate::auth::{Auth, Claim, Visitor};
use crate::host::Host;
use crate::hotspot::{Hotspot, Manager, Status};
use crate::i18n::Language;
use crate::names::Names;
use crate::tasks::Tasks;

/// Orders that may wait for a change on its way: two people with several tabs.
pub(super) const ORDERS: usize = 16;

/// Setting the box up. Clones share it.
#[derive(Clone)]
pub(crate) struct Setup(pub(super) Arc<Inner>);

/// What it is made from.
pub(crate) struct Parts {
    pub(crate) store: Store,
    pub(crate) auth: Auth,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) host: Arc<dyn Host>,
    /// The network, if it is ours.
    pub(crate) hotspot: Hotspot,
    /// What the box answers to.
    pub(crate) names: Names,
    pub(crate) tasks: Tasks,
    /// Asked of whoever claims the box, if there is one.
    pub(crate) claim_code: Option<String>,
}

/// How somebody proves to be on the new network.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Proof<'a> {
    /// The one-time key of the page that said how to come back.
    Key(&'a str),
    /// A technician's session, from this address.
    Session(IpAddr),
}

pub(super) struct Inner {
    pub(super) parts: Parts,
    claimed: AtomicBool,
    suggestion: Mutex<Option<String>>,
    pub(super) progress: Arc<watch::Sender<Progress>>,
    pub(super) current: Mutex<Option<Current>>,
}

/// The last change that was begun.
#[derive(Clone)]
pub(super) struct Current {
    pub(super) key: String,
    pub(super) orders: mpsc::Sender<Order>,
}

impl Setup {
    /// With no change on its way.
    pub(crate) fn new(parts: Parts) -> Self {
        Self(Arc::new(Inner {
            parts,
            claimed: AtomicBool::new(false),
            suggestion: Mutex::default(),
            progress: Arc::new(watch::Sender::new(Progress::Idle)),
            current: Mutex::default(),
        }))
    }

    /// Whether the box is somebody's. Once it is, it stays so until it forgets everything.
    pub(crate) async fn is_claimed(&self) -> Result<bool> {
        if self.0.claimed.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let claimed = self.0.parts.store.knows_anybody().await?;
        self.0.claimed.store(claimed, Ordering::Relaxed);
        Ok(claimed)
    }

    /// Whether the card asks for a code of whoever claims the box.
    pub(crate) fn asks_for_code(&self) -> bool {
        self.0.parts.claim_code.is_some()
    }

    /// Whether the visitor knows the code of the card, if it asks for one; the errors are those of
    /// [`Auth::check_claim_code`].
    pub(crate) fn check_claim_code(&self, visitor: &Visitor, typed: &str) -> Result<()> {
        let expected = self.0.parts.claim_code.as_deref();
        expected.map_or(Ok(()), |expected| self.0.parts.auth.check_claim_code(visitor, typed, expected))
    }

    /// Makes the visitor the box's technician; the errors are those of [`Auth::claim`].
    pub(crate) async fn claim(
        &self,
        visitor: &Visitor,
        claim: &Claim<'_>,
        language: Language,
    ) -> Result<HeaderValue> {
        let code = self.0.parts.claim_code.as_deref();
        let (person, cookie) = self.0.parts.auth.claim(visitor, claim, code).await?;
        tracing::info!(who = name(&person), what = "claim", address = %visitor.address, "the box is claimed");
        self.change_kept(move |kept| kept.draft.language = Some(language)).await?;
        Ok(cookie)
    }

    /// The answers, and those in force.
    pub(crate) async fn kept(&self) -> Result<Kept> {
        Ok(Kept::read(self.0.parts.store.setting(KEY).await?.as_deref()))
    }

    /// Changes the answer to `step`, which was `seen` when the form was made. `setup_stale` if it
    /// is another by now; `network_trial_open` while a change is on its way.
    pub(crate) async fn answer(
        &self,
        step: Step,
        seen: &str,
        answer: impl FnOnce(&mut Draft) + Send + 'static,
    ) -> Result<Kept> {
        if self.progress().is_busy() {
            return Err(Code::NetworkTrialOpen.into());
        }
        let seen = seen.to_owned();
        let change = move |kept: &mut Kept| {
            if kept.draft.mark(step) != seen {
                return Err(Code::SetupStale.into());
            }
            answer(&mut kept.draft);
            Ok(())
        };
        self.try_change_kept(change).await
    }

    /// Changes what is kept, whatever was seen: for answers in advance.
    pub(crate) async fn change_kept(&self, change: impl FnOnce(&mut Kept) + Send + 'static) -> Result<Kept> {
        self.try_change_kept(move |kept| {
            change(kept);
            Ok(())
        })
        .await
    }

    async fn try_change_kept(
        &self,
        change: impl FnOnce(&mut Kept) -> Result<()> + Send + 'static,
    ) -> Result<Kept> {
        let text = self
            .0
            .parts
            .store
            .change_setting(KEY, move |text| {
                let mut kept = Kept::read(text.as_deref());
                change(&mut kept)?;
                kept.write()
            })
            .await?;
        Ok(Kept::read(Some(&text)))
    }

    /// The machine.
    pub(crate) fn host(&self) -> &Arc<dyn Host> {
        &self.0.parts.host
    }

    /// The network as it was last seen.
    pub(crate) fn network(&self) -> Arc<Status> {
        self.0.parts.hotspot.now()
    }

    /// A passphrase to take as it is, the same until the daemon starts anew: who reloads the page
    /// has perhaps written it down.
    pub(crate) fn suggested_passphrase(&self) -> String {
        let mut suggestion = self.0.suggestion.lock().unwrap_or_else(PoisonError::into_inner);
        suggestion.get_or_insert_with(|| passphrase::suggest(&mut SystemRandom)).clone()
    }

    /// Whether `step` is asked on this box: without a network of ours two are not.
    pub(crate) fn asks(&self, step: Step) -> bool {
        !(matches!(step, Step::Wifi | Step::Wired) && self.network().manager == Manager::None)
    }

    /// Where the wizard goes on.
    pub(crate) fn open_step(&self, draft: &Draft) -> Step {
        let mut open = Step::ALL.into_iter().filter(|step| self.asks(*step) && !draft.answers(*step));
        open.next().unwrap_or(Step::Review)
    }
}

/// What the box answers to: the names of the settings, and what the school calls it if it has been
/// set up.
pub(crate) async fn names(configured: &[String], store: &Store) -> Result<Names> {
    let names = Names::new(configured);
    let school = Kept::read(store.setting(KEY).await?.as_deref()).in_force.and_then(|draft| draft.school);
    names.call(school.as_ref().map(|school| school.box_name.as_str()));
    Ok(names)
}

/// Somebody, for the journal.
pub(super) fn name(person: &Person) -> String {
    format!("{} ({})", person.id.0, person.login.as_deref().unwrap_or(&person.name))
}
