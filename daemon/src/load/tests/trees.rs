//! /proc and /sys of other machines. The trees are made for the test after what those machines are
//! known to show; no machine was recorded.

use std::fs;
use std::path::{Path, PathBuf};

use base::clock::{Monotonic, Timestamp};

use crate::load::board::Board;
use crate::load::ledger::Ledger;
use crate::load::machine::Machine;
use crate::load::measure::Measure;
use crate::load::sample::Sample;

/// A machine in a folder.
struct Tree(tempfile::TempDir);

impl Tree {
    fn new(files: &[(&str, &str)]) -> Self {
        let tree = Self(tempfile::tempdir().expect("a folder"));
        for (path, text) in files {
            tree.write(path, text);
        }
        tree
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    /// Two samples, a second apart; between them `change` happens.
    fn samples(&self, change: impl FnOnce(&Self)) -> Sample {
        let mut ledger = Ledger::default();
        let mut machine = Machine::new(&self.path("proc"));
        let mut board = Board::new(&self.path("proc"), &self.path("sys"), Path::new("/nonexistent"));
        let mut change = Some(change);
        let mut last = None;
        // What is slow is read at every fifth.
        for second in 0..6 {
            if second == 5 {
                change.take().expect("once")(self);
            }
            ledger.begin(Monotonic(1_000 * second));
            machine.read(&mut ledger);
            board.read(&mut ledger);
            last = Some(ledger.finish(Timestamp(0)).0);
        }
        last.expect("a sample")
    }
}

const STAT_4: &str = "cpu  1000 20 300 90000 40 0 60 0 0 0\ncpu0 250 5 75 22500 10 0 60 0 0 0\n\
    cpu1 250 5 75 22500 10 0 0 0 0 0\ncpu2 250 5 75 22500 10 0 0 0 0 0\ncpu3 250 5 75 22500 10 0 0 0 0 0\n\
    intr 12345 0 1\nctxt 4567\nbtime 1790000000\nprocesses 321\nprocs_running 1\nprocs_blocked 0\n";
/// A second later: core 0 was in use all the time, half of it in the kernel.
const STAT_4_LATER: &str = "cpu  1050 20 350 90300 40 0 60 0 0 0\ncpu0 300 5 125 22500 10 0 60 0 0 0\n\
    cpu1 250 5 75 22600 10 0 0 0 0 0\ncpu2 250 5 75 22600 10 0 0 0 0 0\ncpu3 250 5 75 22600 10 0 0 0 0 0\n\
    intr 12399 0 1\nctxt 4567\nbtime 1790000000\nprocesses 321\nprocs_running 1\nprocs_blocked 0\n";
const LOAD: &str = "0.52 0.33 0.12 1/123 4567\n";
const PRESSURE: &str =
    "some avg10=0.00 avg60=0.00 avg300=0.00 total=1000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=500\n";
const NET: &str = "Inter-|   Receive                                                |  Transmit\n \
    face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n    \
    lo:  999       9    0    0    0     0          0         0     999       9    0    0    0     0       0          0\n \
    wlan0: 5000      50    0    0    0     0          0         0    7000      70    0    0    0     0       0          0\n";

fn meminfo(total: u32, available: u32, swap: u32) -> String {
    // All that the kernel of a Pi writes as the crate wants it.
    format!(
        "MemTotal: {total} kB\nMemFree: 100000 kB\nMemAvailable: {available} kB\nBuffers: 10 kB\nCached: 10 kB\n\
         SwapCached: 0 kB\nActive: 10 kB\nInactive: 10 kB\nSwapTotal: {swap} kB\nSwapFree: {} kB\nDirty: 0 kB\n\
         Writeback: 0 kB\nAnonPages: 1 kB\nMapped: 1 kB\nShmem: 1 kB\nSlab: 1 kB\nSReclaimable: 1 kB\nSUnreclaim: 1 kB\n\
         KernelStack: 1 kB\nPageTables: 1 kB\nNFS_Unstable: 0 kB\nBounce: 0 kB\nWritebackTmp: 0 kB\nCommitLimit: 1 kB\n\
         Committed_AS: 1 kB\nVmallocTotal: 1 kB\nVmallocUsed: 1 kB\nVmallocChunk: 0 kB\n",
        swap / 2
    )
}

/// A Pi with four cores: 1 GB and a firmware that tells of throttling. `zone` is what its thermal
/// zone is called.
fn pi(zone: &str, temperature: &str, khz: &str, throttled: &str) -> Tree {
    let memory = meminfo(948_280, 700_000, 474_112);
    Tree::new(&[
        ("proc/stat", STAT_4),
        ("proc/loadavg", LOAD),
        ("proc/meminfo", &memory),
        ("proc/self/net/dev", NET),
        ("sys/class/thermal/thermal_zone0/type", zone),
        ("sys/class/thermal/thermal_zone0/temp", temperature),
        ("sys/devices/system/cpu/cpufreq/policy0/scaling_cur_freq", khz),
        ("sys/devices/platform/soc/soc:firmware/get_throttled", throttled),
        ("sys/class/hwmon/hwmon0/name", "rpi_volt\n"),
        ("sys/class/hwmon/hwmon0/in0_lcrit_alarm", "0\n"),
        (
            "sys/block/zram0/mm_stat",
            "  4096000   1000000  1228800        0  1228800        7        0        0        0\n",
        ),
    ])
}

#[track_caller]
fn expect(sample: &Sample, values: &[(Measure, Option<f64>)]) {
    for (measure, value) in values {
        assert_eq!(sample.value(*measure), *value, "{measure}");
    }
}

#[test]
fn a_pi_3_is_hot_and_has_no_pressure() {
    // Its kernel of those days was built without PSI.
    let sample = pi("cpu-thermal\n", "81670\n", "1200000\n", "80008\n").samples(|tree| {
        tree.write("proc/stat", STAT_4_LATER);
        tree.write("proc/self/net/dev", &NET.replace("5000", "6600"));
    });
    expect(
        &sample,
        &[
            (Measure::CpuBusy, Some(250.0)),
            (Measure::CpuUser, Some(125.0)),
            (Measure::CpuSystem, Some(125.0)),
            (Measure::CpuIowait, Some(0.0)),
            (Measure::Load1, Some(0.52)),
            (Measure::MemoryTotal, Some(948_280.0 * 1_024.0)),
            (Measure::MemoryAvailable, Some(700_000.0 * 1_024.0)),
            (Measure::SwapUsed, Some(237_056.0 * 1_024.0)),
            (Measure::ZramUsed, Some(1_228_800.0)),
            (Measure::PressureMemory, None),
            (Measure::Temperature, Some(81.7)),
            (Measure::Frequency, Some(1_200.0)),
            (Measure::UnderVoltage, Some(0.0)),
            (Measure::Throttled, Some(0.0)),
            (Measure::SoftTemperatureLimit, Some(1.0)),
            (Measure::CardWear, None),
        ],
    );
    assert_eq!(sample.of(Measure::CoreBusy, "0"), Some(1_000.0));
    assert_eq!(sample.of(Measure::CoreBusy, "3"), Some(0.0));
    assert_eq!(sample.of(Measure::NetworkReceived, "wlan0"), Some(1_600.0));
    assert_eq!(sample.of(Measure::NetworkSent, "wlan0"), Some(0.0));
    assert_eq!(sample.of(Measure::NetworkReceived, "lo"), None);
}

#[test]
fn a_pi_4_with_a_weak_supply_says_so() {
    let tree = pi("cpu-thermal\n", "55017\n", "600000\n", "50005\n");
    for name in ["cpu", "memory", "io"] {
        tree.write(&format!("proc/pressure/{name}"), PRESSURE);
    }
    let sample = tree.samples(|tree| {
        tree.write("proc/pressure/memory", &PRESSURE.replace("total=1000", "total=251000"));
    });
    expect(
        &sample,
        &[
            (Measure::UnderVoltage, Some(1.0)),
            (Measure::FrequencyCapped, Some(0.0)),
            (Measure::Throttled, Some(1.0)),
            (Measure::PressureMemory, Some(250.0)),
            (Measure::PressureMemoryFull, Some(0.0)),
            (Measure::PressureCpu, Some(0.0)),
            (Measure::PressureIo, Some(0.0)),
        ],
    );
}

#[test]
fn a_pi_5_under_a_kernel_that_is_not_the_pis_own_has_the_alarm_alone() {
    let tree = pi("cpu-thermal\n", "48350\n", "2400000\n", "");
    fs::remove_file(tree.path("sys/devices/platform/soc/soc:firmware/get_throttled")).expect("removed");
    tree.write("sys/class/hwmon/hwmon0/name", "pwmfan\n");
    tree.write("sys/class/hwmon/hwmon1/name", "rpi_volt\n");
    tree.write("sys/class/hwmon/hwmon1/in0_lcrit_alarm", "1\n");
    let sample = tree.samples(|_| {});
    expect(
        &sample,
        &[
            (Measure::UnderVoltage, Some(1.0)),
            (Measure::Throttled, None),
            (Measure::Frequency, Some(2_400.0)),
        ],
    );
}

#[test]
fn a_vm_has_what_it_has_and_nothing_is_zero_that_is_not_there() {
    let stat = "cpu  10 0 10 1000 0 0 0 7 0 0\ncpu0 10 0 10 1000 0 0 0 7 0 0\nctxt 1\nbtime 1\nprocesses 1\n";
    let memory = meminfo(1_000_000, 500_000, 0);
    let tree = Tree::new(&[("proc/stat", stat), ("proc/meminfo", &memory), ("proc/loadavg", LOAD)]);
    let sample = tree.samples(|tree| {
        tree.write("proc/stat", &stat.replace(" 7 0 0", " 57 0 0"));
    });
    expect(
        &sample,
        &[
            (Measure::CpuBusy, Some(500.0)),
            (Measure::CpuSteal, Some(500.0)),
            (Measure::SwapTotal, None),
            (Measure::SwapUsed, None),
            (Measure::ZramUsed, None),
            (Measure::Temperature, None),
            (Measure::Frequency, None),
            (Measure::UnderVoltage, None),
            (Measure::CardWritten, None),
            (Measure::DataFree, None),
        ],
    );
    assert!(sample.values().all(|(series, _)| series.measure != Measure::NetworkReceived));
}

#[test]
fn a_missing_or_garbled_file_is_an_absent_value_and_one_line() {
    let log = crate::logging::memory::Log::default();
    let tree = pi("cpu-thermal\n", "48350\n", "1500000\n", "0\n");
    tree.write("proc/stat", "cpu  one two three\n");
    tree.write("proc/meminfo", "\0\0\0\0");
    tree.write("sys/devices/platform/soc/soc:firmware/get_throttled", "none of your business\n");
    tree.write("sys/class/hwmon/hwmon0/in0_lcrit_alarm", "\n");
    fs::remove_file(tree.path("proc/loadavg")).expect("removed");
    let sample = log.during(|| tree.samples(|_| {}));
    for measure in
        [Measure::CpuBusy, Measure::MemoryTotal, Measure::Load1, Measure::UnderVoltage, Measure::Throttled]
    {
        assert_eq!(sample.value(measure), None, "{measure}");
    }
    assert_eq!(sample.value(Measure::Temperature), Some(48.4));
    let text = log.text();
    for file in ["proc/stat", "proc/meminfo", "get_throttled", "in0_lcrit_alarm", "proc/loadavg"] {
        assert_eq!(text.matches(file).count(), 1, "{file}: {text}");
    }
}
