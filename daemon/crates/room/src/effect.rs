//! What the hub wants done.

use std::fmt::Write as _;
use std::sync::Arc;

use base::Error;
use base::clock::Monotonic;
use base::id::{MeetingId, MessageId, ParticipantId, PersonId};

use crate::event::{ConnectionId, Ticket};
use crate::message::server::LeftReason;
use crate::message::shared::Lobby;

/// The most that `"seq":…,` with the largest number takes.
const SEQ_BYTES: usize = 27;

/// What the hub wants done, in order.
#[derive(Debug)]
pub enum Effect {
    /// Send one message.
    Send {
        /// To whom.
        connection: ConnectionId,
        /// What.
        frame: Frame,
    },
    /// Close a connection after what was sent before has gone out. No `Disconnected` is needed
    /// afterwards: the hub has forgotten it.
    Close {
        /// Which.
        connection: ConnectionId,
    },
    /// Look a room's meeting up; answer with `RoomOpened`.
    OpenRoom {
        /// Which.
        meeting: MeetingId,
    },
    /// Store a chat message; answer with `ChatStored`. It is shown to nobody before that.
    StoreChat {
        /// Goes into the answer.
        ticket: Ticket,
        /// Where.
        meeting: MeetingId,
        /// By whom.
        author: PersonId,
        /// The author's name now.
        name: Arc<str>,
        /// The idempotency key.
        key: String,
        /// The checked text.
        text: String,
        /// For whom alone.
        to: Option<PersonId>,
    },
    /// Delete a chat message's text; answer with `ChatDeleted`.
    DeleteChat {
        /// Goes into the answer.
        ticket: Ticket,
        /// Where.
        meeting: MeetingId,
        /// Which.
        message: MessageId,
        /// By whom.
        by: PersonId,
    },
    /// A guest was admitted by a teacher and is a student of the course from now on.
    AdmitMember {
        /// A meeting of the course.
        meeting: MeetingId,
        /// Who.
        person: PersonId,
    },
    /// A teacher removed a person from the course.
    RemoveMember {
        /// A meeting of the course.
        meeting: MeetingId,
        /// Who.
        person: PersonId,
        /// By whom.
        by: PersonId,
    },
    /// A teacher changed who must wait; keep it for the next time.
    StoreLobby {
        /// Which meeting.
        meeting: MeetingId,
        /// Who must wait.
        lobby: Lobby,
    },
    /// Note that a participant is in the room from now on.
    Entered {
        /// Which meeting's room.
        meeting: MeetingId,
        /// Which page.
        participant: ParticipantId,
        /// Whose it is.
        person: PersonId,
        /// The person's name now.
        name: Arc<str>,
        /// When.
        at: Monotonic,
    },
    /// Note that a participant is in the room no longer.
    Departed {
        /// Which meeting's room.
        meeting: MeetingId,
        /// Which page.
        participant: ParticipantId,
        /// When it was last connected, which is earlier than now for one that did not come back.
        at: Monotonic,
        /// How it went.
        how: Departure,
    },
    /// Write a failure into the journal; the client was told `reference`, not the cause.
    Report {
        /// What the client shows, to be found again.
        reference: String,
        /// What failed.
        error: Error,
    },
}

/// How a participant went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Departure {
    /// By its own will.
    Left,
    /// Its connection broke, and it did not come back.
    Lost,
    /// A teacher put the person out.
    Removed,
    /// A teacher ended the meeting's room.
    Ended,
    /// The daemon stops.
    Stopped,
}

impl From<LeftReason> for Departure {
    fn from(reason: LeftReason) -> Self {
        match reason {
            LeftReason::Left => Self::Left,
            LeftReason::Lost => Self::Lost,
            LeftReason::Removed => Self::Removed,
        }
    }
}

/// A message ready to be sent: the JSON object is shared by all who get it, the number is the
/// recipient's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The recipient's sequence number, if the message carries one.
    pub seq: Option<u64>,
    /// The JSON object without `seq`: `{"type":…}`.
    pub body: Arc<str>,
}

impl Frame {
    /// The text that goes over the wire.
    pub fn text(&self) -> String {
        let Some(seq) = self.seq else { return self.body.to_string() };
        let mut text = String::with_capacity(SEQ_BYTES + self.body.len());
        let _infallible = write!(text, "{{\"seq\":{seq},");
        text.push_str(&self.body[1..]);
        text
    }
}
