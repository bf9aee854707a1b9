//! What the daemon's own parts count: rooms, requests, commits, stations, files. Each is counted where it
//! happens and only read here.
//!
//! May use: `live`, `http`, `hotspot`, `files`, `store`, `ledger`. Used by: `load`.

use std::sync::Arc;

use base::limits::LOAD_ROOMS;
use store::Store;

use crate::files::Files;
use crate::hotspot::Hotspot;
use crate::http::admission::Admission;
use crate::http::counters::{Counters, TIMES_US};
use crate::live;

use super::ledger::Ledger;
use super::machine::whole;
use super::measure::Measure;

/// Whom the log asks.
#[derive(Clone)]
pub(crate) struct Parts {
    pub(crate) rooms: live::Handle,
    pub(crate) admission: Admission,
    pub(crate) counters: Arc<Counters>,
    pub(crate) store: Store,
    pub(crate) hotspot: Hotspot,
    pub(crate) files: Files,
}

/// Asks them, and remembers what only differences tell.
pub(super) struct App {
    parts: Parts,
    requests: Option<f64>,
    request_time: Option<f64>,
    request_times: Option<[u64; TIMES_US.len() + 1]>,
    commits: Option<f64>,
    commit_time: Option<f64>,
}

impl App {
    pub(super) fn new(parts: Parts) -> Self {
        Self {
            parts,
            requests: None,
            request_time: None,
            request_times: None,
            commits: None,
            commit_time: None,
        }
    }

    /// Notes all of it.
    pub(super) async fn read(&mut self, ledger: &mut Ledger) {
        self.requests(ledger);
        self.commits(ledger);
        self.stations(ledger);
        ledger.note(Measure::Connections, size(self.parts.admission.open()));
        ledger.count(Measure::Uploaded, whole(self.parts.files.received_bytes()));
        // A hub that does not answer is the watchdog's business.
        if let Ok(activity) = self.parts.rooms.activity().await {
            rooms(&activity, ledger);
        }
    }

    fn requests(&mut self, ledger: &mut Ledger) {
        let counts = self.parts.counters.read();
        let all = whole(counts.requests.iter().sum());
        ledger.count(Measure::Requests, all);
        ledger.count(Measure::RequestsFailed, whole(counts.requests[4]));
        let requests = Ledger::grown(&mut self.requests, all);
        let time = Ledger::grown(&mut self.request_time, whole(counts.microseconds));
        ledger.note_some(Measure::RequestTime, mean(time, requests));
        if let Some(before) = self.request_times.replace(counts.times) {
            let times = std::array::from_fn(|class| counts.times[class].saturating_sub(before[class]));
            ledger.note_some(Measure::RequestTimeSlow, percentile_95(&times));
        }
    }

    fn commits(&mut self, ledger: &mut Ledger) {
        let statistics = self.parts.store.statistics();
        let commits = whole(statistics.commits());
        ledger.count(Measure::Commits, commits);
        let time = Ledger::grown(&mut self.commit_time, whole(statistics.commit_microseconds()));
        let commits = Ledger::grown(&mut self.commits, commits);
        let worst = statistics.take_worst_commit_microseconds();
        ledger.note_some(Measure::CommitTime, mean(time, commits));
        if worst > 0 {
            ledger.note(Measure::CommitTimeWorst, whole(worst));
        }
        ledger.note(Measure::WaitingJobs, size(self.parts.store.queue_length()));
    }

    fn stations(&self, ledger: &mut Ledger) {
        // Where nobody can tell, there is no number.
        let Some(stations) = &self.parts.hotspot.now().stations else { return };
        ledger.note(Measure::Stations, size(stations.len()));
        let air = self.parts.hotspot.air();
        let signals: Vec<f64> = air.iter().filter_map(|heard| heard.signal_dbm).map(f64::from).collect();
        let rates: Vec<f64> =
            air.iter().filter_map(|heard| heard.rate_kbit_per_second).map(f64::from).collect();
        for (values, middle, least) in [
            (signals, Measure::StationSignal, Measure::StationSignalWeakest),
            (rates, Measure::StationRate, Measure::StationRateSlowest),
        ] {
            if !values.is_empty() {
                ledger.note(middle, values.iter().sum::<f64>() / size(values.len()));
                ledger.note(least, values.iter().copied().fold(f64::INFINITY, f64::min));
            }
        }
    }
}

fn rooms(activity: &live::Activity, ledger: &mut Ledger) {
    let counts = &activity.counts;
    ledger.note(Measure::PeopleOnline, size(counts.people));
    ledger.note(Measure::Rooms, size(counts.rooms));
    ledger.note(Measure::Participants, size(counts.participants.saturating_sub(counts.bots)));
    ledger.note(Measure::Bots, size(counts.bots));
    ledger.note(Measure::Waiting, size(counts.waiting));
    ledger.count(Measure::Signals, whole(activity.flows.signals));
    ledger.count(Measure::ChatMessages, whole(activity.flows.chats));
    ledger.note(Measure::QueueFrames, size(activity.backlog.frames));
    ledger.note(Measure::QueueBytes, size(activity.backlog.bytes));
    let mut rooms = activity.rooms.clone();
    rooms.sort_unstable_by_key(|room| (std::cmp::Reverse(room.participants), room.meeting.0));
    for room in rooms.iter().take(LOAD_ROOMS) {
        let label = room.meeting.0.to_string();
        ledger.note_of(Measure::RoomParticipants, &label, size(room.participants));
        ledger.note_of(Measure::RoomPeers, &label, size(room.connected));
    }
}

/// Nothing happened: there is no mean.
fn mean(sum: Option<f64>, count: Option<f64>) -> Option<f64> {
    let (sum, count) = (sum?, count?);
    (count > 0.0).then(|| sum / count)
}

/// The upper bound of the class in which the 95th of a hundred is. What is beyond the last bound is
/// told as that bound: more than it is not known.
fn percentile_95(times: &[u64; TIMES_US.len() + 1]) -> Option<f64> {
    let all: u64 = times.iter().sum();
    if all == 0 {
        return None;
    }
    let enough = all - all / 20;
    let mut reached = 0;
    let class = times.iter().position(|count| {
        reached += count;
        reached >= enough
    })?;
    Some(whole(TIMES_US[class.min(TIMES_US.len() - 1)]))
}

fn size(number: usize) -> f64 {
    whole(number as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slow_ones_are_told_by_their_class() {
        let mut times = [0; TIMES_US.len() + 1];
        assert_eq!(percentile_95(&times), None);
        times[0] = 19;
        times[4] = 1;
        assert_eq!(percentile_95(&times), Some(1_000.0));
        times[4] = 2;
        assert_eq!(percentile_95(&times), Some(100_000.0));
        times[8] = 50;
        assert_eq!(percentile_95(&times), Some(5_000_000.0));
    }

    #[test]
    fn of_nothing_there_is_no_mean() {
        assert_eq!(mean(Some(0.0), Some(0.0)), None);
        assert_eq!(mean(None, Some(2.0)), None);
        assert_eq!(mean(Some(3.0), Some(2.0)), Some(1.5));
    }
}
