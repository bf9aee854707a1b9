//! Messages to a client: made into JSON once and shared by all who get them.

use std::collections::BTreeMap;

use base::id::{MessageId, ParticipantId};
use base::{Code, Error};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::message::shared::{IceServer, Lobby, Meeting};

/// What belongs to the room's story: every recipient gets it with a number of its own.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum RoomMessage<'a> {
    /// Another participant says something for the peer connection.
    Signal(RelayedSignal<'a>),
    /// A chat message was stored.
    Chat(DeliveredChat<'a>),
    /// Somebody came, changed or went.
    Participant(ParticipantChange<'a>),
    /// A moderation took effect.
    Moderated(Moderated<'a>),
}

/// What concerns one connection alone and carries no number of the story.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ConnectionMessage<'a> {
    /// In the room.
    Joined(Joined<'a>),
    /// In the room as before.
    Resumed {
        /// The number after which the missed messages follow.
        #[cfg_attr(test, ts(type = "number"))]
        seq: u64,
        /// Replaces the old token.
        token: &'a str,
    },
    /// In the lobby.
    Waiting {
        /// The meeting that the room belongs to.
        meeting: &'a Meeting,
    },
    /// Answers `ping`.
    Pong {
        /// The last number sent.
        #[cfg_attr(test, ts(type = "number"))]
        seq: u64,
    },
    /// Something was refused.
    Error(Refusal<'a>),
    /// The server closes now.
    Closing(Closing),
}

/// Another participant says something for the peer connection.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct RelayedSignal<'a> {
    /// Who.
    #[cfg_attr(test, ts(type = "string"))]
    pub from: &'a ParticipantId,
    /// A session description.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(as = "Option<crate::message::signal::Description>", optional))]
    pub description: Option<&'a RawValue>,
    /// A candidate, or `null` for the end of candidates.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(as = "Option<Option<crate::message::signal::Candidate>>", optional))]
    pub candidate: Option<&'a RawValue>,
}

/// A chat message was stored.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct DeliveredChat<'a> {
    /// The message.
    #[serde(flatten)]
    pub message: &'a crate::message::shared::ChatMessage,
    /// The sender's key, in the sender's own copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub key: Option<&'a str>,
}

/// What happened to a participant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Change {
    /// Came into the room.
    Joined,
    /// Sends something else, or was renamed or given another role.
    Updated,
    /// Is gone.
    Left,
    /// Came to the lobby; told to teachers.
    Waiting,
    /// Is no longer in the lobby; told to teachers.
    LeftLobby,
}

/// Why somebody is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum LeftReason {
    /// Said goodbye, or signed out.
    Left,
    /// Did not come back in time after the connection broke.
    Lost,
    /// Was put out by a teacher.
    Removed,
}

/// Somebody came, changed or went.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct ParticipantChange<'a> {
    /// What happened.
    pub event: Change,
    /// To whom, as it is now: a `Participant` as JSON.
    #[cfg_attr(test, ts(as = "crate::message::shared::Participant"))]
    pub participant: &'a RawValue,
    /// Why somebody is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub reason: Option<LeftReason>,
}

/// What a teacher did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Action {
    /// Let a person in.
    Admit,
    /// Sent a person in the lobby away.
    Deny,
    /// Let everybody in.
    AdmitAll,
    /// Asked a page to switch its microphone off.
    Mute,
    /// Asked everybody's but the teachers' pages to.
    MuteAll,
    /// Took a hand down.
    LowerHand,
    /// Put a person out.
    Remove,
    /// Deleted the text of a chat message.
    DeleteMessage,
    /// Changed who must wait.
    Lobby,
}

/// A moderation took effect.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Moderated<'a> {
    /// What.
    pub action: Action,
    /// The teacher's participant.
    #[cfg_attr(test, ts(type = "string"))]
    pub by: &'a ParticipantId,
    /// The participant it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "string", optional))]
    pub target: Option<&'a ParticipantId>,
    /// The chat message it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(type = "number", optional))]
    pub message: Option<MessageId>,
    /// Who must wait from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub lobby: Option<Lobby>,
}

impl<'a> Moderated<'a> {
    /// `action`, done by `by`, about nothing in particular.
    pub const fn new(action: Action, by: &'a ParticipantId) -> Self {
        Self { action, by, target: None, message: None, lobby: None }
    }
}

/// In the room.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Joined<'a> {
    /// The recipient's participant.
    #[serde(rename = "self")]
    #[cfg_attr(test, ts(type = "string"))]
    pub own: &'a ParticipantId,
    /// For resuming; a secret.
    pub token: &'a str,
    /// The number after which the story follows.
    #[cfg_attr(test, ts(type = "number"))]
    pub seq: u64,
    /// All who are in the room, the recipient among them: each a `Participant` as JSON.
    #[cfg_attr(test, ts(as = "Vec<crate::message::shared::Participant>"))]
    pub participants: Vec<&'a RawValue>,
    /// Who is in the lobby, for teachers.
    #[cfg_attr(test, ts(as = "Vec<crate::message::shared::Participant>"))]
    pub waiting: Vec<&'a RawValue>,
    /// What the page should give its peer connections.
    pub ice_servers: &'a [IceServer],
    /// The meeting that the room belongs to.
    pub meeting: &'a Meeting,
    /// The newest messages that the recipient may see, oldest first: each a `ChatMessage`.
    #[cfg_attr(test, ts(as = "Vec<crate::message::shared::ChatMessage>"))]
    pub chat: Vec<&'a RawValue>,
}

/// Something was refused.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Refusal<'a> {
    /// What is wrong; the catalogue's `error.<code>` is its sentence.
    pub code: &'static str,
    /// Values for the sentence's placeholders.
    #[cfg_attr(test, ts(type = "Record<string, string>"))]
    pub args: BTreeMap<&'static str, &'a str>,
    /// The chat message's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub key: Option<&'a str>,
    /// Finds the cause in the journal.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub reference: Option<&'a str>,
}

impl<'a> Refusal<'a> {
    /// What a client may know of `error`: its code and values, never its cause.
    pub fn of(error: &'a Error) -> Self {
        let args = error.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Self { code: error.code.name(), args, key: None, reference: None }
    }

    /// Of a plain code.
    pub const fn code(code: Code) -> Self {
        Self { code: code.name(), args: BTreeMap::new(), key: None, reference: None }
    }
}

/// Why the server closes a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum ClosingReason {
    /// The daemon stops and will be back.
    Restart,
    /// The client reads too slowly; it may resume.
    Slow,
    /// Nothing came from the client; it may resume.
    Silent,
    /// The same page connected again.
    Replaced,
    /// A teacher put the person out of the course.
    Removed,
    /// A teacher did not let the person in.
    Denied,
    /// A teacher ended the live room.
    Ended,
    /// The session is no longer signed in.
    SignedOut,
    /// The client said goodbye.
    Left,
    /// Too much of what the client sent was refused; the `error` before says why.
    Refused,
}

/// The server closes a connection.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Closing {
    /// Why.
    pub reason: ClosingReason,
    /// Seconds after which to come back; absent: not by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, ts(optional))]
    pub retry_after: Option<u32>,
}
