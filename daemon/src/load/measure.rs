//! The one table of what is measured: its number in the store, name, unit, kind and words. What
//! samples, keeps, shows and exports goes by it.
//!
//! May use: nothing of ours. Used by: `load`, the pages that show it, `metrics`.

use std::fmt;

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Thousandths of the whole.
    Permille,
    /// Bytes.
    Bytes,
    /// Bytes per second.
    BytesPerSecond,
    /// Things that are there.
    Count,
    /// Things that happen per second.
    PerSecond,
    /// Microseconds.
    Microseconds,
    /// Degrees Celsius.
    Celsius,
    /// Decibels over a milliwatt.
    Dbm,
    /// Thousand bits per second.
    KilobitsPerSecond,
    /// Million cycles per second.
    Megahertz,
    /// 1 or 0.
    Flag,
}

impl Unit {
    /// The end of a column's name; empty if the name says it all.
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Self::Permille => "_permille",
            Self::Bytes => "_bytes",
            Self::BytesPerSecond => "_bytes_per_second",
            Self::Count | Self::Flag => "",
            Self::PerSecond => "_per_second",
            Self::Microseconds => "_us",
            Self::Celsius => "_celsius",
            Self::Dbm => "_dbm",
            Self::KilobitsPerSecond => "_kbit_per_second",
            Self::Megahertz => "_mhz",
        }
    }

    /// Values are kept as whole numbers of this part of the unit: what is finer says nothing.
    pub(super) const fn parts(self) -> f64 {
        match self {
            Self::PerSecond => 1_000.0,
            Self::Count | Self::Flag => 100.0,
            Self::Permille | Self::Celsius | Self::Dbm => 10.0,
            Self::Bytes => 1.0 / 1_024.0,
            Self::BytesPerSecond => 1.0 / 16.0,
            Self::Microseconds => 1.0 / 10.0,
            Self::KilobitsPerSecond | Self::Megahertz => 1.0,
        }
    }

    /// The least and the most of a minute are kept as multiples of this many parts, the least
    /// rounded down and the most up: a permille, one thing, 64 KiB, a millisecond.
    pub(super) const fn coarse(self) -> i64 {
        match self {
            Self::Permille | Self::Celsius | Self::Dbm | Self::Megahertz => 10,
            Self::Count | Self::Flag | Self::Microseconds => 100,
            Self::PerSecond | Self::KilobitsPerSecond => 1_000,
            Self::Bytes | Self::BytesPerSecond => 64,
        }
    }
}

/// What tells the series of one measure apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// There is one series.
    Nothing,
    /// The number of a processor core, from 0.
    Core,
    /// A network interface's name.
    Interface,
    /// The number of a room's meeting.
    Room,
}

impl By {
    /// The label's name in metrics and tables.
    pub(crate) const fn label(self) -> Option<&'static str> {
        match self {
            Self::Nothing => None,
            Self::Core => Some("core"),
            Self::Interface => Some("interface"),
            Self::Room => Some("room"),
        }
    }
}

/// Whether a value stands or flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// What is there at the moment.
    Gauge,
    /// What happened since the last sample, per second.
    Rate,
}

macro_rules! measures {
    ($($measure:ident = $number:literal, $name:literal, $unit:ident, $kind:ident, $by:ident, $about:literal;)*) => {
        /// Something that is measured. Its number stands in the store: it is never given anew.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Measure {
            $(#[doc = $about] $measure = $number,)*
        }

        impl Measure {
            /// All, in the order in which they are shown.
            pub(crate) const ALL: &[Self] = &[$(Self::$measure,)*];

            /// Its name without the unit.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$measure => $name,)* }
            }

            /// What its values count.
            pub(crate) const fn unit(self) -> Unit {
                match self { $(Self::$measure => Unit::$unit,)* }
            }

            /// Whether it stands or flows.
            pub(crate) const fn kind(self) -> Kind {
                match self { $(Self::$measure => Kind::$kind,)* }
            }

            /// What tells its series apart.
            pub(crate) const fn by(self) -> By {
                match self { $(Self::$measure => By::$by,)* }
            }

            /// What it is, for an engineer, in a line.
            pub(crate) const fn about(self) -> &'static str {
                match self { $(Self::$measure => $about,)* }
            }
        }
    };
}

