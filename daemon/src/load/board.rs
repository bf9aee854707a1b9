//! What /sys tells of the board and its card: temperature, power, speed, wear; and what went over
//! the network.
//!
//! May use: `source`, `ledger`, procfs, nix. Used by: `sampler`.

use std::fs;
use std::path::{Path, PathBuf};

use base::limits::LOAD_INTERFACES;
use nix::sys::stat::{major, minor, stat};
use nix::sys::statvfs::statvfs;
use procfs::net::InterfaceDeviceStatus;
use procfs::prelude::*;

use super::ledger::Ledger;
use super::machine::whole;
use super::measure::Measure;
use super::source::Source;

/// What changes slowly, or is dear to ask for, is read at every so many samples, and stands until
/// the next: the firmware of a Pi is asked through a mailbox.
const SLOW_EVERY: u32 = 5;
/// Names of the processor's thermal zone: on boards, and on a PC.
const ZONES: [&str; 4] = ["cpu-thermal", "cpu_thermal", "bcm2835_thermal", "x86_pkg_temp"];
/// Bits of what the firmware of a Pi says of the present (documentation of `vcgencmd`); those from
/// 16 on say the same of the past.
const THROTTLED: [(u32, Measure); 4] = [
    (1 << 0, Measure::UnderVoltage),
    (1 << 1, Measure::FrequencyCapped),
    (1 << 2, Measure::Throttled),
    (1 << 3, Measure::SoftTemperatureLimit),
];
/// Bytes of a sector in the kernel's counts, whatever the card has.
const SECTOR_BYTES: f64 = 512.0;

/// Reads it.
#[derive(Debug)]
pub(super) struct Board {
    temperature: Option<Source>,
    frequency: Source,
    throttled: Source,
    voltage: Option<Source>,
    zram: Source,
    network: Source,
    card: Option<Card>,
    data: PathBuf,
    until_slow: u32,
    slow: Vec<(Measure, f64)>,
}

/// The device that holds the data.
#[derive(Debug)]
struct Card {
    stat: Source,
    life: Source,
}

impl Board {
    /// With /proc and /sys at `proc` and `sys`, and the class's files in `data`.
    pub(super) fn new(proc: &Path, sys: &Path, data: &Path) -> Self {
        let source = |name: &str| Source::new(sys.join(name));
        Self {
            temperature: find(&sys.join("class/thermal"), "type", &ZONES)
                .map(|zone| Source::new(zone.join("temp"))),
            frequency: source("devices/system/cpu/cpufreq/policy0/scaling_cur_freq"),
            throttled: source("devices/platform/soc/soc:firmware/get_throttled"),
            voltage: find(&sys.join("class/hwmon"), "name", &["rpi_volt"])
                .map(|sensor| Source::new(sensor.join("in0_lcrit_alarm"))),
            zram: source("block/zram0/mm_stat"),
            network: Source::new(proc.join("self/net/dev")),
            card: Card::of(sys, data),
            data: data.to_owned(),
            until_slow: 0,
            slow: Vec::new(),
        }
    }

    pub(super) fn read(&mut self, ledger: &mut Ledger) {
        self.interfaces(ledger);
        if let Some(written) = self.card.as_mut().and_then(|card| card.stat.read(sectors_written)) {
            ledger.count(Measure::CardWritten, written * SECTOR_BYTES);
        }
        if self.until_slow == 0 {
            self.until_slow = SLOW_EVERY;
            self.read_slow();
        }
        self.until_slow -= 1;
        for (measure, value) in &self.slow {
            ledger.note(*measure, *value);
        }
    }

    fn read_slow(&mut self) {
        self.slow.clear();
        let mut note = |measure, value: Option<f64>| self.slow.extend(value.map(|value| (measure, value)));
        let temperature = self.temperature.as_mut().and_then(Source::number);
        note(Measure::Temperature, temperature.map(|thousandths| thousandths / 1_000.0));
        note(Measure::Frequency, self.frequency.number().map(|kilohertz| kilohertz / 1_000.0));
        match self.throttled.read(hexadecimal) {
            Some(bits) => {
                for (bit, measure) in THROTTLED {
                    note(measure, Some(f64::from(u8::from(bits & bit != 0))));
                }
            }
            // A kernel that is not the Pi's own has this one alone.
            None => note(Measure::UnderVoltage, self.voltage.as_mut().and_then(Source::number)),
        }
        note(Measure::ZramUsed, self.zram.read(|bytes| field(bytes, 2)));
        note(Measure::CardWear, self.card.as_mut().and_then(|card| card.life.read(life_used)?));
        if let Ok(disk) = statvfs(&self.data) {
            let bytes = |blocks: u64| whole(blocks.saturating_mul(disk.fragment_size()));
            note(Measure::DataTotal, Some(bytes(disk.blocks())));
            note(Measure::DataFree, Some(bytes(disk.blocks_available())));
            // As `df` has it: what is kept for root is neither used nor free.
            let used = whole(disk.blocks().saturating_sub(disk.blocks_free()));
            let room = used + whole(disk.blocks_available());
            note(Measure::DataUsed, (room > 0.0).then(|| 1_000.0 * used / room));
        }
    }

