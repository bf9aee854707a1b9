//! A change that goes on after the daemon was started anew in the middle of it.
//!
//! NetworkManager counts the time of a trial by itself, so whoever is on the new Wi-Fi by then can
//! still keep it. After a power cut there is nothing to go on with: the old network is there.
//!
//! May use: `change`. Used by: `conduct`.

use std::sync::Arc;
use std::time::Duration;

use base::Result;
use base::limits::NETWORK_TRIAL_S;
use network::model::Observed;
use tokio::time::timeout;

use super::change::{Change, End};
use super::draft::WifiAnswer;
use crate::hotspot::Manager;

impl Change {
    /// Goes on with one that the end of the daemon has cut off, to its end.
    pub(super) async fn go_on(mut self) {
        tracing::warn!(who = self.who, what = "setup", "a change was cut off by a restart");
        let end = self.take_up().await;
        self.conclude(end).await;
    }

    /// What is on trial by now: the network service outlives the daemon, but not a power cut.
    async fn take_up(&mut self) -> Result<End> {
        if self.hotspot.now().manager == Manager::None || self.draft.wifi == Some(WifiAnswer::Leave) {
            return self.finish().await;
        }
        let Some(observed) = self.first_seen().await else {
            let stops = self.stopping.is_cancelled();
            return Ok(if stops { End::Stopping } else { End::TakenBack });
        };
        let wanted = self.draft.wanted(&observed)?;
        if network::plan(&observed, &wanted)?.is_empty() {
            // Confirmed, and cut off before that was written down; or the network stays.
            return self.finish().await;
        }
        self.answer_to_the_name();
        match self.hotspot.take_up(&self.who, &wanted).await? {
            Some(left_s) => self.trial(&wanted, left_s).await,
            None => Ok(End::TakenBack),
        }
    }

    /// The network as soon as it can be seen, unless the daemon stops. When a trial would be over
    /// there is nothing to wait for any more.
    async fn first_seen(&self) -> Option<Arc<Observed>> {
        let mut status = self.hotspot.status();
        let seen = async {
            let status = status.wait_for(|status| status.observed.is_some()).await.ok()?;
            status.observed.clone()
        };
        tokio::select! {
            seen = timeout(Duration::from_secs(NETWORK_TRIAL_S.into()), seen) => seen.ok().flatten(),
            () = self.stopping.cancelled() => None,
        }
    }

    /// What there is besides the network. Telling the machine twice does no harm.
    async fn finish(&self) -> Result<End> {
        self.prepare_for(&self.draft).await?;
        Ok(End::Confirmed)
    }
}
