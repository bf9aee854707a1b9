//! `kelasd check`: what is in force, or everything that is wrong.
//!
//! With a file on the boot partition that is left out it does both, and ends as with any wrong
//! setting: the daemon would run, but not as somebody meant.

use std::io::{self, Write as _};

use crate::args::Options;
use crate::exit::Exit;
use crate::settings::problem::Problem;
use crate::settings::{self, Effective};

/// Prints each setting in force with its source, or all problems.
pub(crate) fn run(options: &Options) -> Exit {
    match settings::read(options, settings::environment()) {
        Ok(effective) => {
            tell_left_out(&effective.left_out);
            match show(&effective) {
                Ok(()) if effective.left_out.is_empty() => Exit::Stopped,
                Ok(()) => Exit::Settings,
                Err(_) => Exit::Fault,
            }
        }
        Err(problems) => complain(&problems),
    }
}

/// Prints all problems on standard error.
pub(crate) fn complain(problems: &[Problem]) -> Exit {
    eprintln!("kelasd: {} in the settings", counted(problems));
    list(problems);
    Exit::Settings
}

/// Prints why the file on the boot partition is left out, if it is.
pub(crate) fn tell_left_out(problems: &[Problem]) {
    if !problems.is_empty() {
        eprintln!("kelasd: the settings on the boot partition are left out: {}", counted(problems));
        list(problems);
    }
}

/// How many they are.
pub(crate) fn counted(problems: &[Problem]) -> String {
    let count = problems.len();
    format!("{count} {}", if count == 1 { "problem" } else { "problems" })
}

fn list(problems: &[Problem]) {
    for problem in problems {
        eprintln!("  {problem}");
    }
}

fn show(effective: &Effective) -> io::Result<()> {
    let width = effective.report.iter().map(|(name, _, _)| name.len()).max().unwrap_or(0);
    let mut out = io::stdout().lock();
    for (name, value, source) in &effective.report {
        writeln!(out, "{name:width$} = {}  ({source})", if value.is_empty() { "(empty)" } else { value })?;
    }
    Ok(())
}
