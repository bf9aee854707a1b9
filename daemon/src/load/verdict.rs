//! For how many more people there is room, and what would be the first to run out: by what each of
//! those in the rooms costs now, as the log has it, and by the seats of the access point.
//!
//! A pure function of numbers. What peers send each other over the air is not among them: it never
//! passes the box, and the quality ladder of the browsers answers to it.
//!
//! May use: `measure`, `sample`. Used by: `load`, and the page that words it.

use super::measure::Measure;
use super::sample::Sample;

/// Processor use, of all cores, up to which a class goes on well: beyond it, answers come late.
const CPU_MOST_PERMILLE: f64 = 800.0;
/// Memory that stays free for the system itself.
const MEMORY_SPARE_BYTES: f64 = 64.0 * 1024.0 * 1024.0;
/// A cost per participant is measured once so many seconds have been seen with each of two numbers
/// of participants that lie so far apart.
const SECONDS_LEAST: usize = 30;
const APART_LEAST: f64 = 2.0;
/// Nobody is told a larger number: beyond it the box has never been measured.
const MORE_MOST: u32 = 200;

/// What runs out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Resource {
    /// Devices that the access point takes.
    Seats,
    /// The processor.
    Cpu,
    /// Memory.
    Memory,
}

/// How many more one resource has room for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Room {
    /// What.
    pub(crate) resource: Resource,
    /// How many.
    pub(crate) more: u32,
    /// What each participant takes of it: permille of all cores, bytes, or a seat.
    pub(crate) each: f64,
}

/// What can be said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Verdict {
    /// What is known of each resource, the scarcest first. Empty: nothing is known yet, as not
    /// enough people have come and the radio does not tell its seats.
    pub(crate) rooms: Vec<Room>,
    /// Whether the cost of a participant is measured: people have come or gone within the hour.
    pub(crate) is_measured: bool,
}

impl Verdict {
    /// What runs out first.
    pub(crate) fn scarcest(&self) -> Option<&Room> {
        self.rooms.first()
    }
}

/// One second, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) participants: f64,
    pub(super) cpu_permille: Option<f64>,
    pub(super) memory_available: Option<f64>,
}

impl Point {
    /// None while bots are in: what they cost is not what a person does.
    pub(super) fn of(sample: &Sample) -> Option<Self> {
        if sample.value(Measure::Bots).is_some_and(|bots| bots > 0.0) {
            return None;
        }
        Some(Self {
            participants: sample.value(Measure::Participants)?,
            cpu_permille: sample.value(Measure::CpuBusy),
            memory_available: sample.value(Measure::MemoryAvailable),
        })
    }
}

/// The verdict of the last hour's seconds, the oldest first, with the seats of the access point
/// and how many of them are taken.
pub(super) fn verdict(points: &[Point], seats: Option<u16>, taken: Option<u16>) -> Verdict {
    let participants = points.last().map_or(0.0, |point| point.participants);
    let line = |value: fn(&Point) -> Option<f64>| {
        let pairs: Vec<(f64, f64)> =
            points.iter().filter_map(|point| Some((point.participants, value(point)?))).collect();
        Line::through(&pairs)
    };
    let cpu = line(|point| point.cpu_permille);
    let memory = line(|point| point.memory_available);
    let mut rooms = Vec::new();
    // What does not grow with participants limits nothing.
    if let Some(cpu) = &cpu
        && cpu.slope > 0.0
    {
        let free = CPU_MOST_PERMILLE - cpu.at(participants);
        rooms.push(Room { resource: Resource::Cpu, more: whole(free / cpu.slope), each: cpu.slope });
    }
    if let Some(memory) = &memory
        && memory.slope < 0.0
    {
        let free = memory.at(participants) - MEMORY_SPARE_BYTES;
        let each = -memory.slope;
        rooms.push(Room { resource: Resource::Memory, more: whole(free / each), each });
    }
    if let (Some(seats), Some(taken)) = (seats, taken) {
        let more = u32::from(seats.saturating_sub(taken));
        rooms.push(Room { resource: Resource::Seats, more, each: 1.0 });
    }
    rooms.sort_by_key(|room| (room.more, room.resource));
    Verdict { rooms, is_measured: cpu.is_some() || memory.is_some() }
}

