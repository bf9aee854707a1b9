//! How far a change of the box is, as pages and programs are told it.
//!
//! May use: `base`. Used by: `change`, `handle`, `site::setup`.

use base::clock::Monotonic;
use base::{Code, Error};

/// How far a change is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Progress {
    /// Nothing was asked for.
    #[default]
    Idle,
    /// For the page that says how to come back to reach the browser.
    Waiting,
    /// The machine's name and the radio's country.
    Preparing,
    /// The network.
    Applying,
    /// The new network is there; without a confirmation the old one comes back.
    OnTrial {
        /// When.
        until: Monotonic,
    },
    /// It stays. What could not be done besides, if anything.
    Confirmed(Option<Told>),
    /// Nobody confirmed: what was before is back.
    RolledBack,
    /// It could not be done: what was before is back.
    Failed(Told),
}

/// The steps of the way, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Idle,
    Waiting,
    Preparing,
    Applying,
    Trial,
    Confirmed,
    RolledBack,
    Failed,
}

impl Stage {
    /// Its name.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Waiting => "waiting",
            Self::Preparing => "preparing",
            Self::Applying => "applying",
            Self::Trial => "trial",
            Self::Confirmed => "confirmed",
            Self::RolledBack => "rolled_back",
            Self::Failed => "failed",
        }
    }
}

impl Progress {
    /// Which step.
    pub(crate) const fn stage(&self) -> Stage {
        match self {
            Self::Idle => Stage::Idle,
            Self::Waiting => Stage::Waiting,
            Self::Preparing => Stage::Preparing,
            Self::Applying => Stage::Applying,
            Self::OnTrial { .. } => Stage::Trial,
            Self::Confirmed(_) => Stage::Confirmed,
            Self::RolledBack => Stage::RolledBack,
            Self::Failed(_) => Stage::Failed,
        }
    }

    /// Whether no other change may begin.
    pub(crate) const fn is_busy(&self) -> bool {
        matches!(self.stage(), Stage::Waiting | Stage::Preparing | Stage::Applying | Stage::Trial)
    }
}

/// An error that can be told again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    code: Code,
    args: Vec<(&'static str, String)>,
}

impl Told {
    pub(super) fn of(error: &Error) -> Self {
        Self { code: error.code, args: error.args.clone() }
    }

    /// The error without its cause, which the journal has.
    pub(crate) fn error(&self) -> Error {
        self.args.iter().fold(Error::new(self.code), |error, (name, value)| error.with(name, value))
    }
}
