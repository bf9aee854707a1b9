//! Answers in advance, taken over at the start: they fill the wizard's draft, and with a technician
//! among them the box sets itself up. What could not be used is written beside `kelas.toml`.
//!
//! Nothing that somebody has answered in the wizard is overwritten, and a box that is set up keeps
//! what it has. Passphrase and password leave the card's first partition when the box has them,
//! not before: until then the next start tries again.
//!
//! May use: `setup`, `auth`, `portal`, `host`, `settings`, `problems`, `i18n`, `store`. Used by: `run`.

mod fill;

use std::path::PathBuf;
use std::time::Duration;

use base::id::PersonId;
use base::limits::SETUP_WAIT_S;
use base::{Code, Error, Result};
use network::model::Protection;
use store::{NewPerson, PasswordHash, Person, PersonKind, Store};
use tokio_util::sync::CancellationToken;

use crate::auth::Auth;
use crate::i18n::Language;
use crate::portal::{Mode, Portal};
use crate::problems::{ANSWERS_UNUSED, CardProblem, CardProblems};
use crate::settings::answers::{self, Answers, Technician};
use crate::setup::{Draft, Progress, Proof, Setup, Step};

/// Pause before a network that is not there yet is asked again.
const RETRY: Duration = Duration::from_secs(2);

/// What takes them over.
pub(crate) struct Advance {
    pub(crate) setup: Setup,
    pub(crate) auth: Auth,
    pub(crate) store: Store,
    pub(crate) portal: Portal,
    pub(crate) problems: CardProblems,
    pub(crate) answers: Answers,
    /// What is wrong with the files on the first partition already.
    pub(crate) left_out: Vec<String>,
    /// `kelas-errors.txt`, as the daemon sees it.
    pub(crate) errors: PathBuf,
}

impl Advance {
    /// Takes the answers over and tells what could not be used.
    pub(crate) async fn run(self, stopping: CancellationToken) {
        let mut unused = self.left_out.clone();
        let done = tokio::select! {
            done = self.take_over() => done,
            () = stopping.cancelled() => return,
        };
        if let Err(error) = done {
            tracing::error!(%error, "the answers on the boot partition were not all used");
            let lines =
                Language::ALL.map(|language| format!("kelas.toml: [setup]: {}", language.error(&error)));
            self.problems.add(CardProblem::new(ANSWERS_UNUSED, vec![format!("[setup]: {error}")]));
            unused.extend(lines);
            unused.extend(self.still_unclaimed().await);
        }
        if let Err(error) = self.write(&unused).await
            && error.code != Code::HostUnmanaged
        {
            tracing::warn!(%error, "kelas-errors.txt was not written");
        }
    }

    /// What becomes of a box that was to set itself up and is nobody's still, in both languages.
    async fn still_unclaimed(&self) -> Vec<String> {
        // If nobody knows whose it is, that was told before.
        let claimed = self.setup.is_claimed().await.unwrap_or(true);
        if claimed || self.answers.technician.is_none() {
            return Vec::new();
        }
        tracing::warn!("the box stays unclaimed; its answers are tried again at the next start");
        Language::ALL.map(|language| language.t("boot_errors.again").to_owned()).into()
    }

    async fn take_over(&self) -> Result<()> {
        let mut kept = self.setup.kept().await?;
        if kept.in_force.is_none() {
            let answers = self.answers.clone();
            kept = self.setup.change_kept(move |kept| fill::fill(&mut kept.draft, &answers)).await?;
            if let Some(mode) = self.answers.portal.map(mode)
                && mode != self.portal.mode()
            {
                self.portal.set_mode(&writer(), mode).await?;
            }
        }
        if let Some(technician) = &self.answers.technician
            && !self.setup.is_claimed().await?
        {
            if kept.in_force.is_none() {
                self.apply(&kept.draft).await?;
            }
            self.claim(technician).await?;
        }
        self.take_out_secrets().await
    }

    /// Until the answers are in force. A radio may come up after the daemon, and the setup hotspot be
    /// on its way: that is seen before a change begins, or only in the middle of it.
    async fn apply(&self, draft: &Draft) -> Result<()> {
        let applied = async {
            loop {
                match self.try_to_apply(draft).await {
                    Err(error) if may_come(error.code) => {
                        tracing::info!(%error, "the network is waited for");
                        tokio::time::sleep(RETRY).await;
                    }
                    other => return other,
                }
            }
        };
        let applied = tokio::time::timeout(Duration::from_secs(SETUP_WAIT_S), applied).await;
        applied.unwrap_or_else(|_| Err(Code::NetworkUnavailable.into()))
    }

