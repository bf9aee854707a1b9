//! Which cores a server and its clients may use.
//!
//! A server is saturated only while it has more to do than it can. The clients here compute as much
//! for each message as a lean server does, so that with a core of its own such a server waits for
//! them, reads every message by itself, and looks dearer than it is. On one core with its clients
//! it always has a queue, whoever it is.

use std::path::Path;

use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;
use tokio::process::Command;

use crate::Outcome;

/// Where something runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cores {
    /// Wherever the kernel puts it.
    All,
    /// On the first one that is ours, with everything else that is measured.
    One,
}

impl Cores {
    /// `program` where this says, with as many threads as everywhere.
    pub(crate) fn command(self, program: &Path) -> Outcome<Command> {
        let mut command = match self {
            Self::All => Command::new(program),
            Self::One => {
                let mut command = Command::new("taskset");
                command.args(["--cpu-list", &first()?.to_string()]).arg(program);
                command
            }
        };
        // A runtime that sees one core would start one thread, which is another server.
        command.env("TOKIO_WORKER_THREADS", online()?.to_string());
        Ok(command)
    }
}

/// Keeps this thread on one core until it is dropped.
pub(crate) struct Pinned(CpuSet);

impl Pinned {
    /// On the core that [`Cores::One`] means.
    pub(crate) fn to_one() -> Outcome<Self> {
        let before = sched_getaffinity(Pid::from_raw(0))?;
        let mut one = CpuSet::new();
        one.set(first()?)?;
        sched_setaffinity(Pid::from_raw(0), &one)?;
        Ok(Self(before))
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        if let Err(error) = sched_setaffinity(Pid::from_raw(0), &self.0) {
            eprintln!("the clients stay on one core: {error}");
        }
    }
}

/// Cores of the machine, also while this thread is kept on one.
fn online() -> Outcome<usize> {
    let processors = std::fs::read_to_string("/proc/cpuinfo")?;
    Ok(processors.lines().filter(|line| line.starts_with("processor")).count().max(1))
}

fn first() -> Outcome<usize> {
    let ours = sched_getaffinity(Pid::from_raw(0))?;
    let found = (0..CpuSet::count()).find(|core| ours.is_set(*core).unwrap_or(false));
    found.ok_or_else(|| "no core is ours".into())
}
