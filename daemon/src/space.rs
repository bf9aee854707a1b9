//! Whether the data partition has room: looked at while the daemon runs, and told as a problem of
//! the card before the first message is refused.
//!
//! May use: `problems`, `tasks`, nix. Used by: `run`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use base::limits::DATA_SPARE_BYTES;
use nix::sys::statvfs::statvfs;
use tokio_util::sync::CancellationToken;

use crate::problems::{CardProblem, CardProblems, DATA_FULL};
use crate::tasks;

/// How often it is looked at.
const LOOK: Duration = Duration::from_secs(15);

/// Looks once, blocking for a moment.
pub(crate) fn look(folder: &Path, problems: &CardProblems) {
    let free = match statvfs(folder) {
        Ok(disk) => disk.blocks_available().saturating_mul(disk.fragment_size()),
        Err(error) => {
            tracing::debug!(%error, "the data partition's room is not known");
            return;
        }
    };
    // Twice as much ends it, so that it does not come and go with each message.
    if free < DATA_SPARE_BYTES {
        let detail = format!("{} has {} KiB left", folder.display(), free / 1_024);
        if problems.add(CardProblem::new(DATA_FULL, vec![detail.clone()])) {
            tracing::error!("the data partition is full: {detail}");
        }
    } else if free >= 2 * DATA_SPARE_BYTES && problems.remove(DATA_FULL) {
        tracing::info!("the data partition has room again");
    }
}

/// Looks until the daemon stops.
pub(crate) async fn watch(folder: PathBuf, problems: CardProblems, stopping: CancellationToken) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = stopping.cancelled() => return,
        }
        let (folder, problems) = (folder.clone(), problems.clone());
        // A card that does not answer must hold up nobody else.
        if let Err(error) = tasks::blocking(move || look(&folder, &problems)).await {
            tracing::error!(%error, "the data partition could not be looked at");
        }
    }
}
