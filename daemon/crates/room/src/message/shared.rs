//! What messages of both directions are made of.

use std::sync::Arc;

use base::clock::Timestamp;
use base::id::{CourseId, MeetingId, MessageId, ParticipantId, PersonId};
use serde::{Deserialize, Serialize};

/// What a participant sends now, and whether a hand is up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[allow(clippy::struct_excessive_bools, reason = "four independent switches, as the page has them")]
pub struct Media {
    /// The microphone is on.
    pub audio: bool,
    /// The camera is on.
    pub video: bool,
    /// The screen is shared.
    pub screen: bool,
    /// The hand is up.
    #[serde(default)]
    pub hand: bool,
}

/// What a participant may do in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Moderates. A technician counts as a teacher.
    Teacher,
    /// A member of the course.
    Student,
    /// Came with the join code and was not admitted by the teacher yet.
    Guest,
    /// Is no person: shows what the box carries. Signals to other bots alone.
    Bot,
}

/// Who must wait in the lobby until a teacher admits them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Lobby {
    /// Nobody.
    Off,
    /// Guests.
    Guests,
    /// Everybody but teachers.
    Everyone,
}

/// One browser page in a room, as the others see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Participant {
    /// Its id, which is also its peer's.
    #[cfg_attr(test, ts(type = "string"))]
    pub id: ParticipantId,
    /// Who it is.
    #[cfg_attr(test, ts(type = "number"))]
    pub person: PersonId,
    /// The person's name.
    pub name: Arc<str>,
    /// What it may do.
    pub role: Role,
    /// What it sends.
    pub media: Media,
}

/// The meeting that a room belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Meeting {
    /// Its number, which is also the room's.
    #[cfg_attr(test, ts(type = "number"))]
    pub id: MeetingId,
    /// Its title.
    pub title: Arc<str>,
    /// Its course.
    pub course: Course,
    /// Who must wait.
    pub lobby: Lobby,
}

/// The course that a meeting belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Course {
    /// Its number.
    #[cfg_attr(test, ts(type = "number"))]
    pub id: CourseId,
    /// Its title.
    pub title: Arc<str>,
}

/// A STUN server for the page's peer connections (W3C WebRTC, `RTCIceServer`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct IceServer {
    /// Its addresses, as `stun:<ip>:<port>`.
    pub urls: Vec<String>,
}

/// Who wrote a chat message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Author {
    /// The person.
    #[cfg_attr(test, ts(type = "number"))]
    pub person: PersonId,
    /// The person's name when it was written.
    pub name: Arc<str>,
}

/// A chat message, as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ChatMessage {
    /// Its number; larger ones were stored later.
    #[cfg_attr(test, ts(type = "number"))]
    pub id: MessageId,
    /// Who wrote it.
    pub from: Author,
    /// What it says; `None` after a teacher deleted it.
    pub text: Option<Arc<str>>,
    /// When it was stored.
    #[cfg_attr(test, ts(type = "number"))]
    pub at: Timestamp,
    /// The person it was written to alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number", optional))]
    pub to: Option<PersonId>,
}
