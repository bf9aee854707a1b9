//! The daemon's life as a story. The only place that knows every part.

mod compose;
mod keep;
mod measure;
mod start;

use std::process::ExitCode;
use std::time::Duration;

use base::limits;

use crate::args::Options;
use crate::exit::Exit;
use crate::logging::{self, Logging};
use crate::problems::{self, CardProblem, CardProblems};
use crate::settings::problem::Problem;
use crate::settings::{self, Effective};
use crate::signals::{Asked, Signals};
use crate::tasks::Tasks;
use crate::{check, notifications};

pub(crate) use compose::paths;
use start::{FirstPartition, Running};

/// Runs the daemon until it is told to stop.
pub(crate) fn serve(options: &Options) -> ExitCode {
    let effective = match settings::read(options, settings::environment()) {
        Ok(effective) => effective,
        Err(problems) => return refuse(&problems).into(),
    };
    let logging = logging::start(&effective.settings.log);
    tell_left_out(&effective.left_out);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!("cannot start: {error}");
            return Exit::Fault.into();
        }
    };
    let exit = runtime.block_on(live(options, &effective, &logging));
    // Whoever is late was named; nobody is waited for any longer.
    runtime.shutdown_background();
    exit.into()
}

/// In one line of the log, which the system shows on the console.
fn refuse(problems: &[Problem]) -> Exit {
    logging::start("info");
    let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let (counted, all) = (check::counted(problems), all.join("; "));
    tracing::error!("not started: {counted} in the settings (`kelasd check` lists them): {all}");
    Exit::Settings
}

/// From nothing to ready, until a signal, and back.
async fn live(options: &Options, effective: &Effective, logging: &Logging) -> Exit {
    let mut signals = match Signals::new() {
        Ok(signals) => signals,
        Err(error) => {
            tracing::error!("cannot listen to signals: {error}");
            return Exit::Fault;
        }
    };
    let problems = card_problems(options, &effective.left_out);
    let card = FirstPartition {
        left_out: effective.left_out.iter().map(ToString::to_string).collect(),
        errors: options.boot_config.with_file_name("kelas-errors.txt"),
    };
    let running = match start::everything(&effective.settings, problems, card).await {
        Ok(running) => running,
        Err(error) => {
            tracing::error!("not started: {error}");
            return error.exit();
        }
    };
    notifications::ready();
    if let Err(error) = crate::backup::started(&effective.settings.data) {
        tracing::warn!(%error, "the data from before the restore could not be deleted");
    }
    if let Err(error) = running.announcement.print(effective.settings.announce) {
        tracing::warn!(%error, "the announcement could not be printed");
    }
    while signals.next().await == Asked::Reload {
        reload(options, logging, &running).await;
    }
    stop(running, &mut signals).await
}

/// What the system found, and the daemon.
fn card_problems(options: &Options, left_out: &[Problem]) -> CardProblems {
    let mut found = problems::read(&options.problems);
    // Noted at boot for the console; since then somebody may have put the file right.
    found.retain(|problem| problem.code != problems::SETTINGS_IGNORED);
    for problem in &found {
        tracing::warn!(code = problem.code, detail = ?problem.details, "something is wrong with the card");
    }
    if !left_out.is_empty() {
        let details = left_out.iter().map(ToString::to_string).collect();
        found.push(CardProblem::new(problems::SETTINGS_IGNORED, details));
    }
    CardProblems::new(found)
}

fn tell_left_out(problems: &[Problem]) {
    for problem in problems {
        tracing::error!("the settings on the boot partition are left out: {problem}");
    }
}

/// What SIGHUP does: the log level, and a certificate for the addresses and the clock of now.
async fn reload(options: &Options, logging: &Logging, running: &Running) {
    notifications::reloading();
    match settings::read(options, settings::environment()) {
        Ok(effective) => {
            tell_left_out(&effective.left_out);
            logging.set(&effective.settings.log);
        }
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
