// Keys: Alt with a letter, so that typing is never taken for a command (WCAG 2.1.4).

import type { Room } from "./model";

/** By the key's place, because Alt changes the letter on some keyboards. */
export const SHORTCUTS = {
  microphone: "M",
  camera: "V",
  hand: "H",
  chat: "C",
  people: "P",
} as const;

export function listenToKeys(room: Room): void {
  const actions: Record<string, () => void> = {
    KeyM: () => void room.media.setMicrophone(!room.media.microphone.on),
    KeyV: () => void room.media.setCamera(!room.media.camera.on),
    KeyH: () => room.call.raiseHand(!room.call.own.hand),
    KeyC: () => room.open("chat"),
    KeyP: () => room.open("people"),
  };
  document.addEventListener("keydown", (event) => {
    if (room.view !== "call" || room.call.phase.name === "ended") return;
    // Escape in an input method ends a word, not the panel.
    if (event.key === "Escape" && !event.isComposing && !room.question && room.panel) {
      room.open(null);
      return;
    }
    if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat || room.question) return;
    const action = actions[event.code];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