/// The straight line that lies nearest to all points (least squares).
#[derive(Clone, Copy, Debug)]
struct Line {
    slope: f64,
    start: f64,
}

impl Line {
    fn through(pairs: &[(f64, f64)]) -> Option<Self> {
        let least = pairs.iter().map(|pair| pair.0).fold(f64::INFINITY, f64::min);
        let most = pairs.iter().map(|pair| pair.0).fold(f64::NEG_INFINITY, f64::max);
        let middle = f64::midpoint(least, most);
        let below = pairs.iter().filter(|pair| pair.0 <= middle).count();
        if most - least < APART_LEAST || below < SECONDS_LEAST || pairs.len() - below < SECONDS_LEAST {
            return None;
        }
        let count = super::machine::whole(pairs.len() as u64);
        let mean_x = pairs.iter().map(|pair| pair.0).sum::<f64>() / count;
        let mean_y = pairs.iter().map(|pair| pair.1).sum::<f64>() / count;
        let spread: f64 = pairs.iter().map(|pair| (pair.0 - mean_x).powi(2)).sum();
        let slope = pairs.iter().map(|pair| (pair.0 - mean_x) * (pair.1 - mean_y)).sum::<f64>() / spread;
        Some(Self { slope, start: mean_y - slope * mean_x })
    }

    fn at(&self, x: f64) -> f64 {
        self.start + self.slope * x
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
fn whole(number: f64) -> u32 {
    number.floor().clamp(0.0, f64::from(MORE_MOST)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: f64 = 1024.0 * 1024.0;

    fn more(verdict: &Verdict) -> Option<(u32, Resource)> {
        verdict.scarcest().map(|room| (room.more, room.resource))
    }

    /// A minute with each number of people up to `most`; each takes 5 permille and 2 MiB.
    fn class(most: u8) -> Vec<Point> {
        let minute = |people: u8| {
            (0..60).map(move |second| Point {
                participants: people.into(),
                cpu_permille: Some(100.0 + 5.0 * f64::from(people) + f64::from(second % 3 - 1)),
                memory_available: Some((600.0 - 2.0 * f64::from(people)) * MIB),
            })
        };
        (0..=most).flat_map(minute).collect()
    }

    #[test]
    fn the_scarcest_is_told_with_what_each_takes() {
        let told = verdict(&class(10), Some(19), Some(10));
        assert_eq!(more(&told), Some((9, Resource::Seats)));
        let cpu = told.rooms.iter().find(|room| room.resource == Resource::Cpu).expect("known");
        assert!((cpu.each - 5.0).abs() < 0.01 && (129..=130).contains(&cpu.more), "{cpu:?}");
        let told = verdict(&class(10), None, Some(10));
        assert_eq!(more(&told).map(|(_, resource)| resource), Some(Resource::Cpu));
        assert!(told.is_measured);
    }

    #[test]
    fn memory_that_runs_out_first_is_told_first() {
        let points: Vec<Point> = class(10)
            .into_iter()
            .map(|point| Point { memory_available: Some((100.0 - 3.0 * point.participants) * MIB), ..point })
            .collect();
        assert_eq!(more(&verdict(&points, Some(19), Some(0))), Some((2, Resource::Memory)));
    }

    #[test]
    fn as_long_as_nobody_has_come_only_seats_are_known() {
        for points in [Vec::new(), class(0), class(1)] {
            let told = verdict(&points, Some(8), Some(3));
            assert_eq!((more(&told), told.is_measured), (Some((5, Resource::Seats)), false));
            assert_eq!(more(&verdict(&points, None, None)), None);
        }
    }

    #[test]
    fn a_box_that_is_full_has_room_for_nobody() {
        let points: Vec<Point> = class(10)
            .into_iter()
            .map(|point| Point { cpu_permille: point.cpu_permille.map(|cpu| cpu + 790.0), ..point })
            .collect();
        assert_eq!(more(&verdict(&points, Some(8), Some(9))).map(|(more, _)| more), Some(0));
    }

    #[test]
    fn a_cost_that_does_not_grow_limits_nothing() {
        let points: Vec<Point> = class(10)
            .into_iter()
            .map(|point| Point { cpu_permille: Some(100.0), memory_available: None, ..point })
            .collect();
        let told = verdict(&points, None, None);
        assert_eq!((more(&told), told.is_measured), (None, true));
    }
}
