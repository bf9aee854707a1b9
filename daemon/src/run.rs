//! The daemon's life as a story. The only place that knows every part.

mod compose;
mod start;

use std::process::ExitCode;
use std::time::Duration;

use base::limits;

use crate::args::Options;
use crate::exit::Exit;
use crate::logging::{self, Logging};
use crate::settings::{self, Settings};
use crate::signals::{Asked, Signals};
use crate::tasks::Tasks;
use crate::{check, notifications};

use start::Running;

/// Runs the daemon until it is told to stop.
pub(crate) fn serve(options: &Options) -> ExitCode {
    let effective = match settings::read(options, settings::environment()) {
        Ok(effective) => effective,
        Err(problems) => return check::complain(&problems).into(),
    };
    let logging = logging::start(&effective.settings.log);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!("cannot start: {error}");
            return Exit::Fault.into();
        }
    };
    let exit = runtime.block_on(live(options, &effective.settings, &logging));
    // Whoever is late was named; nobody is waited for any longer.
    runtime.shutdown_background();
    exit.into()
}

/// From nothing to ready, until a signal, and back.
async fn live(options: &Options, settings: &Settings, logging: &Logging) -> Exit {
    let mut signals = match Signals::new() {
        Ok(signals) => signals,
        Err(error) => {
            tracing::error!("cannot listen to signals: {error}");
            return Exit::Fault;
        }
    };
    let running = match start::everything(settings).await {
        Ok(running) => running,
        Err(error) => {
            tracing::error!("not started: {error}");
            return error.exit();
        }
    };
    notifications::ready();
    if let Err(error) = running.announcement.print(settings.announce) {
        tracing::warn!(%error, "the announcement could not be printed");
    }
    while signals.next().await == Asked::Reload {
        reload(options, logging, &running).await;
    }
    stop(running, &mut signals).await
}

/// What SIGHUP does: the log level, and a certificate for the addresses and the clock of now.
async fn reload(options: &Options, logging: &Logging, running: &Running) {
    notifications::reloading();
    match settings::read(options, settings::environment()) {
        Ok(effective) => logging.set(&effective.settings.log),
        Err(problems) => {
            for problem in problems {
                tracing::error!("the settings stay as they were: {problem}");
            }
        }
    }
    running.certificates.renew().await;
    tracing::info!("reloaded");
    notifications::ready();
}

/// Tells everybody, waits for all, closes the store. A second signal ends it now.
async fn stop(running: Running, signals: &mut Signals) -> Exit {
    tracing::info!("stopping");
    notifications::stopping();
    tokio::select! {
        exit = wind_down(running) => exit,
        () = signals.stop() => {
            tracing::warn!("told twice to stop; ending now");
            Exit::Interrupted
        }
    }
}

async fn wind_down(running: Running) -> Exit {
    let Running { tasks, store, .. } = running;
    let late = stop_tasks(&tasks).await;
    if let Err(error) = store.close().await {
        tracing::error!(%error, "the store was not closed in order; what was acknowledged is safe");
        return Exit::Storage;
    }
    if late { Exit::Fault } else { Exit::Stopped }
}

/// Whether somebody was late.
async fn stop_tasks(tasks: &Tasks) -> bool {
    let late = tasks.stop(Duration::from_millis(limits::STOP_MS)).await;
    if late.is_empty() {
        tracing::info!("all tasks ended");
        return false;
    }
    tracing::error!(?late, "some tasks did not end in time");
    true
}
