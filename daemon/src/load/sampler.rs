//! Takes a sample of the machine: asks everything that can be asked, in one go, on a thread that
//! may wait.
//!
//! May use: everything in `load` that reads /proc and /sys. Used by: `load`.

use std::path::PathBuf;

use base::clock::Monotonic;
use nix::time::ClockId;

use super::board::Board;
use super::ledger::Ledger;
use super::machine::Machine;
use super::measure::Measure;
use super::process::{ProcessReader, permille_seconds};

/// Where the kernel tells of itself, and what is to be watched.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    /// Usually /proc.
    pub(crate) proc: PathBuf,
    /// Usually /sys.
    pub(crate) sys: PathBuf,
    /// A folder on the data partition.
    pub(crate) data: PathBuf,
}

impl Places {
    /// Those of the machine, with the data in `data`.
    pub(crate) fn of(data: PathBuf) -> Self {
        Self { proc: "/proc".into(), sys: "/sys".into(), data }
    }
}

/// Everything that is read of the machine.
#[derive(Debug)]
pub(super) struct Sampler {
    machine: Machine,
    board: Board,
    daemon: ProcessReader,
    /// CPU that all samples have cost.
    spent_permille_seconds: f64,
}

impl Sampler {
    pub(super) fn new(places: &Places) -> Self {
        Self {
            machine: Machine::new(&places.proc),
            board: Board::new(&places.proc, &places.sys, &places.data),
            daemon: ProcessReader::new(&places.proc, None),
            spent_permille_seconds: 0.0,
        }
    }

    /// Begins a sample at `now` and reads the machine. What this thread spends on it is part of
    /// the next sample.
    pub(super) fn read(&mut self, now: Monotonic, ledger: &mut Ledger) {
        let clock = ClockId::CLOCK_THREAD_CPUTIME_ID;
        let before = clock.now().ok();
        ledger.begin(now);
        self.machine.read(ledger);
        self.board.read(ledger);
        self.daemon.read(ledger);
        ledger.count(Measure::SamplingCpu, self.spent_permille_seconds);
        if let (Some(before), Ok(after)) = (before, clock.now()) {
            self.spent_permille_seconds += permille_seconds(after) - permille_seconds(before);
        }
    }
}
