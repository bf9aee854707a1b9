//! What the whole machine does, by /proc: processors, memory, pressure.
//!
//! May use: `source`, `ledger`, procfs. Used by: `sampler`.

use std::path::Path;

use procfs::prelude::*;
use procfs::{
    CpuPressure, CpuTime, IoPressure, KernelStats, LoadAverage, Meminfo, MemoryPressure, PressureRecord,
    current_system_info,
};

use super::ledger::Ledger;
use super::measure::Measure;
use super::source::Source;

/// Reads it.
#[derive(Debug)]
pub(super) struct Machine {
    stat: Source,
    loadavg: Source,
    meminfo: Source,
    pressure_cpu: Source,
    pressure_memory: Source,
    pressure_io: Source,
}

impl Machine {
    /// With /proc at `proc`.
    pub(super) fn new(proc: &Path) -> Self {
        let source = |name: &str| Source::new(proc.join(name));
        Self {
            stat: source("stat"),
            loadavg: source("loadavg"),
            meminfo: source("meminfo"),
            pressure_cpu: source("pressure/cpu"),
            pressure_memory: source("pressure/memory"),
            pressure_io: source("pressure/io"),
        }
    }

    pub(super) fn read(&mut self, ledger: &mut Ledger) {
        self.processors(ledger);
        self.memory(ledger);
        self.pressure(ledger);
        if let Some(load) = self.loadavg.read(|bytes| LoadAverage::from_read(bytes).ok()) {
            ledger.note(Measure::Load1, load.one.into());
            ledger.note(Measure::Load5, load.five.into());
            ledger.note(Measure::Load15, load.fifteen.into());
        }
    }

    fn processors(&mut self, ledger: &mut Ledger) {
        let parse = |bytes: &[u8]| KernelStats::from_buf_read(bytes, current_system_info()).ok();
        let Some(stat) = self.stat.read(parse) else { return };
        let cores = stat.cpu_time.len();
        if cores == 0 {
            return;
        }
        let share = 1.0 / f64::from(u32::try_from(cores).unwrap_or(u32::MAX));
        let total = &stat.total;
        let interrupts = total.irq.unwrap_or_default() + total.softirq.unwrap_or_default();
        for (measure, ticks) in [
            (Measure::CpuBusy, Some(busy(total))),
            (Measure::CpuUser, Some(total.user + total.nice)),
            (Measure::CpuSystem, Some(total.system)),
            (Measure::CpuInterrupts, total.irq.map(|_| interrupts)),
            (Measure::CpuIowait, total.iowait),
            (Measure::CpuSteal, total.steal),
        ] {
            if let Some(ticks) = ticks {
                ledger.count(measure, permille_seconds(ticks) * share);
            }
        }
        for (core, time) in stat.cpu_time.iter().enumerate() {
            ledger.count_of(Measure::CoreBusy, &core.to_string(), permille_seconds(busy(time)));
        }
    }

    fn memory(&mut self, ledger: &mut Ledger) {
        let Some(memory) = self.meminfo.read(|bytes| Meminfo::from_buf_read(bytes).ok()) else { return };
        ledger.note(Measure::MemoryTotal, whole(memory.mem_total));
        ledger.note_some(Measure::MemoryAvailable, memory.mem_available.map(whole));
        // A machine that has nowhere to swap to has no such values.
        if memory.swap_total > 0 {
            ledger.note(Measure::SwapTotal, whole(memory.swap_total));
            ledger.note(Measure::SwapUsed, whole(memory.swap_total.saturating_sub(memory.swap_free)));
        }
    }

    fn pressure(&mut self, ledger: &mut Ledger) {
        let mut count = |measure, record: &PressureRecord| {
            ledger.count(measure, whole(record.total) / 1_000.0);
        };
        if let Some(cpu) = self.pressure_cpu.read(|bytes| CpuPressure::from_buf_read(bytes).ok()) {
            count(Measure::PressureCpu, &cpu.some);
        }
        if let Some(memory) = self.pressure_memory.read(|bytes| MemoryPressure::from_buf_read(bytes).ok()) {
            count(Measure::PressureMemory, &memory.some);
            count(Measure::PressureMemoryFull, &memory.full);
        }
        if let Some(io) = self.pressure_io.read(|bytes| IoPressure::from_buf_read(bytes).ok()) {
            count(Measure::PressureIo, &io.some);
            count(Measure::PressureIoFull, &io.full);
        }
    }
}

/// Ticks in which something ran. What guests of a virtual machine run counts as `user` already.
fn busy(time: &CpuTime) -> u64 {
    let interrupts = time.irq.unwrap_or_default() + time.softirq.unwrap_or_default();
    time.user + time.nice + time.system + interrupts + time.steal.unwrap_or_default()
}

/// A whole core for a second is 1,000.
fn permille_seconds(ticks: u64) -> f64 {
    whole(ticks) * 1_000.0 / whole(procfs::ticks_per_second())
}

#[allow(clippy::cast_precision_loss, reason = "what the kernel counts is far below 2^53")]
pub(super) fn whole(number: u64) -> f64 {
    number as f64
}
