//! Whether the data partition has room: looked at while the daemon runs, and told as a problem of
//! the card before the first message is refused; and how much of it files may take.
//!
//! May use: `problems`, `tasks`, nix. Used by: `files`, `run`.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base::limits::{DATA_SPARE_BYTES, FILES_SPARE_BYTES};
use nix::sys::statvfs::statvfs;
use tokio_util::sync::CancellationToken;

use crate::problems::{CardProblem, CardProblems, DATA_FULL};
use crate::tasks;

/// How often it is looked at.
const LOOK: Duration = Duration::from_secs(15);

/// Looks once, blocking for a moment.
pub(crate) fn look(folder: &Path, problems: &CardProblems) {
    match statvfs(folder) {
        Ok(disk) => judge(disk.blocks_available().saturating_mul(disk.fragment_size()), folder, problems),
        Err(error) => tracing::debug!(%error, "the data partition's room is not known"),
    }
}

/// Bytes that files may still take on the partition of `folder`, blocking for a moment. The rest is
/// for the database, which a full card would stop in the middle of a lesson.
pub(crate) fn for_files(folder: &Path) -> io::Result<u64> {
    let disk = statvfs(folder)?;
    let bytes = |blocks: u64| blocks.saturating_mul(disk.fragment_size());
    Ok(beyond_spare(bytes(disk.blocks_available()), bytes(disk.blocks())))
}

fn beyond_spare(free: u64, total: u64) -> u64 {
    free.saturating_sub(FILES_SPARE_BYTES.min(total / 10).max(2 * DATA_SPARE_BYTES))
}

/// Twice as much as begins it ends it, so that it does not come and go with each message.
fn judge(free: u64, folder: &Path, problems: &CardProblems) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::Tasks;

    fn is_told(problems: &CardProblems) -> bool {
        problems.now().iter().any(|problem| problem.code == DATA_FULL)
    }

    #[test]
    fn it_is_told_below_the_limit_until_there_is_twice_as_much() {
        let problems = CardProblems::new(Vec::new());
        let spare = DATA_SPARE_BYTES;
        for (free, told) in [
            (2 * spare, false),
            (spare, false),
            (spare - 1, true),
            (0, true),
            (2 * spare - 1, true),
            (2 * spare, false),
            (2 * spare - 1, false),
        ] {
            judge(free, Path::new("/data/kelas"), &problems);
            assert_eq!(is_told(&problems), told, "{free}");
        }
        judge(5 * 1_024, Path::new("/data/kelas"), &problems);
        assert_eq!(problems.now()[0].details, ["/data/kelas has 5 KiB left"]);
    }

    #[test]
    fn files_leave_a_tenth_of_a_small_card_and_a_quarter_gigabyte_of_a_large_one() {
        const MB: u64 = 1024 * 1024;
        for (free, total, room) in [
            (20_000 * MB, 28_000 * MB, 19_744 * MB),
            (256 * MB, 28_000 * MB, 0),
            (500 * MB, 1_000 * MB, 400 * MB),
            (16 * MB, 16 * MB, 12 * MB),
            (0, 16 * MB, 0),
        ] {
            assert_eq!(beyond_spare(free, total), room, "{free} of {total}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_system_found_at_boot_is_taken_back_when_there_is_room() {
        let folder = tempfile::tempdir().expect("a folder");
        let problems = CardProblems::new(vec![CardProblem::new(DATA_FULL, Vec::new())]);
        let tasks = Tasks::default();
        tasks.spawn("space", watch(folder.path().to_owned(), problems.clone(), tasks.stopping()));
        let mut changes = problems.changes();
        let told = tokio::time::timeout(2 * LOOK, changes.changed()).await;
        told.expect("at the first look").expect("still open");
        assert!(!is_told(&problems));
        assert_eq!(tasks.stop(Duration::from_secs(5)).await, Vec::<&str>::new());
    }
}
