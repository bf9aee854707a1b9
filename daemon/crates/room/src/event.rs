//! What can happen to the hub.

use std::sync::Arc;

use base::Result;
use base::id::{MeetingId, MessageId, PersonId, SessionId};

use crate::message::shared::{ChatMessage, IceServer, Meeting, Role};

/// One open transport connection, numbered by the transport; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// A question to the store that the hub waits for; numbered by the hub.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Who is behind a connection, as the transport found out from its session.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The person.
    pub person: PersonId,
    /// The person's name.
    pub name: Arc<str>,
    /// What the person may do in this room.
    pub role: Role,
    /// The signed-in browser.
    pub session: SessionId,
}

/// What can happen.
#[derive(Debug)]
pub enum Event {
    /// A client opened a connection and was found allowed to enter.
    Connected {
        /// The new connection.
        connection: ConnectionId,
        /// The room it wants.
        meeting: MeetingId,
        /// Who it is.
        identity: Identity,
        /// What to put into `joined` for it.
        ice_servers: Vec<IceServer>,
    },
    /// A client sent a frame of text, as it came; the hub parses it.
    Received {
        /// From where.
        connection: ConnectionId,
        /// What.
        text: String,
    },
    /// A client sent something that is not text.
    ReceivedBinary {
        /// From where.
        connection: ConnectionId,
    },
    /// A connection ended, by whatever side.
    Disconnected {
        /// Which.
        connection: ConnectionId,
        /// Why, as far as the hub should care.
        why: Disconnect,
    },
    /// The answer to [`Effect::OpenRoom`](crate::effect::Effect::OpenRoom).
    RoomOpened {
        /// The room.
        meeting: MeetingId,
        /// Its meeting and newest messages, oldest first.
        opened: Result<(Meeting, Vec<ChatMessage>)>,
    },
    /// The answer to [`Effect::StoreChat`](crate::effect::Effect::StoreChat). The answers of one
    /// room must arrive in the order in which its messages were committed.
    ChatStored {
        /// The question.
        ticket: Ticket,
        /// The stored message, and whether it had been stored before under the same key.
        stored: Result<(ChatMessage, bool)>,
    },
    /// The answer to [`Effect::DeleteChat`](crate::effect::Effect::DeleteChat).
    ChatDeleted {
        /// The question.
        ticket: Ticket,
        /// The message's number if it was there.
        deleted: Result<MessageId>,
    },
    /// Something outside the room changed: these sessions are no longer signed in.
    SignedOut {
        /// Which session.
        session: SessionId,
    },
    /// The course page removed a person from the meeting's course.
    MemberRemoved {
        /// The meetings of the course.
        meetings: Vec<MeetingId>,
        /// Who.
        person: PersonId,
    },
    /// The course page made a guest a student.
    MemberAdmitted {
        /// The meetings of the course.
        meetings: Vec<MeetingId>,
        /// Who.
        person: PersonId,
    },
    /// Rooms are no longer open: meetings were hidden from the students, or their course was put away.
    RoomsShut {
        /// Which.
        meetings: Vec<MeetingId>,
        /// Who must leave.
        to: Shut,
    },
    /// Time passed; sent at the latest when [`Hub::deadline`](crate::hub::Hub::deadline) says.
    Tick,
    /// The daemon stops: say goodbye to everybody.
    Stop {
        /// Seconds after which a client should try again.
        retry_after: u32,
    },
}

/// To whom rooms are no longer open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut {
    /// To all but teachers, and the bots that they let in.
    Students,
    /// To everybody.
    Everybody,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disconnect {
    /// Closed or broken: the participant may resume.
    Lost,
    /// Its queue was full: the participant may resume.
    TooSlow,
}
