//! What the rest of the daemon may ask of the network.
//!
//! May use: the model. Used by: whoever sets the box up; carried out by `nm` and by `fake`.

use std::pin::Pin;
use std::sync::Arc;

use base::Result;
use tokio::sync::watch;

use crate::model::{Observed, Problem, Wanted};

/// A future that a trait object can return.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// The network of the box.
///
/// A change is on trial for [`base::limits::NETWORK_TRIAL_S`]: unless somebody confirms it from
/// the new network, the old one comes back by itself. One change at a time.
pub trait Network: Send + Sync {
    /// What is there now.
    ///
    /// # Errors
    /// `network_unavailable`.
    fn observe(&self) -> Answer<'_, Observed>;

    /// Makes the network as it is wanted, on trial. If any step fails, what was before is back
    /// when the error is returned.
    ///
    /// # Errors
    /// Those of [`crate::plan`]; `network_trial_open` while another change waits;
    /// `network_refused`, `network_not_up`, `network_unavailable`.
    fn apply<'a>(&'a self, wanted: &'a Wanted) -> Answer<'a, Applied>;

    /// Takes up a change to `wanted` that is on trial since before this program began, and tells
    /// how many seconds are left of its trial. None if there is none by now: it has been taken back,
    /// or it is here and now, because it was not carried out to its end.
    ///
    /// # Errors
    /// Those of [`crate::plan`]; `network_refused`, `network_unavailable`.
    fn take_up<'a>(&'a self, wanted: &'a Wanted) -> Answer<'a, Option<u32>>;

    /// Keeps the change that is on trial.
    ///
    /// # Errors
    /// `network_trial_over` if there is none, or none any more; `network_refused`,
    /// `network_unavailable`, and then it can be confirmed again.
    fn confirm(&self) -> Answer<'_, ()>;

    /// Takes back the change that is on trial, at once.
    ///
    /// # Errors
    /// As [`Network::confirm`].
    fn roll_back(&self) -> Answer<'_, ()>;

    /// Follows what is there.
    fn watch(&self) -> watch::Receiver<Status>;
}

/// What came of applying.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It was so already.
    Unchanged,
    /// It is so now, until the trial is over.
    OnTrial,
}

/// The network as it was last seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// NetworkManager does not answer, or has not yet.
    #[default]
    Away,
    /// What is there.
    Here(Arc<Observed>),
}

impl Status {
    /// What keeps a Wi-Fi from being opened.
    pub fn problems(&self) -> Vec<Problem> {
        match self {
            Self::Away => vec![Problem::Away],
            Self::Here(observed) => observed.problems(),
        }
    }
}
