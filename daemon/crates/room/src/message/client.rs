//! Messages from a client, parsed once at the edge of the hub.
//!
//! First the type is read, then the body of that type, so that an unknown type and a malformed
//! body are different answers.

use std::borrow::Cow;

use base::id::{MessageId, ParticipantId, PersonId};
use base::{Code, Error, Result, limits};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::message::shared::{Lobby, Media};
use crate::message::signal::Signal;

/// What a client can say.
#[derive(Debug)]
#[cfg_attr(test, derive(ts_rs::TS), ts(tag = "type", rename_all = "snake_case"))]
pub enum ClientMessage<'a> {
    /// Enters the room or its lobby.
    Join(Join<'a>),
    /// Tells one participant something for its peer connection.
    Signal(Signal<'a>),
    /// Says something to everybody or to one person.
    Chat(Chat<'a>),
    /// Tells what the page sends now.
    State(State),
    /// A teacher's doing.
    Moderate(Moderation),
    /// Is there and has seen everything up to a number.
    Ping(Ping),
    /// Goes.
    Leave,
}

/// Enters the room or its lobby.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Join<'a> {
    /// 22 URL-safe characters that the page made when it loaded.
    #[serde(borrow)]
    pub key: Cow<'a, str>,
    /// What the page sends.
    pub media: Media,
    /// Where to go on, if the page was here before.
    #[serde(borrow, default)]
    #[cfg_attr(test, ts(optional))]
    pub resume: Option<Resume<'a>>,
}

/// Where a page whose connection broke goes on.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Resume<'a> {
    /// The token of the last `joined` or `resumed`.
    #[serde(borrow)]
    pub token: Cow<'a, str>,
    /// The last number the page has seen.
    #[cfg_attr(test, ts(type = "number"))]
    pub seq: u64,
}

/// Says something to everybody or to one person.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Chat<'a> {
    /// Makes it idempotent: 1 to 36 of `A–Z a–z 0–9 _ -`.
    #[serde(borrow)]
    pub key: Cow<'a, str>,
    /// What.
    #[serde(borrow)]
    pub text: Cow<'a, str>,
    /// For whom alone.
    #[serde(default)]
    #[cfg_attr(test, ts(type = "number", optional))]
    pub to: Option<PersonId>,
}

/// Tells what the page sends now.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct State {
    /// What.
    pub media: Media,
}

/// Is there and has seen everything up to a number.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Ping {
    /// The last number the page has seen.
    #[cfg_attr(test, ts(type = "number"))]
    pub seq: u64,
}

/// A teacher's doing.
#[derive(Debug, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Moderation {
    /// Lets a person in from the lobby.
    Admit {
        /// Who.
        #[cfg_attr(test, ts(type = "string"))]
        target: ParticipantId,
    },
    /// Sends a person in the lobby away.
    Deny {
        /// Who.
        #[cfg_attr(test, ts(type = "string"))]
        target: ParticipantId,
    },
    /// Lets everybody in from the lobby.
    AdmitAll,
    /// Asks a page to switch its microphone off.
    Mute {
        /// Whose.
        #[cfg_attr(test, ts(type = "string"))]
        target: ParticipantId,
    },
    /// Asks everybody's but the teachers' pages to switch their microphones off.
    MuteAll,
    /// Takes a hand down.
    LowerHand {
        /// Whose.
        #[cfg_attr(test, ts(type = "string"))]
        target: ParticipantId,
    },
    /// Puts a person out of the room and the course.
    Remove {
        /// Whom.
        #[cfg_attr(test, ts(type = "string"))]
        target: ParticipantId,
    },
    /// Deletes the text of a chat message.
    DeleteMessage {
        /// Which.
        #[cfg_attr(test, ts(type = "number"))]
        message: MessageId,
    },
    /// Says who must wait from now on.
    Lobby {
        /// Who.
        lobby: Lobby,
    },
    /// Ends the live room for everybody.
    End,
}

/// The type, and what a signal is made of: signals are by far the most, and reading them once
/// more for the rest would cost as much as relaying them.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow, default)]
    to: Option<&'a RawValue>,
    #[serde(borrow, default)]
    description: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "present")]
    candidate: Option<&'a RawValue>,
}

impl<'a> ClientMessage<'a> {
    /// Reads one message. Fails with `message_too_large`, `message_malformed`,
    /// `message_type_unknown`, or what is wrong with the message of that type:
    /// `signal_invalid` or `key_invalid`.
    pub fn parse(text: &'a str) -> Result<Self> {
        if text.len() > limits::CLIENT_FRAME_BYTES {
            return Err(Error::new(Code::MessageTooLarge).with("most", limits::CLIENT_FRAME_BYTES));
        }
        let head: Head<'a> = body(text)?;
        match &*head.kind {
            "join" => body(text).and_then(Join::checked).map(Self::Join),
            "signal" => {
                let to = head.to.ok_or_else(|| Error::new(Code::MessageMalformed))?;
                let Head { description, candidate, .. } = head;
                Signal { to: body(to.get())?, description, candidate }.checked().map(Self::Signal)
            }
            "chat" => body(text).map(Self::Chat),
            "state" => body(text).map(Self::State),
            "moderate" => body(text).map(Self::Moderate),
            "ping" => body(text).map(Self::Ping),
            "leave" => Ok(Self::Leave),
            _ => Err(Error::new(Code::MessageTypeUnknown)),
        }
    }
}

impl Join<'_> {
    fn checked(self) -> Result<Self> {
        if self.key.len() == limits::PAGE_KEY_CHARACTERS && is_url_safe(&self.key) {
            Ok(self)
        } else {
            Err(Error::new(Code::KeyInvalid))
        }
    }
}

impl Chat<'_> {
    /// Whether the key is 1 to 36 characters of `A–Z a–z 0–9 _ -`.
    pub fn has_valid_key(&self) -> bool {
        (1..=limits::CHAT_KEY_CHARACTERS).contains(&self.key.len()) && is_url_safe(&self.key)
    }
}

fn body<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::new(Code::MessageMalformed).because(error))
}

/// Keeps `null` apart from an absent field.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

fn is_url_safe(key: &str) -> bool {
    key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}
