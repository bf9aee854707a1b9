//! The thesis's table, from what a run measured: what the box cost by how many were in the room.
//!
//! Pure: the page, its export and the comparison all show what this makes.

use base::limits::{RUN_SETTLE_MS, RUN_WINDOW_MS};
use store::{Crowd, Measured, RunDirection, RunMark, RunSecond};

/// A row: so many users.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// Who was in the room.
    pub(crate) users: Crowd,
    /// Samples that count. With none, nothing can be said about so many users.
    pub(crate) seconds: usize,
    /// CPU of the daemon, in percent of one core.
    pub(crate) daemon_cpu_percent: Option<Figure>,
    /// Memory of the daemon (PSS), in kB of 1,024 bytes, as /proc has them.
    pub(crate) daemon_memory_kb: Option<Figure>,
    /// CPU of the machine, in percent of all cores.
    pub(crate) machine_cpu_percent: Option<Figure>,
    /// Memory of the machine in use, in the same kB.
    pub(crate) machine_memory_kb: Option<Figure>,
}

impl Row {
    /// The figures in the order of the table's columns.
    pub(crate) fn figures(&self) -> [Option<Figure>; 4] {
        [self.daemon_memory_kb, self.daemon_cpu_percent, self.machine_memory_kb, self.machine_cpu_percent]
    }
}

/// What several values have in common.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figure {
    /// Their mean.
    pub(crate) mean: f64,
    /// How far they are spread: the standard deviation of the sample; of one value, zero.
    pub(crate) deviation: f64,
}

impl Figure {
    /// None of no values.
    fn of(values: &[f64]) -> Option<Self> {
        if values.is_empty() {
            return None;
        }
        #[allow(clippy::cast_precision_loss, reason = "a few thousand values")]
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let deviation = if values.len() < 2 { 0.0 } else { (squares / (count - 1.0)).sqrt() };
        Some(Self { mean, deviation })
    }
}

/// A time in which the number of users stayed the same.
#[derive(Clone, Copy, Debug)]
struct Stay {
    users: Crowd,
    from_ms: u64,
    until_ms: u64,
}

impl Stay {
    /// Whether a sample counts: after things have settled, and before the window is over.
    fn counts(&self, second: &RunSecond) -> bool {
        let settled = self.from_ms + RUN_SETTLE_MS;
        let end = self.until_ms.min(settled + RUN_WINDOW_MS);
        second.users == self.users && (settled..end).contains(&second.at_ms)
    }
}

/// A row for each number of users that the room had at the start or that somebody's coming made,
/// the fewest first, of as many those with fewer bots. After somebody has left nothing is counted:
/// memory is not given back at once.
pub(crate) fn rows(measured: &Measured) -> Vec<Row> {
    let stays = stays(measured);
    let mut counts: Vec<Crowd> = stays.iter().map(|stay| stay.users).collect();
    counts.sort_unstable_by_key(order);
    counts.dedup();
    counts.into_iter().map(|users| row(users, &stays, &measured.seconds)).collect()
}

/// The order of rows.
pub(crate) fn order(users: &Crowd) -> (usize, usize) {
    (users.all(), users.bots)
}

fn stays(measured: &Measured) -> Vec<Stay> {
    let end = measured.seconds.last().map_or(0, |second| second.at_ms + 1);
    let marks = &measured.marks;
    let at_start = match marks.first() {
        Some(mark) => Some(before(mark)),
        None => measured.seconds.first().map(|second| second.users),
    };
    let came = marks.iter().map(|mark| (mark.direction == RunDirection::In, mark.users, mark.at_ms));
    let start = at_start.map(|users| (true, users, 0));
    let changes: Vec<(bool, Crowd, u64)> = start.into_iter().chain(came).collect();
    let ends = changes.iter().skip(1).map(|change| change.2).chain([end]);
    let stays = changes.iter().zip(ends).filter(|((counts, _, _), _)| *counts);
    stays.map(|((_, users, from_ms), until_ms)| Stay { users: *users, from_ms: *from_ms, until_ms }).collect()
}

/// Who was in the room before somebody came or went.
fn before(mark: &RunMark) -> Crowd {
    let Crowd { mut people, mut bots } = mark.users;
    let number = if mark.person.is_bot() { &mut bots } else { &mut people };
    *number = match mark.direction {
        RunDirection::In => number.saturating_sub(1),
        RunDirection::Out => *number + 1,
    };
    Crowd { people, bots }
}

fn row(users: Crowd, stays: &[Stay], seconds: &[RunSecond]) -> Row {
    let stays: Vec<&Stay> = stays.iter().filter(|stay| stay.users == users).collect();
    let counted: Vec<&RunSecond> =
        seconds.iter().filter(|second| stays.iter().any(|stay| stay.counts(second))).collect();
    let figure = |value: &dyn Fn(&RunSecond) -> Option<f64>| {
        let values: Vec<f64> = counted.iter().filter_map(|second| value(second)).collect();
        Figure::of(&values)
    };
    Row {
        users,
        seconds: counted.len(),
        daemon_cpu_percent: figure(&|second| second.daemon_cpu_permille.map(|permille| permille / 10.0)),
        daemon_memory_kb: figure(&|second| second.daemon_pss_bytes.map(kilobytes)),
        machine_cpu_percent: figure(&|second| second.machine_cpu_permille.map(|permille| permille / 10.0)),
        machine_memory_kb: figure(&|second| second.machine_used_bytes.map(kilobytes)),
    }
}