measures! {
    CpuBusy = 1, "cpu_busy", Permille, Rate, Nothing, "CPU in use, of all cores";
    CpuUser = 2, "cpu_user", Permille, Rate, Nothing, "CPU in programs, of all cores";
    CpuSystem = 3, "cpu_system", Permille, Rate, Nothing, "CPU in the kernel, of all cores";
    CpuInterrupts = 4, "cpu_interrupts", Permille, Rate, Nothing, "CPU in interrupts, of all cores";
    CpuIowait = 5, "cpu_iowait", Permille, Rate, Nothing, "CPU idle while something waits for the card, of all cores";
    CpuSteal = 6, "cpu_steal", Permille, Rate, Nothing, "CPU that the host of a virtual machine took, of all cores";
    CoreBusy = 7, "core_busy", Permille, Rate, Core, "CPU in use, of one core";
    Load1 = 8, "load_1m", Count, Gauge, Nothing, "Tasks that run or wait, mean of a minute";
    Load5 = 9, "load_5m", Count, Gauge, Nothing, "Tasks that run or wait, mean of 5 minutes";
    Load15 = 10, "load_15m", Count, Gauge, Nothing, "Tasks that run or wait, mean of 15 minutes";
    PressureCpu = 11, "pressure_cpu", Permille, Rate, Nothing, "Time in which some task waited for a core";
    PressureMemory = 12, "pressure_memory", Permille, Rate, Nothing, "Time in which some task waited for memory";
    PressureMemoryFull = 13, "pressure_memory_full", Permille, Rate, Nothing, "Time in which every task waited for memory";
    PressureIo = 14, "pressure_io", Permille, Rate, Nothing, "Time in which some task waited for the card";
    PressureIoFull = 15, "pressure_io_full", Permille, Rate, Nothing, "Time in which every task waited for the card";
    MemoryTotal = 16, "memory_total", Bytes, Gauge, Nothing, "Memory of the machine";
    MemoryAvailable = 17, "memory_available", Bytes, Gauge, Nothing, "Memory that could be had without swapping";
    SwapTotal = 18, "swap_total", Bytes, Gauge, Nothing, "Room for what is swapped out";
    SwapUsed = 19, "swap_used", Bytes, Gauge, Nothing, "Memory that is swapped out";
    ZramUsed = 20, "zram_used", Bytes, Gauge, Nothing, "Memory that holds what is swapped out, compressed";
    Temperature = 21, "temperature", Celsius, Gauge, Nothing, "Temperature of the processor";
    Frequency = 22, "cpu_frequency", Megahertz, Gauge, Nothing, "Speed of the first core";
    UnderVoltage = 23, "under_voltage", Flag, Gauge, Nothing, "The power supply is too weak now";
    FrequencyCapped = 24, "frequency_capped", Flag, Gauge, Nothing, "The processor may not run at full speed now";
    Throttled = 25, "throttled", Flag, Gauge, Nothing, "The processor is slowed down now";
    SoftTemperatureLimit = 26, "soft_temperature_limit", Flag, Gauge, Nothing, "The processor is warm enough to be slowed down";
    DataTotal = 27, "data_total", Bytes, Gauge, Nothing, "Size of the data partition";
    DataFree = 28, "data_free", Bytes, Gauge, Nothing, "Room on the data partition";
    CardWritten = 29, "card_written", BytesPerSecond, Rate, Nothing, "Written to the card";
    CardWear = 30, "card_wear", Permille, Gauge, Nothing, "Part of its life that the card has used, by its own word, in steps of a tenth";
    NetworkReceived = 31, "network_received", BytesPerSecond, Rate, Interface, "Received by an interface";
    NetworkSent = 32, "network_sent", BytesPerSecond, Rate, Interface, "Sent by an interface";
    Stations = 33, "stations", Count, Gauge, Nothing, "Devices on the access point";
    StationSignal = 34, "station_signal_mean", Dbm, Gauge, Nothing, "Signal of the stations, their mean";
    StationSignalWeakest = 35, "station_signal_weakest", Dbm, Gauge, Nothing, "Signal of the station that is heard worst";
    StationRate = 36, "station_rate_mean", KilobitsPerSecond, Gauge, Nothing, "Rate to the stations, their mean";
    StationRateSlowest = 37, "station_rate_slowest", KilobitsPerSecond, Gauge, Nothing, "Rate to the slowest station";
    DaemonCpu = 40, "daemon_cpu", Permille, Rate, Nothing, "CPU of kelasd, of one core";
    DaemonPss = 41, "daemon_pss", Bytes, Gauge, Nothing, "Memory of kelasd, shared pages by share (PSS), read every 10 s";
    DaemonRss = 42, "daemon_rss", Bytes, Gauge, Nothing, "Memory of kelasd in RAM (RSS)";
    DaemonFiles = 43, "daemon_files", Count, Gauge, Nothing, "Open file descriptors of kelasd";
    DaemonThreads = 44, "daemon_threads", Count, Gauge, Nothing, "Threads of kelasd";
    SamplingCpu = 45, "sampling_cpu", Permille, Rate, Nothing, "CPU of the load log itself, of one core";
    Connections = 50, "connections", Count, Gauge, Nothing, "TCP connections open now";
    PeopleOnline = 51, "people_online", Count, Gauge, Nothing, "People with a live connection";
    Rooms = 52, "rooms", Count, Gauge, Nothing, "Live rooms open now";
    Participants = 53, "participants", Count, Gauge, Nothing, "Participants of all rooms, without bots";
    Waiting = 54, "waiting", Count, Gauge, Nothing, "People in lobbies";
    RoomParticipants = 55, "room_participants", Count, Gauge, Room, "Participants of a room, those included whose connection broke a moment ago, without bots";
    RoomPeers = 56, "room_peers", Count, Gauge, Room, "Participants of a room who are connected now: one peer each, without bots";
    Signals = 57, "signals", PerSecond, Rate, Nothing, "Signaling messages relayed";
    ChatMessages = 58, "chat_messages", PerSecond, Rate, Nothing, "Chat messages shown";
    QueueFrames = 59, "queue_frames", Count, Gauge, Nothing, "Frames that waited for the slowest client, most of a second";
    QueueBytes = 60, "queue", Bytes, Gauge, Nothing, "Bytes that waited for the slowest client, most of a second";
    Requests = 61, "requests", PerSecond, Rate, Nothing, "HTTP requests answered";
    RequestsFailed = 62, "requests_failed", PerSecond, Rate, Nothing, "HTTP requests answered with 5xx";
    RequestTime = 63, "request_time_mean", Microseconds, Gauge, Nothing, "Time to answer an HTTP request, mean of a second";
    RequestTimeSlow = 64, "request_time_p95", Microseconds, Gauge, Nothing, "Time within which 95 of 100 HTTP requests of a second were answered, by the histogram";
    Commits = 65, "commits", PerSecond, Rate, Nothing, "Transactions committed";
    CommitTime = 66, "commit_time_mean", Microseconds, Gauge, Nothing, "Time that a COMMIT took, mean of a second";
    CommitTimeWorst = 67, "commit_time_worst", Microseconds, Gauge, Nothing, "Time that the slowest COMMIT of a second took";
    WaitingJobs = 68, "waiting_jobs", Count, Gauge, Nothing, "Jobs that wait for the database's writer";
    Uploaded = 69, "uploaded", BytesPerSecond, Rate, Nothing, "Bytes of files that people hand in";
    DataUsed = 71, "data_used", Permille, Gauge, Nothing, "Part of the data partition that is in use";
    Bots = 70, "bots", Count, Gauge, Nothing, "Bots in all rooms";
}

