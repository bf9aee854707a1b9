// What the server wrote into the page for the room.

import type { CaptureSize } from "../io/capture";
import type { Course, Role } from "../protocol/messages";

export type Boot = {
  meeting: { id: number; title: string; course: Course };
  person: { id: number; name: string };
  role: Role;
  language: string;
  messages: Record<string, string>;
  urls: {
    /** Where to go after leaving. */
    course: string;
    /** The same page where cameras and microphones may be used. */
    secure: string;
  };
  /** What the camera is asked for, where the usual is too much. */
  media?: CaptureSize;
};

export function readBoot(): Boot {
  const block = document.getElementById("kelas-room");
  if (!block?.textContent) throw new Error("the page has no room data");
  return JSON.parse(block.textContent) as Boot;
}

/** Goes to the secure address, taking the sign-in along where the page offers that. */
export function goSecure(boot: Boot): void {
  const form = handover();
  if (form) form.submit();
  else location.assign(boot.urls.secure);
}

/** Whether the page itself offers the way to the secure address. */
export function offersHandover(): boolean {
  return handover() !== null;
}

function handover(): HTMLFormElement | null {
  return document.querySelector('form[action="/handover"]');
}
