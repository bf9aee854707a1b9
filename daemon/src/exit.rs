//! How the process ends: one status per cause, after sysexits(3).

use std::process::ExitCode;

/// Why the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Stopped as asked.
    Stopped,
    /// The command line is wrong (`EX_USAGE`).
    Usage,
    /// An address to listen on is taken or not there (`EX_UNAVAILABLE`).
    Unavailable,
    /// A fault of ours (`EX_SOFTWARE`).
    Fault,
    /// The data folder or the database cannot be used (`EX_IOERR`).
    Storage,
    /// Not permitted to listen on an address (`EX_NOPERM`).
    NotPermitted,
    /// A setting is wrong (`EX_CONFIG`).
    Settings,
    /// Told twice to stop: ended with work unfinished (what a shell shows for SIGINT).
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Stopped => 0,
            Exit::Usage => 64,
            Exit::Unavailable => 69,
            Exit::Fault => 70,
            Exit::Storage => 74,
            Exit::NotPermitted => 77,
            Exit::Settings => 78,
            Exit::Interrupted => 130,
        })
    }
}
