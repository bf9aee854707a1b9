//! `kelasd`, the classroom server: one process that serves the class site, introduces browsers
//! to each other, keeps what they write, and tells what that costs.
//!
//! `run` composes the parts; `tasks` starts every task there is. ARCHITECTURE.md has the map.

mod addresses;
mod advance;
mod announcement;
mod archive;
mod args;
mod auth;
mod backup;
mod bots;
mod certificate;
mod check;
mod console;
mod course_archive;
mod demo;
mod exit;
mod files;
mod health;
mod host;
mod hotspot;
mod http;
mod i18n;
mod invite;
mod live;
mod load;
mod logging;
mod measurement;
mod metrics;
mod names;
mod notifications;
mod portal;
mod problems;
mod quiz_clock;
mod restore;
mod roster;
mod run;
mod settings;
mod setup;
mod signals;
mod site;
mod sockets;
mod space;
mod spreadsheet;
mod stun_task;
mod tasks;
mod trust_files;
mod watchdog;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use args::{Arguments, Command};
use exit::Exit;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(told) => {
            let asked = !told.use_stderr();
            return match told.print() {
                Ok(()) if asked => ExitCode::SUCCESS,
                _ => Exit::Usage.into(),
            };
        }
    };
    match arguments.command {
        Command::Serve(options) => run::serve(&options),
        Command::Check(options) => check::run(&options).into(),
        Command::Invite(invitation) => invite::run(&invitation).into(),
        Command::Restore(restoration) => restore::run(&restoration).into(),
        Command::Bots(crew) => bots::run(&crew).into(),
        Command::Manual => print(args::manual()),
        Command::Routes => print(Ok(run::paths().into_bytes())),
    }
}

fn print(page: std::io::Result<Vec<u8>>) -> ExitCode {
    let printed = page.and_then(|page| std::io::stdout().write_all(&page));
    printed.map_or(Exit::Fault, |()| Exit::Stopped).into()
}
