// What the server wrote into the page for the room.

import type { CaptureSize } from "../io/capture";
import type { Course, Role } from "../protocol/messages";

export type Boot = {
  meeting: { id: number; title: string; course: Course };
  person: { id: number; name: string; role: Role };
  /** Cameras and microphones may be used at this address. */
  secure: boolean;
  /** The same page where they may. */
  httpsUrl: string;
  /** Where to go after leaving. */
  leaveUrl: string;
  language: string;
  messages: Record<string, string>;
  media?: CaptureSize;
};

export function readBoot(): Boot {
  const block = document.getElementById("kelas-room");
  if (!block?.textContent) throw new Error("the page has no room data");
  return JSON.parse(block.textContent) as Boot;
}
