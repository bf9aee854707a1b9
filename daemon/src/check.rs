//! `kelasd check`: what is in force, or everything that is wrong.

use std::io::{self, Write as _};

use crate::args::Options;
use crate::exit::Exit;
use crate::settings::problem::Problem;
use crate::settings::{self, Effective};

/// Prints each setting in force with its source, or all problems.
pub(crate) fn run(options: &Options) -> Exit {
    match settings::read(options, settings::environment()) {
        Ok(effective) => match show(&effective) {
            Ok(()) => Exit::Stopped,
            Err(_) => Exit::Fault,
        },
        Err(problems) => complain(&problems),
    }
}

/// Prints all problems on standard error.
pub(crate) fn complain(problems: &[Problem]) -> Exit {
    let count = problems.len();
    eprintln!("kelasd: {count} {} in the settings", if count == 1 { "problem" } else { "problems" });
    for problem in problems {
        eprintln!("  {problem}");
    }
    Exit::Settings
}

fn show(effective: &Effective) -> io::Result<()> {
    let width = effective.report.iter().map(|(name, _, _)| name.len()).max().unwrap_or(0);
    let mut out = io::stdout().lock();
    for (name, value, source) in &effective.report {
        writeln!(out, "{name:width$} = {}  ({source})", if value.is_empty() { "(empty)" } else { value })?;
    }
    Ok(())
}
