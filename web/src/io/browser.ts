// The browser's own time, randomness, storage and requests, as `core/` wants them.

import type { ChatMessage } from "../core/messages";
import type { Clock } from "../core/ports";

export const clock: Clock = {
  now: () => performance.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

const URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** 22 URL-safe characters of randomness. Works on plain http, where `randomUUID` is missing. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(22));
  return Array.from(bytes, (byte) => URL_SAFE[byte & 63]).join("");
}

export async function olderChat(
  meeting: number,
  before: number,
): Promise<{ messages: ChatMessage[]; more: boolean }> {
  const answer = await fetch(`/api/rooms/${meeting}/messages?before=${before}`, {
    credentials: "same-origin",
    headers: { accept: "application/json" },
  });
  if (!answer.ok) throw new Error(`older chat: status ${answer.status}`);
  return (await answer.json()) as { messages: ChatMessage[]; more: boolean };
}

const PREFIX = "kelas.room.";

/** What a person chose: first in this window, which another window's choice does not change, then on
 * this device. Private windows may refuse storage: then nothing is kept. */
export const preferences = {
  get(name: string): string | null {
    return storedIn("sessionStorage", name) ?? storedIn("localStorage", name);
  },
  set(name: string, value: string): void {
    for (const area of ["sessionStorage", "localStorage"] as const) {
      try {
        globalThis[area].setItem(PREFIX + name, value);
      } catch {
        // Nothing depends on it.
      }
    }
  },
};

function storedIn(area: "sessionStorage" | "localStorage", name: string): string | null {
  try {
    return globalThis[area].getItem(PREFIX + name);
  } catch {
    return null;
  }
}

/** Keeps the screen on during a call, where the browser can. */
export class ScreenAwake {
  private lock: WakeLockSentinel | null = null;
  private wanted = false;
  private asking = false;

  /** Also asked for again when the page is seen again: browsers let go of it when it is not. */
  async hold(): Promise<void> {
    this.wanted = true;
    if (this.lock || this.asking || !("wakeLock" in navigator)) return;
    if (document.visibilityState !== "visible") return;
    this.asking = true;
    try {
      const lock = await navigator.wakeLock.request("screen");
      lock.onrelease = () => {
        if (this.lock === lock) this.lock = null;
      };
      this.lock = lock;
      if (!this.wanted) this.release();
    } catch {
      // Refused when the battery is low: the person's choice goes before ours.
    } finally {
      this.asking = false;
    }
  }

  release(): void {
    this.wanted = false;
    void this.lock?.release();
    this.lock = null;
  }
}
