//! Tells the service manager that we are alive, but only while we are: when the store or the hub
//! does not answer, the pings stop and the daemon is started anew.
//!
//! May use: `health`, `notifications`. Used by: `run`.

use std::time::Duration;

use base::Result;
use tokio_util::sync::CancellationToken;

use crate::health::Health;
use crate::notifications;

/// Pings until the daemon stops. `interval` is how long the service manager waits.
pub(crate) async fn ping(health: Health, interval: Duration, stopping: CancellationToken) {
    let check = || {
        let health = health.clone();
        async move { health.check().await }
    };
    watch(check, notifications::alive, interval, stopping).await;
}

async fn watch<F>(check: impl Fn() -> F, alive: impl Fn(), interval: Duration, stopping: CancellationToken)
where
    F: Future<Output = Result<()>>,
{
    loop {
        let pause = match check().await {
            // Half of it, as sd_watchdog_enabled(3) recommends.
            Ok(()) => {
                alive();
                interval / 2
            }
            // A card that tidies itself up may take seconds once; only who stays unwell is
            // started anew.
            Err(error) => {
                tracing::error!(%error, "not well; the service manager is not told that we are");
                interval / 10
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stopping.cancelled() => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use base::{Code, Error};
    use tokio::time::Instant;

    use super::*;

    const INTERVAL: Duration = Duration::from_secs(30);

    /// When we were called alive in `minutes`, in seconds, if every check of `failing` fails.
    async fn pings(minutes: u64, failing: impl Fn(u32) -> bool) -> Vec<u64> {
        let (started, count, told) = (Instant::now(), Cell::new(0), RefCell::new(Vec::new()));
        let check = || {
            count.set(count.get() + 1);
            let fails = failing(count.get());
            async move { if fails { Err(Error::new(Code::Unavailable)) } else { Ok(()) } }
        };
        let alive = || told.borrow_mut().push(started.elapsed().as_secs());
        let watching = watch(check, alive, INTERVAL, CancellationToken::new());
        let _ = tokio::time::timeout(Duration::from_secs(minutes * 60), watching).await;
        told.into_inner()
    }

    #[tokio::test(start_paused = true)]
    async fn one_bad_moment_is_forgiven_before_the_service_manager_loses_patience() {
        let told = pings(2, |count| count % 2 == 0).await;
        let longest = told.windows(2).map(|pair| pair[1] - pair[0]).max().expect("several");
        assert!(longest < INTERVAL.as_secs(), "{told:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn who_stays_unwell_is_not_called_alive() {
        assert_eq!(pings(2, |count| count > 1).await, [0]);
    }
}
