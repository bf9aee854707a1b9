//! Tells the service manager that we are alive, but only while we are: when the store or the hub
//! does not answer, the pings stop and the daemon is started anew.
//!
//! May use: `health`, `notifications`. Used by: `run`.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::health::Health;
use crate::notifications;

/// Pings until the daemon stops. `interval` is how long the service manager waits.
pub(crate) async fn ping(health: Health, interval: Duration, stopping: CancellationToken) {
    // Half of it, as sd_watchdog_enabled(3) recommends.
    let pause = interval / 2;
    loop {
        match health.check().await {
            Ok(()) => notifications::alive(),
            Err(error) => tracing::error!(%error, "not well; the service manager is not told that we are"),
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stopping.cancelled() => return,
        }
    }
}
