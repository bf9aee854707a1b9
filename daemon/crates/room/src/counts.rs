//! How much there is in the rooms, for whoever watches the box.

use base::id::MeetingId;

use crate::hub::Hub;
use crate::participant::Participant;
use crate::room::Place;

/// How much there is, for the metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rooms, those included whose meetings are being looked up.
    pub rooms: usize,
    /// Open connections.
    pub connections: usize,
    /// People with open connections, or whose chat limit is not back at its start.
    pub people: usize,
    /// Participants, those included whose connections broke a moment ago, and bots.
    pub participants: usize,
    /// Participants that are no people.
    pub bots: usize,
    /// People in lobbies.
    pub waiting: usize,
    /// Questions to the store that wait for their answers.
    pub tickets: usize,
    /// Timers that run.
    pub timers: usize,
    /// Messages kept for resuming.
    pub replay_frames: usize,
    /// Bytes of those, as if none were shared.
    pub replay_bytes: usize,
}

/// What went through the rooms since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flows {
    /// Signaling messages relayed.
    pub signals: u64,
    /// Chat messages stored and shown.
    pub chats: u64,
}

/// How many are in one room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoomCount {
    /// The room's meeting.
    pub meeting: MeetingId,
    /// Participants, those included whose connections broke a moment ago. Bots are none.
    pub participants: usize,
    /// Those of them who are connected.
    pub connected: usize,
}

impl Hub {
    /// How much there is.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts {
            rooms: self.rooms.len(),
            connections: self.connections.len(),
            people: self.connections.people(),
            tickets: self.tickets.len(),
            timers: self.timers.len(),
            ..Counts::default()
        };
        for place in self.rooms.values() {
            let Place::Open(room) = place else { continue };
            counts.participants += room.participants.len();
            counts.bots += room.bots();
            counts.waiting += room.lobby.len();
            for participant in room.participants.values() {
                let (frames, bytes) = participant.replay.size();
                counts.replay_frames += frames;
                counts.replay_bytes += bytes;
            }
        }
        counts
    }

    /// What went through all rooms.
    pub fn flows(&self) -> Flows {
        self.flows
    }

    /// How many are in each open room.
    pub fn room_counts(&self) -> impl Iterator<Item = RoomCount> {
        self.rooms.iter().filter_map(|(meeting, place)| {
            let Place::Open(room) = place else { return None };
            let is_connected = |participant: &&Participant| participant.presence.link.connection().is_some();
            let people = || room.participants.values().filter(|participant| !participant.presence.is_bot());
            Some(RoomCount {
                meeting: *meeting,
                participants: people().count(),
                connected: people().filter(is_connected).count(),
            })
        })
    }
}
