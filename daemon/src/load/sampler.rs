//! Takes a sample of the machine: asks everything that can be asked, in one go, on a thread that
//! may wait.
//!
//! May use: everything in `load` that reads /proc and /sys. Used by: `load`.

use std::path::PathBuf;

use base::clock::Monotonic;

use super::board::Board;
use super::ledger::Ledger;
use super::machine::Machine;
use super::process::ProcessReader;

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
}

impl Sampler {
    pub(super) fn new(places: &Places) -> Self {
        Self {
            machine: Machine::new(&places.proc),
            board: Board::new(&places.proc, &places.sys, &places.data),
            daemon: ProcessReader::new(&places.proc, None),
        }
    }

    /// Begins a sample at `now` and reads the machine.
    pub(super) fn read(&mut self, now: Monotonic, ledger: &mut Ledger) {
        ledger.begin(now);
        self.machine.read(ledger);
        self.board.read(ledger);
        self.daemon.read(ledger);
    }
}
