// The messages of the live protocol (docs/PROTOCOL.md).
// Generated from daemon/crates/room/src/message; `KELAS_UPDATE=1 cargo test -p room --lib` writes it.

/** What a client can say. */
export type ClientMessage = { "type": "join" } & Join | { "type": "signal" } & Signal | { "type": "chat" } & Chat | { "type": "state" } & State | { "type": "moderate" } & Moderation | { "type": "ping" } & Ping | { "type": "leave" };

/** Enters the room or its lobby. */
export type Join = { 
/** 22 URL-safe characters that the page made when it loaded. */
key: string, 
/** What the page sends. */
media: Media, 
/** Where to go on, if the page was here before. */
resume?: Resume,
};

/** Where a page whose connection broke goes on. */
export type Resume = { 
/** The token of the last `joined` or `resumed`. */
token: string, 
/** The last number the page has seen. */
seq: number,
};

/** Tells one participant something for its peer connection. */
export type Signal = { 
/** Whom. */
to: string, 
/** A session description, as it came. */
description?: Description, 
/** A candidate, or `null` for the end of candidates, as it came. */
candidate?: Candidate | null,
};

/** The form of a session description (W3C WebRTC, `RTCSessionDescriptionInit`). */
export type Description = { 
/** Its type. */
type: DescriptionKind, 
/** A JSON string; not unescaped, because nobody here reads it. */
sdp: string,
};

/** The type of a session description (W3C WebRTC, `RTCSdpType`). */
export type DescriptionKind = "offer" | "answer" | "pranswer" | "rollback";

/** The form of a candidate (W3C WebRTC, `RTCIceCandidateInit`). */
export type Candidate = { 
/** The candidate line (RFC 8839, 5.1); empty at the end of a generation. */
candidate?: string, 
/** The media description it belongs to, by name. */
sdpMid?: string | null, 
/** The media description it belongs to, by position. */
sdpMLineIndex?: number | null, 
/** The ICE user name fragment of its generation. */
usernameFragment?: string | null,
};

/** Says something to everybody or to one person. */
export type Chat = { 
/** Makes it idempotent: 1 to 36 of `A–Z a–z 0–9 _ -`. */
key: string, 
/** What. */
text: string, 
/** For whom alone. */
to?: number,
};

/** Tells what the page sends now. */
export type State = { 
/** What. */
media: Media,
};

/** A teacher's doing. */
export type Moderation = { "action": "admit", 
/** Who. */
target: string, } | { "action": "deny", 
/** Who. */
target: string, } | { "action": "admit_all" } | { "action": "mute", 
/** Whose. */
target: string, } | { "action": "mute_all" } | { "action": "lower_hand", 
/** Whose. */
target: string, } | { "action": "remove", 
/** Whom. */
target: string, } | { "action": "delete_message", 
/** Which. */
message: number, } | { "action": "lobby", 
/** Who. */
lobby: Lobby, } | { "action": "end" };

/** Is there and has seen everything up to a number. */
export type Ping = { 
/** The last number the page has seen. */
seq: number,
};

/** What belongs to the room's story: every recipient gets it with a number of its own. */
export type RoomMessage = { "type": "signal" } & RelayedSignal | { "type": "chat" } & DeliveredChat | { "type": "participant" } & ParticipantChange | { "type": "moderated" } & Moderated;

/** Another participant says something for the peer connection. */
export type RelayedSignal = { 
/** Who. */
from: string, 
/** A session description. */
description?: Description, 
/** A candidate, or `null` for the end of candidates. */
candidate?: Candidate | null,
};

/** A chat message was stored. */
export type DeliveredChat = { 
/** The sender's key, in the sender's own copy. */
key?: string, 
/** Its number; larger ones were stored later. */
id: number, 
/** Who wrote it. */
from: Author, 
/** What it says; `None` after a teacher deleted it. */
text: string | null, 
/** When it was stored. */
at: number, 
/** The person it was written to alone. */
to?: number,
};

/** Somebody came, changed or went. */
export type ParticipantChange = { 
/** What happened. */
event: Change, 
/** To whom, as it is now: a `Participant` as JSON. */
participant: Participant, 
/** Why somebody is gone. */
reason?: LeftReason,
};

/** What happened to a participant. */
export type Change = "joined" | "updated" | "left" | "waiting" | "left_lobby";

