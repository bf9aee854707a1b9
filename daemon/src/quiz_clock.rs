//! Now and then writes down how much of their time attempts at quizzes have used, and hands in those
//! whose time is over (docs/decisions/0018).
//!
//! May use: `base`, `store`. Used by: `run`.

use std::time::Duration;

use base::limits::ATTEMPT_NOTE_MS;
use store::Store;
use tokio_util::sync::CancellationToken;

/// Runs until the daemon stops, and writes down once more then.
pub(crate) async fn keep(store: Store, stopping: CancellationToken) {
    let mut every = tokio::time::interval(Duration::from_millis(ATTEMPT_NOTE_MS));
    // After a card that hung for long, once is enough.
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let is_stopping = tokio::select! {
            _ = every.tick() => false,
            () = stopping.cancelled() => true,
        };
        match store.note_attempts().await {
            Ok(0) => {}
            Ok(ended) => tracing::info!(ended, "attempts at quizzes were handed in: their time was over"),
            Err(error) => tracing::warn!(%error, "what attempts at quizzes have used was not written down"),
        }
        if is_stopping {
            return;
        }
    }
}
