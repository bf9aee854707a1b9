//! What is kept, and that it stays so: backups, room on the card, files that nobody needs. What a
//! backup brought back takes its place before anything is opened.

use std::sync::Arc;

use base::clock::Clock;
use nix::sys::signal::{Signal, raise};
use store::Store;

use super::start::StartError;
use crate::backup::{self, Backup, Parts, Swapped};
use crate::files::{self, Files};
use crate::health::Health;
use crate::problems::CardProblems;
use crate::settings::Settings;
use crate::tasks::Tasks;
use crate::{space, watchdog};

/// Does what was decided before this start.
pub(super) fn restored(settings: &Settings) -> Result<Swapped, StartError> {
    let swapped = backup::at_start(&settings.data)
        .map_err(|cause| StartError::Restore { path: settings.data.join("restore"), cause })?;
    match swapped {
        Swapped::Nothing => {}
        Swapped::Restored => tracing::info!("this start runs by the data of a backup"),
        Swapped::TakenBack => {
            tracing::error!("no start by the data of a backup came to its end: the old data has returned");
        }
    }
    Ok(swapped)
}

/// Makes backups, and copies of the database by itself.
pub(super) fn start(
    settings: &Settings,
    store: &Store,
    files: &Files,
    clock: &Arc<dyn Clock>,
    tasks: &Tasks,
    swapped: Swapped,
) -> Backup {
    let parts = Parts {
        data: settings.data.clone(),
        store: store.clone(),
        files: files.clone(),
        clock: Arc::clone(clock),
        tasks: tasks.clone(),
        start_again: Arc::new(start_again),
    };
    let backup = Backup::new(parts, swapped);
    tasks.spawn("copies of the database", backup::watch(backup.clone(), tasks.stopping()));
    backup
}

/// Room on the card, and files that nobody needs.
pub(super) fn look_after(settings: &Settings, files: Files, problems: &CardProblems, tasks: &Tasks) {
    tasks.spawn("space", space::watch(settings.data.clone(), problems.clone(), tasks.stopping()));
    tasks.spawn("files", files::watch(files, tasks.stopping()));
}

/// Signs of life for the service manager, if it wants them.
pub(super) fn ping(health: Health, tasks: &Tasks) {
    if let Some(interval) = sd_notify::watchdog_enabled() {
        tasks.spawn("watchdog", watchdog::ping(health, interval, tasks.stopping()));
    }
}

/// The service manager starts the daemon anew; at a desk whoever ended it does.
fn start_again() {
    if let Err(error) = raise(Signal::SIGTERM) {
        tracing::error!(%error, "the daemon could not end itself");
    }
}
