//! What this process costs, as the kernel counts it.

use std::collections::HashMap;

use nix::time::ClockId;
use procfs::WithCurrentSystemInfo as _;
use procfs::process::Process;

use super::reading::Reading;

/// CPU time, memory, file descriptors and threads. What the kernel does not tell is left out.
pub(crate) fn read() -> Vec<Reading> {
    let mut readings = Vec::new();
    // The clock counts nanoseconds; /proc/self/stat has ticks of 10 ms, too coarse for one join.
    if let Ok(spent) = ClockId::CLOCK_PROCESS_CPUTIME_ID.now() {
        let seconds = std::time::Duration::from(spent).as_secs_f64();
        readings.push(Reading::seconds("process_cpu_seconds", "CPU time, user and system", seconds));
    }
    let Ok(process) = Process::myself() else { return readings };
    if let Some(map) = memory(&process) {
        let own = map.get("Anonymous").copied().unwrap_or_default();
        readings.push(Reading::level(
            "process_anonymous_memory_bytes",
            "Memory of no file: heap and stacks",
            own,
        ));
        let shared = map.get("Pss").copied().unwrap_or_default();
        let about = "Memory, shared pages by share (PSS)";
        readings.push(Reading::level("process_proportional_memory_bytes", about, shared));
    }
    if let Ok(stat) = process.stat() {
        let resident = stat.rss_bytes().get();
        readings.push(Reading::level("process_resident_memory_bytes", "Memory in RAM (RSS)", resident));
        let threads = u64::try_from(stat.num_threads).unwrap_or_default();
        readings.push(Reading::level("process_threads", "Threads", threads));
    }
    if let Ok(open) = process.fd_count() {
        readings.push(Reading::level("process_open_fds", "Open file descriptors", open as u64));
    }
    readings
}

fn memory(process: &Process) -> Option<HashMap<String, u64>> {
    let rollup = process.smaps_rollup().ok()?;
    Some(rollup.memory_map_rollup.0.into_iter().next()?.extension.map)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_it_is_told_here() {
        assert_eq!(read().len(), 6);
    }
}