    fn interfaces(&mut self, ledger: &mut Ledger) {
        let Some(InterfaceDeviceStatus(all)) =
            self.network.read(|bytes| InterfaceDeviceStatus::from_buf_read(bytes).ok())
        else {
            return;
        };
        let mut names: Vec<&String> = all.keys().filter(|name| *name != "lo").collect();
        names.sort_unstable();
        for name in names.into_iter().take(LOAD_INTERFACES) {
            ledger.count_of(Measure::NetworkReceived, name, whole(all[name].recv_bytes));
            ledger.count_of(Measure::NetworkSent, name, whole(all[name].sent_bytes));
        }
    }
}

impl Card {
    /// None where the data lies in memory, or the device has no counts.
    fn of(sys: &Path, data: &Path) -> Option<Self> {
        let device = stat(data).ok()?.st_dev;
        let number = format!("{}:{}", major(device), minor(device));
        Self::at(&fs::canonicalize(sys.join("dev/block").join(number)).ok()?)
    }

    /// Of a disk, or of the disk that a partition is on.
    fn at(device: &Path) -> Option<Self> {
        let disk = if device.join("partition").exists() { device.parent()? } else { device };
        Some(Self { stat: Source::new(disk.join("stat")), life: Source::new(disk.join("device/life_time")) })
    }
}

/// The first folder in `parent` whose file `file` says one of `names`, in the order of those.
fn find(parent: &Path, file: &str, names: &[&str]) -> Option<PathBuf> {
    let mut found: Vec<PathBuf> =
        fs::read_dir(parent).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.sort_unstable();
    let says = |folder: &Path, name: &str| {
        fs::read_to_string(folder.join(file)).is_ok_and(|text| text.trim() == name)
    };
    names.iter().find_map(|name| found.iter().find(|folder| says(folder, name)).cloned())
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().map(str::trim)
}

fn hexadecimal(bytes: &[u8]) -> Option<u32> {
    let text = text(bytes)?;
    u32::from_str_radix(text.strip_prefix("0x").unwrap_or(text), 16).ok()
}

/// One of the numbers in a line of them, counted from 0.
fn field(bytes: &[u8], place: usize) -> Option<f64> {
    text(bytes)?.split_whitespace().nth(place)?.parse::<u64>().ok().map(whole)
}

/// Documentation/block/stat.rst of Linux: the seventh number.
fn sectors_written(bytes: &[u8]) -> Option<f64> {
    field(bytes, 6)
}

/// Of an eMMC's two sorts of memory, the one that has lived more: `0x01` is up to a tenth, `0x0b`
/// is past the end (JESD84-B51, 7.4.34). A card that does not say has no value.
#[allow(clippy::option_option, reason = "a card that does not say is understood")]
fn life_used(bytes: &[u8]) -> Option<Option<f64>> {
    let parts = text(bytes)?.split_whitespace();
    let tenths = parts.map(|part| hexadecimal(part.as_bytes())).collect::<Option<Vec<u32>>>()?;
    let most = tenths.into_iter().max()?;
    Some((1..=11).contains(&most).then(|| f64::from(most) * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kernel_writes_is_understood_and_nothing_else() {
        assert_eq!(hexadecimal(b"50005\n"), Some(0x50005));
        assert_eq!(hexadecimal(b"0x0\n"), Some(0));
        assert_eq!(hexadecimal(b"throttled"), None);
        assert_eq!(life_used(b"0x01 0x03\n"), Some(Some(300.0)));
        assert_eq!(life_used(b"0x00 0x00\n"), Some(None));
        assert_eq!(life_used(b"\n"), None);
        let stat = b"    9 1 2 3   4 5 4096 7 0 8 9 0 0 0 0 1 1\n";
        assert_eq!(sectors_written(stat), Some(4_096.0));
        assert_eq!(sectors_written(b"1 2 3"), None);
    }

    #[test]
    fn a_partition_is_counted_with_its_disk() {
        let folder = tempfile::tempdir().expect("a folder");
        let disk = folder.path().join("mmcblk0");
        fs::create_dir_all(disk.join("mmcblk0p7")).expect("made");
        fs::write(disk.join("stat"), "0 0 0 0 0 0 8 0 0 0 0\n").expect("written");
        fs::write(disk.join("mmcblk0p7/partition"), "7\n").expect("written");
        for device in [disk.clone(), disk.join("mmcblk0p7")] {
            let mut card = Card::at(&device).expect("a card");
            assert_eq!(card.stat.read(sectors_written), Some(8.0));
        }
    }
}
