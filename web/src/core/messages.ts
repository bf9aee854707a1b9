// The messages of `kelas.v1` (docs/PROTOCOL.md) as the rest of `core/` names them; the types
// themselves are generated from the daemon's.

import type * as protocol from "../protocol/messages";

export type {
  Candidate,
  ChatMessage,
  ClientMessage,
  ClosingReason,
  Description,
  IceServer,
  Joined,
  Lobby,
  Media,
  Meeting,
  Moderated,
  Moderation,
  Participant,
  Role,
  ServerMessage,
} from "../protocol/messages";

/** What goes from peer to peer, whoever sends it. */
export type Signal = Omit<protocol.Signal, "to">;
/** Somebody came, changed or went. */
export type ParticipantMessage = protocol.ParticipantChange;
/** Something that this page sent was refused. */
export type Refusal = protocol.Refusal;
