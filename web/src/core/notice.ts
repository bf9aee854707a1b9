// What the room tells: shown for a moment and read out by screen readers.

import type { Participant, ParticipantMessage } from "./messages";

export type Notice = {
  /** A key of the catalogue. */
  key: string;
  args?: Record<string, string | number>;
  tone: "info" | "warning" | "error";
};

/** What is worth telling of somebody else's change; `before` is how they were known. */
export function noticeOf(
  { event, participant, reason }: ParticipantMessage,
  before: Participant | undefined,
): Notice | null {
  const tell = (key: string): Notice => ({ key, args: { name: participant.name }, tone: "info" });
  const { media } = participant;
  switch (event) {
    case "joined":
      return before ? null : tell("room.notice.joined");
    case "left":
      return tell(reason === "lost" ? "room.notice.lost" : "room.notice.left");
    case "waiting":
      return tell("room.notice.waiting");
    case "updated":
      if (media.hand && before?.media.hand === false) return tell("room.notice.hand");
      if (media.screen && before?.media.screen === false) return tell("room.notice.screen");
      return null;
    case "left_lobby":
      return null;
  }
}
