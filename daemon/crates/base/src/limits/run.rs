//! Limits of who is noted to be in the rooms and what follows from it, and of measurement runs.

/// How long it is kept who was in which live room, in milliseconds (90 days): longer than a term
/// has between two reports, and as long as the load log has minutes.
pub const PRESENCE_KEPT_MS: i64 = 90 * 24 * 60 * 60 * 1_000;
/// Times that pages came into rooms, of which is known: a class of forty that comes ten times a
/// day for [`PRESENCE_KEPT_MS`], five times over, in about 20 MB. The oldest go first.
pub const PRESENCE_ROWS: i64 = 180_000;
/// Of those, forgotten at once: a clock that is wrong by years costs no more in an hour.
pub const PRESENCE_FORGOTTEN_AT_ONCE: i64 = 1_000;
/// Changes of who is in the rooms that wait to be written: a class that comes in and goes out again
/// ten times, for as long as a card takes at worst.
pub const PRESENCE_QUEUE: usize = 4_096;
/// Times that are read at once, to draw or to list them.
pub const PRESENCE_PAGE: i64 = 5_000;
/// Samples of a measurement run, one a second: an hour, which is more than the thesis took for seven
/// users and their bots.
pub const RUN_SECONDS: usize = 3_600;
/// Marks of a measurement run: a class of forty that comes and goes ten times, twice over.
pub const RUN_MARKS: usize = 800;
/// Measurement runs that are kept, each at most 200 kB: 8 MB. No run is deleted by itself, as it may
/// be published; somebody who starts one more is told.
pub const RUNS: i64 = 40;
/// After somebody came into the room of a run, samples of so many milliseconds do not count: peer
/// connections are being made, and that is the cost of coming and not of being there.
pub const RUN_SETTLE_MS: u64 = 5_000;
/// Then samples of at most so many milliseconds count, so that a room in which nobody comes for
/// long weighs no more than others.
pub const RUN_WINDOW_MS: u64 = 60_000;
/// A run is written down this often, in milliseconds: what a power cut may take of it.
pub const RUN_FLUSH_MS: u64 = 5_000;
/// Who comes in more than so many minutes after the lesson began is proposed as late: as long as a
/// school usually lets a class settle, and a phone takes to find the Wi-Fi.
pub const LATE_MINUTES: i64 = 10;
