//! What one process costs, as the kernel counts it: the daemon, and in tests a child.
//!
//! May use: `source`, `ledger`, procfs. Used by: `sampler`.

use std::path::Path;

use nix::time::ClockId;
use nix::unistd::Pid;
use procfs::WithCurrentSystemInfo as _;
use procfs::prelude::*;
use procfs::process::{SmapsRollup, Stat};

use super::ledger::Ledger;
use super::machine::whole;
use super::measure::Measure;
use super::source::Source;

/// PSS is read at every so many samples: the kernel walks all pages of the process for it, which
/// costs more than all the rest.
const PSS_EVERY: u32 = 10;

/// Reads it.
#[derive(Debug)]
pub(super) struct ProcessReader {
    /// Counts nanoseconds; /proc/self/stat has ticks of 10 ms, too coarse for one join.
    clock: Option<ClockId>,
    stat: Source,
    rollup: Source,
    files: std::path::PathBuf,
    until_pss: u32,
    pss: Option<f64>,
}

impl ProcessReader {
    /// Of the process `pid`; none: of our own.
    pub(super) fn new(proc: &Path, pid: Option<Pid>) -> Self {
        let folder = proc.join(pid.map_or_else(|| "self".to_owned(), |pid| pid.to_string()));
        let clock = match pid {
            None => Some(ClockId::CLOCK_PROCESS_CPUTIME_ID),
            Some(pid) => ClockId::pid_cpu_clock_id(pid).ok(),
        };
        Self {
            clock,
            stat: Source::new(folder.join("stat")),
            rollup: Source::new(folder.join("smaps_rollup")),
            files: folder.join("fd"),
            until_pss: 0,
            pss: None,
        }
    }

    pub(super) fn read(&mut self, ledger: &mut Ledger) {
        if let Some(spent) = self.clock.and_then(|clock| clock.now().ok()) {
            ledger.count(Measure::DaemonCpu, permille_seconds(spent));
        }
        if let Some(stat) = self.stat.read(|bytes| Stat::from_read(bytes).ok()) {
            ledger.note(Measure::DaemonRss, whole(stat.rss_bytes().get()));
            ledger.note(Measure::DaemonThreads, super::source::as_float(stat.num_threads));
        }
        if self.until_pss == 0 {
            self.until_pss = PSS_EVERY;
            self.pss = self.rollup.read(pss);
        }
        self.until_pss -= 1;
        ledger.note_some(Measure::DaemonPss, self.pss);
        if let Ok(files) = std::fs::read_dir(&self.files) {
            // One is the folder itself, while it is read.
            ledger.note(Measure::DaemonFiles, whole((files.count() as u64).saturating_sub(1)));
        }
    }
}

fn pss(bytes: &[u8]) -> Option<f64> {
    let rollup = SmapsRollup::from_buf_read(bytes).ok()?;
    let map = rollup.memory_map_rollup.0.into_iter().next()?.extension.map;
    map.get("Pss").copied().map(whole)
}

/// A whole core for a second is 1,000.
fn permille_seconds(spent: nix::sys::time::TimeSpec) -> f64 {
    std::time::Duration::from(spent).as_secs_f64() * 1_000.0
}