/** Why somebody is gone. */
export type LeftReason = "left" | "lost" | "removed";

/** A moderation took effect. */
export type Moderated = { 
/** What. */
action: Action, 
/** The teacher's participant. */
by: string, 
/** The participant it is about. */
target?: string, 
/** The chat message it is about. */
message?: number, 
/** Who must wait from now on. */
lobby?: Lobby,
};

/** What a teacher did. */
export type Action = "admit" | "deny" | "admit_all" | "mute" | "mute_all" | "lower_hand" | "remove" | "delete_message" | "lobby";

/** What concerns one connection alone and carries no number of the story. */
export type ConnectionMessage = { "type": "joined" } & Joined | { "type": "resumed", 
/** The number after which the missed messages follow. */
seq: number, 
/** Replaces the old token. */
token: string, } | { "type": "waiting", 
/** The meeting that the room belongs to. */
meeting: Meeting, } | { "type": "pong", 
/** The last number sent. */
seq: number, } | { "type": "error" } & Refusal | { "type": "closing" } & Closing;

/** In the room. */
export type Joined = { 
/** The recipient's participant. */
self: string, 
/** For resuming; a secret. */
token: string, 
/** The number after which the story follows. */
seq: number, 
/** All who are in the room, the recipient among them: each a `Participant` as JSON. */
participants: Array<Participant>, 
/** Who is in the lobby, for teachers. */
waiting: Array<Participant>, 
/** What the page should give its peer connections. */
iceServers: Array<IceServer>, 
/** The meeting that the room belongs to. */
meeting: Meeting, 
/** The newest messages that the recipient may see, oldest first: each a `ChatMessage`. */
chat: Array<ChatMessage>,
};

/** Something was refused. */
export type Refusal = { 
/** What is wrong; the catalogue's `error.<code>` is its sentence. */
code: string, 
/** Values for the sentence's placeholders. */
args: Record<string, string>, 
/** The chat message's key. */
key?: string, 
/** Finds the cause in the journal. */
ref?: string,
};

/** The server closes a connection. */
export type Closing = { 
/** Why. */
reason: ClosingReason, 
/** Seconds after which to come back; absent: not by itself. */
retryAfter?: number,
};

/** Why the server closes a connection. */
export type ClosingReason = "restart" | "slow" | "silent" | "replaced" | "removed" | "denied" | "ended" | "signed_out" | "left" | "refused";

/** What a participant sends now, and whether a hand is up. */
export type Media = { 
/** The microphone is on. */
audio: boolean, 
/** The camera is on. */
video: boolean, 
/** The screen is shared. */
screen: boolean, 
/** The hand is up. */
hand: boolean,
};

/** What a participant may do in a room. */
export type Role = "teacher" | "student" | "guest" | "bot";

/** Who must wait in the lobby until a teacher admits them. */
export type Lobby = "off" | "guests" | "everyone";

/** One browser page in a room, as the others see it. */
export type Participant = { 
/** Its id, which is also its peer's. */
id: string, 
/** Who it is. */
person: number, 
/** The person's name. */
name: string, 
/** What it may do. */
role: Role, 
/** What it sends. */
media: Media,
};

/** The meeting that a room belongs to. */
export type Meeting = { 
/** Its number, which is also the room's. */
id: number, 
/** Its title. */
title: string, 
/** Its course. */
course: Course, 
/** Who must wait. */
lobby: Lobby,
};

/** The course that a meeting belongs to. */
export type Course = { 
/** Its number. */
id: number, 
/** Its title. */
title: string,
};

/** A STUN server for the page's peer connections (W3C WebRTC, `RTCIceServer`). */
export type IceServer = { 
/** Its addresses, as `stun:<ip>:<port>`. */
urls: Array<string>,
};

/** Who wrote a chat message. */
export type Author = { 
/** The person. */
person: number, 
/** The person's name when it was written. */
name: string,
};

/** A chat message, as stored. */
export type ChatMessage = { 
/** Its number; larger ones were stored later. */
id: number, 
/** Who wrote it. */
from: Author, 
/** What it says; `None` after a teacher deleted it. */
text: string | null, 
/** When it was stored. */
at: number, 
/** The person it was written to alone. */
to?: number,
};

/** Whatever the server can say. What belongs to the room's story carries its number. */
export type ServerMessage = (RoomMessage & { seq: number }) | ConnectionMessage;
