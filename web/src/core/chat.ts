// The chat as this page knows it: stored messages in the daemon's order, and behind them those
// that this page has written and the daemon has not acknowledged.

import type { ChatMessage } from "./messages";

/** Something written here that is not known to be stored. */
export type Draft = {
  /** Makes sending twice harmless. */
  key: string;
  text: string;
  /** The person it is for; absent: everybody. */
  to?: number;
  state: "sending" | "failed";
  /** Why it was refused. */
  code?: string;
  args?: Record<string, string>;
};

/** A message over this many characters is refused; the daemon counts the same way. */
export const CHAT_CHARACTERS = 4_000;

/** Characters as people count them (Unicode scalar values). */
export function charactersOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

export class ChatLog {
  /** Oldest first, without repetition. */
  messages: ChatMessage[] = [];
  drafts: Draft[] = [];
  /** Older ones are on the daemon. */
  more = false;
  unread = 0;
  private readonly known = new Set<number>();
  private opened = false;
  private started = false;

  /** @param self the person whose page this is: own messages are never unread */
  constructor(private readonly self: number) {}

  /** What `joined` brings: replaces nothing, adds what is missing. */
  start(recent: ChatMessage[], page: number): void {
    const first = !this.started;
    this.started = true;
    const empty = this.messages.length === 0;
    const missed = first ? [] : recent.filter((message) => !this.known.has(message.id));
    // A longer absence than the recent page leaves a gap: what is older is loaded anew.
    const oldest = recent[0];
    const newest = this.messages[this.messages.length - 1];
    if (oldest && newest && oldest.id > newest.id && recent.length >= page) {
      this.messages = [];
      this.known.clear();
      this.more = true;
    }
    for (const message of recent) this.merge(message);
    if (empty) this.more = recent.length >= page;
    for (const message of missed) this.count(message);
  }

  /** A live message; `key` is there when this page wrote it. */
  receive(message: ChatMessage, key?: string): void {
    if (key !== undefined) this.drafts = this.drafts.filter((draft) => draft.key !== key);
    if (!this.merge(message)) return;
    this.count(message);
  }

  /** A page of older messages. */
  prepend(older: ChatMessage[], more: boolean): void {
    for (const message of older) this.merge(message);
    this.more = more;
  }

  /** A teacher deleted it: that it was there stays visible. */
  erase(id: number): void {
    this.messages = this.messages.map((message) =>
      message.id === id ? { ...message, text: null } : message,
    );
  }

  write(draft: { key: string; text: string; to?: number }): Draft {
    const written: Draft = { ...draft, state: "sending" };
    this.drafts = [...this.drafts, written];
    return written;
  }

  /** The daemon refused it. */
  fail(key: string, code: string, args: Record<string, string> = {}): void {
    this.drafts = this.drafts.map((draft) =>
      draft.key === key ? { ...draft, state: "failed" as const, code, args } : draft,
    );
  }

  /** Marks a refused one for sending again, with its old key. */
  retry(key: string): Draft | undefined {
    this.drafts = this.drafts.map((draft) =>
      draft.key === key
        ? { key, text: draft.text, to: draft.to, state: "sending" as const }
        : draft,
    );
    return this.drafts.find((draft) => draft.key === key);
  }

  discard(key: string): void {
    this.drafts = this.drafts.filter((draft) => draft.key !== key);
  }

  /** What must be sent again after a lost connection. */
  unsent(): Draft[] {
    return this.drafts.filter((draft) => draft.state === "sending");
  }

  /** The panel is open (everything is read) or closed. */
  show(opened: boolean): void {
    this.opened = opened;
    if (opened) this.unread = 0;
  }

  private count(message: ChatMessage): void {
    if (!this.opened && message.from.person !== this.self && message.text !== null) {
      this.unread += 1;
    }
  }

  /** Puts it in its place; says whether it was new. */
  private merge(message: ChatMessage): boolean {
    if (this.known.has(message.id)) {
      if (message.text === null) this.erase(message.id);
      return false;
    }
    this.known.add(message.id);
    let place = this.messages.length;
    while (place > 0 && (this.messages[place - 1]?.id ?? 0) > message.id) place -= 1;
    this.messages = [...this.messages.slice(0, place), message, ...this.messages.slice(place)];
    return true;
  }
}
