//! What a measurement run measured: samples, and who came and went.

use base::id::PersonId;

use crate::words::RunDirection;

/// How many are in a room. Bots load a box as people do, but are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Crowd {
    /// Pages of people.
    pub people: usize,
    /// Bots.
    pub bots: usize,
}

impl Crowd {
    /// Both.
    pub const fn all(self) -> usize {
        self.people + self.bots
    }
}

/// One sample of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RunSecond {
    /// Milliseconds since the start.
    pub at_ms: u64,
    /// Who was in the room.
    pub users: Crowd,
    /// CPU of the daemon, in thousandths of one core.
    pub daemon_cpu_permille: Option<f64>,
    /// Memory of the daemon (PSS).
    pub daemon_pss_bytes: Option<u64>,
    /// CPU of the machine, in thousandths of all cores.
    pub machine_cpu_permille: Option<f64>,
    /// Memory of the machine that is in use.
    pub machine_used_bytes: Option<u64>,
}

/// Somebody came or went during a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunMark {
    /// Milliseconds since the start.
    pub at_ms: u64,
    /// Whether in or out.
    pub direction: RunDirection,
    /// The person's name.
    pub name: String,
    /// The person, or below zero a bot.
    pub person: PersonId,
    /// Who was in the room after it.
    pub users: Crowd,
}

/// Everything that a run measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// In order.
    pub seconds: Vec<RunSecond>,
    /// In order.
    pub marks: Vec<RunMark>,
}