    /// Nobody is there to say that the new network works; whoever wrote the file has asked for it.
    async fn try_to_apply(&self, draft: &Draft) -> Result<()> {
        let mut progress = self.setup.follow();
        self.setup.begin(&writer(), &draft.mark(Step::Review)).await?;
        self.setup.page_sent();
        loop {
            let now = progress.borrow_and_update().clone();
            match now {
                Progress::OnTrial { .. } => {
                    if let Some(key) = self.setup.key() {
                        self.setup.confirm(Proof::Key(&key)).await?;
                    }
                }
                Progress::Confirmed(None) => return Ok(()),
                Progress::Confirmed(Some(told)) | Progress::Failed(told) => return Err(told.error()),
                Progress::RolledBack => return Err(Code::NetworkTrialOver.into()),
                Progress::Idle | Progress::Waiting | Progress::Preparing | Progress::Applying => {}
            }
            let stopped = |error| Error::new(Code::Unavailable).because(error);
            progress.changed().await.map_err(stopped)?;
        }
    }

    async fn claim(&self, technician: &Technician) -> Result<()> {
        let login = crate::auth::checked_login(&technician.login)?;
        let password = self.auth.hash_password(technician.password.reveal()).await?;
        let person = NewPerson {
            kind: PersonKind::Technician,
            name: technician.name.clone(),
            login: Some(login),
            password: Some(PasswordHash(password)),
        };
        self.store.create_person(person).await?;
        tracing::info!(who = "kelas.toml", what = "claim", "the box is claimed");
        Ok(())
    }

    /// When the box has them; otherwise they were not used, and whoever wrote them hears so.
    async fn take_out_secrets(&self) -> Result<()> {
        if !self.answers.has_secrets() {
            return Ok(());
        }
        let kept = self.setup.kept().await?;
        let has_passphrase = self.answers.passphrase.as_ref().is_none_or(|passphrase| {
            let ours = Protection::Wpa2(passphrase.clone());
            let drafts = [Some(&kept.draft), kept.in_force.as_ref()];
            drafts
                .into_iter()
                .flatten()
                .any(|draft| draft.own_wifi().is_some_and(|wifi| wifi.protection == ours))
        });
        let has_technician = match &self.answers.technician {
            Some(technician) => self.store.person_by_login(&technician.login).await?.is_some(),
            None => true,
        };
        if !(has_passphrase && has_technician) {
            return Err(Code::SetupAlready.into());
        }
        match self.setup.host().settings_applied().await {
            Err(error) if error.code == Code::HostUnmanaged => Ok(()),
            other => other,
        }
    }

    /// Nothing is asked of the helper where there is nothing to change.
    async fn write(&self, unused: &[String]) -> Result<()> {
        if unused.is_empty() && !self.errors.exists() {
            return Ok(());
        }
        self.setup.host().write_boot_errors(&text(unused)).await
    }
}

/// The file: empty if there is nothing to tell.
fn text(unused: &[String]) -> String {
    if unused.is_empty() {
        return String::new();
    }
    let head = Language::ALL.map(|language| language.t("boot_errors.head").to_owned());
    let lines = head.iter().cloned().chain([String::new()]).chain(unused.iter().cloned());
    lines.flat_map(|line| [line, "\n".to_owned()]).collect()
}

/// Whether it is worth waiting for.
const fn may_come(code: Code) -> bool {
    matches!(
        code,
        Code::NetworkUnavailable | Code::NetworkTrialOpen | Code::RadioMissing | Code::CableMissing
    )
}

/// Who asked, for the journal: nobody who could sign in.
fn writer() -> Person {
    Person {
        id: PersonId(0),
        kind: PersonKind::Technician,
        name: "kelas.toml".to_owned(),
        login: None,
        created_at: base::clock::Timestamp(0),
    }
}

const fn mode(portal: answers::Portal) -> Mode {
    match portal {
        answers::Portal::Ask => Mode::Ask,
        answers::Portal::Stay => Mode::Stay,
    }
}

#[cfg(test)]
mod tests;