impl Measure {
    /// Its name with the unit: the head of a column, the key in JSON.
    pub(crate) fn column(self) -> String {
        format!("{}{}", self.name(), self.unit().suffix())
    }

    /// The measure with this number in the store.
    pub(super) fn of_number(number: u8) -> Option<Self> {
        Self::ALL.iter().copied().find(|measure| *measure as u8 == number)
    }

    /// What no value is beyond: the whole of a share. The daemon may use several cores.
    pub(super) const fn most(self) -> f64 {
        match (self.unit(), self) {
            (Unit::Permille, Self::DaemonCpu | Self::SamplingCpu) => f64::INFINITY,
            (Unit::Permille, _) => 1_000.0,
            _ => f64::INFINITY,
        }
    }

    /// `value` as it is kept.
    #[allow(clippy::cast_possible_truncation, reason = "no value is that large, and `as` saturates")]
    pub(super) fn kept(self, value: f64) -> i64 {
        (value * self.unit().parts()).round() as i64
    }

    /// A kept value in the measure's unit.
    #[allow(clippy::cast_precision_loss, reason = "kept values are far below 2^53")]
    pub(super) fn shown(self, kept: i64) -> f64 {
        kept as f64 / self.unit().parts()
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.column())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_numbers_are_there_once() {
        let columns: BTreeSet<String> = Measure::ALL.iter().map(|measure| measure.column()).collect();
        assert_eq!(columns.len(), Measure::ALL.len());
        for measure in Measure::ALL {
            assert_eq!(Measure::of_number(*measure as u8), Some(*measure));
        }
    }

    #[test]
    fn what_is_kept_is_what_was_measured_as_far_as_it_says_something() {
        for (measure, value, shown) in [
            (Measure::CpuBusy, 12.34, 12.3),
            (Measure::MemoryAvailable, 1_048_576.0, 1_048_576.0),
            (Measure::ChatMessages, 0.0167, 0.017),
            (Measure::StationSignal, -61.25, -61.3),
            (Measure::Load1, 0.07, 0.07),
        ] {
            assert!((measure.shown(measure.kept(value)) - shown).abs() < 1e-9, "{measure}");
        }
    }
}