/// Of 1,024 bytes.
#[allow(clippy::cast_precision_loss, reason = "exact up to 8 PB")]
pub(crate) fn kilobytes(bytes: u64) -> f64 {
    bytes as f64 / 1_024.0
}

#[cfg(test)]
mod tests {
    use base::id::PersonId;

    use super::*;

    fn mark(at_ms: u64, direction: RunDirection, users: usize) -> RunMark {
        RunMark { at_ms, direction, name: "Siti".into(), person: PersonId(1), users: people(users) }
    }

    fn bot(at_ms: u64, direction: RunDirection, users: Crowd) -> RunMark {
        RunMark { at_ms, direction, name: "Bot 1".into(), person: PersonId(-1), users }
    }

    const fn people(people: usize) -> Crowd {
        Crowd { people, bots: 0 }
    }

    /// A sample for each second, with as much memory as users and as much CPU as seconds.
    fn measured(length_s: u64, marks: Vec<RunMark>) -> Measured {
        let users_at = |at: u64| {
            let last = marks.iter().rev().find(|mark| mark.at_ms <= at);
            last.map_or_else(Crowd::default, |mark| mark.users)
        };
        let second = |number: u64| RunSecond {
            at_ms: number * 1_000,
            users: users_at(number * 1_000),
            daemon_cpu_permille: Some(f64::from(u32::try_from(number).expect("small")) * 10.0),
            daemon_pss_bytes: Some(1_024 * (100 + users_at(number * 1_000).all() as u64)),
            machine_cpu_permille: None,
            machine_used_bytes: Some(2_048),
        };
        Measured { seconds: (0..length_s).map(second).collect(), marks }
    }

    #[test]
    fn each_number_of_users_has_its_row_of_settled_seconds() {
        let joins = vec![mark(20_000, RunDirection::In, 1), mark(40_500, RunDirection::In, 2)];
        let rows = rows(&measured(61, joins));
        let brief: Vec<_> = rows.iter().map(|row| (row.users.all(), row.seconds)).collect();
        // From 5 s after each change until the next.
        assert_eq!(brief, [(0, 15), (1, 16), (2, 15)]);
        assert_eq!(rows[1].daemon_memory_kb, Some(Figure { mean: 101.0, deviation: 0.0 }));
        // Seconds 25 to 40.
        let cpu = rows[1].daemon_cpu_percent.expect("measured");
        assert!((cpu.mean - 32.5).abs() < 1e-9 && (cpu.deviation - 4.760_952).abs() < 1e-6, "{cpu:?}");
        assert_eq!(rows[1].machine_cpu_percent, None, "absent is not zero");
    }

    #[test]
    fn who_comes_before_things_have_settled_leaves_a_row_without_numbers() {
        let joins = vec![mark(20_000, RunDirection::In, 1), mark(24_000, RunDirection::In, 2)];
        let rows = rows(&measured(40, joins));
        let brief: Vec<_> = rows.iter().map(|row| (row.users.all(), row.seconds)).collect();
        assert_eq!(brief, [(0, 15), (1, 0), (2, 11)]);
        assert_eq!(rows[1].figures(), [None; 4]);
    }

    #[test]
    fn a_window_has_an_end_and_leaving_begins_none() {
        let marks = vec![mark(1_000, RunDirection::In, 1), mark(200_000, RunDirection::Out, 0)];
        let rows = rows(&measured(400, marks));
        let brief: Vec<_> = rows.iter().map(|row| (row.users.all(), row.seconds)).collect();
        assert_eq!(brief, [(0, 0), (1, 60)], "nobody at the start had no time to settle");
    }

    #[test]
    fn bots_have_rows_of_their_own_and_are_no_people() {
        let crowd = |people, bots| Crowd { people, bots };
        let marks = vec![
            bot(20_000, RunDirection::In, crowd(1, 1)),
            bot(40_000, RunDirection::Out, crowd(1, 0)),
            mark(60_000, RunDirection::In, 2),
        ];
        let rows = rows(&measured(80, marks));
        let brief: Vec<_> = rows.iter().map(|row| (row.users, row.seconds)).collect();
        assert_eq!(brief, [(crowd(1, 0), 0), (crowd(2, 0), 15), (crowd(1, 1), 15)]);
        let left = bot(20_000, RunDirection::Out, crowd(3, 1));
        assert_eq!(before(&left), crowd(3, 2), "who was there before is counted with the bot");
    }

    #[test]
    fn coming_again_adds_to_the_row_and_a_run_without_marks_has_its_beginning() {
        let marks = vec![
            mark(10_000, RunDirection::In, 1),
            mark(20_000, RunDirection::Out, 0),
            mark(30_000, RunDirection::In, 1),
        ];
        let again = rows(&measured(40, marks));
        assert_eq!((again[1].users, again[1].seconds), (people(1), 10));
        let quiet = rows(&measured(30, Vec::new()));
        assert_eq!((quiet.len(), quiet[0].users, quiet[0].seconds), (1, people(0), 25));
        assert_eq!(rows(&Measured { seconds: Vec::new(), marks: Vec::new() }), []);
    }
}
