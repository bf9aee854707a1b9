// One participant's session with the daemon: connects, joins, keeps the connection alive, and
// comes back by itself, resuming where it was (docs/PROTOCOL.md, 3). Knows nothing of media.

import { backoffMs } from "./backoff";
import type { ClientMessage, ClosingReason, Media, ServerMessage } from "./messages";
import type { Clock, Closure, Connect, Connection, Random } from "./ports";

/** Where the session stands. */
export type Phase =
  | { name: "connecting" }
  | { name: "waiting" }
  | { name: "live" }
  | { name: "lost"; since: number }
  | { name: "ended"; reason: EndReason };

/** Why it does not come back by itself: a reason of `closing`, or the code of a refusal. */
export type EndReason = ClosingReason | (string & {});

const PING_EVERY_MS = 15_000;
const SILENCE_MS = 10_000;
// After sleep or a network change the old connection is probably dead: believe it for less long.
const DOUBT_MS = 4_000;
// A connection that neither opens nor fails, e.g. behind a sleeping access point.
const OPENING_MS = 15_000;

// Trying again by itself cannot help.
const FATAL = new Set([
  "sign_in_required",
  "not_allowed",
  "member_removed",
  "not_found",
  "course_archived",
  "origin_refused",
  "room_full",
  "lobby_full",
  "needs_https",
  "too_many_connections",
  "key_invalid",
]);
const RETRIED: ReadonlySet<ClosingReason> = new Set(["restart", "slow", "silent"] as const);

export interface SessionOptions {
  connect: Connect;
  clock: Clock;
  random: Random;
  /** Made once per page (22 URL-safe characters). */
  key: string;
  /** What is sent now; asked at each `join`. */
  media: () => Media;
  onMessage: (message: ServerMessage) => void;
  onPhase: (phase: Phase) => void;
}

export class Session {
  phase: Phase = { name: "connecting" };
  private connection: Connection | null = null;
  private token: string | null = null;
  private seen = 0;
  private attempt = 0;
  private cancelTimer: () => void = () => {};
  private cancelSilence: () => void = () => {};
  // Messages of an earlier connection must not touch this one.
  private generation = 0;
  private retryAfterMs: number | null = null;

  constructor(private readonly options: SessionOptions) {}

  start(): void {
    this.setPhase({ name: "connecting" });
    this.open();
  }

  /** Takes the room back after `ended`, e.g. from another window. */
  restart(): void {
    this.attempt = 0;
    this.token = null;
    this.start();
  }

  /** Sends if the room hears us now; says whether it was sent. */
  send(message: ClientMessage): boolean {
    if (this.phase.name !== "live" || !this.connection) return false;
    this.connection.send(JSON.stringify(message));
    return true;
  }

  /** Goodbye, also from a page that is being closed. */
  leave(): void {
    const farewell: ClientMessage = { type: "leave" };
    const connection = this.connection;
    this.connection = null;
    this.generation += 1;
    this.stopTimers();
    connection?.close(JSON.stringify(farewell));
    this.setPhase({ name: "ended", reason: "left" });
  }

  /** The network came back, the page woke up: connect now, or doubt the connection that is there. */
  wake(): void {
    if (this.phase.name === "ended") return;
    if (!this.connection) this.open();
    else if (this.phase.name === "live" || this.phase.name === "waiting") this.ping(DOUBT_MS);
  }

  private open(): void {
    this.stopTimers();
    this.generation += 1;
    const generation = this.generation;
    const current = () => generation === this.generation;
    this.cancelTimer = this.options.clock.after(OPENING_MS, () => this.lose({ opened: false }));
    const connection = this.options.connect(
      {
        opened: () => current() && this.join(),
        message: (text) => current() && this.receive(text),
        closed: (closure) => current() && this.lose(closure),
      },
      this.attempt,
    );
    if (current()) this.connection = connection;
  }

  private join(): void {
    const resume = this.token === null ? undefined : { token: this.token, seq: this.seen };
    const { key, media } = this.options;
    this.transmit({ type: "join", key, media: media(), ...(resume ? { resume } : {}) });
    this.cancelTimer();
    this.cancelTimer = this.options.clock.after(PING_EVERY_MS, () => this.ping(SILENCE_MS));
    this.expectAnswer(SILENCE_MS);
  }

  private transmit(message: ClientMessage): void {
    this.connection?.send(JSON.stringify(message));
  }

  private ping(patienceMs: number): void {
    this.cancelTimer();
    this.transmit({ type: "ping", seq: this.seen });
    this.expectAnswer(patienceMs);
    this.cancelTimer = this.options.clock.after(PING_EVERY_MS, () => this.ping(SILENCE_MS));
  }

  private expectAnswer(patienceMs: number): void {
    this.cancelSilence();
    this.cancelSilence = this.options.clock.after(patienceMs, () => this.lose({ opened: true }));
  }

  private receive(text: string): void {
    this.cancelSilence();
    let message: ServerMessage;
    try {
      message = JSON.parse(text) as ServerMessage;
    } catch {
      // Half a message means a broken connection: what it was is sent again on resuming.
      this.lose({ opened: true });
      return;
    }
    if (!this.follows(message)) return;
    this.apply(message);
  }

  /** Whether the message is the next of the story, which counts without gaps. */
  private follows(message: ServerMessage): boolean {
    if (!("seq" in message) || message.type === "pong") return true;
    if (message.type === "joined" || message.type === "resumed") return true;
    if (message.seq <= this.seen) return false;
    if (message.seq > this.seen + 1) {
      this.lose({ opened: true });
      return false;
    }
    this.seen = message.seq;
    return true;
  }

  private apply(message: ServerMessage): void {
    switch (message.type) {
      case "joined":
        this.token = message.token;
        this.seen = message.seq;
        this.attempt = 0;
        // The room is filled before it is called live, so that nobody sees an empty one.
        this.options.onMessage(message);
        this.setPhase({ name: "live" });
        return;
      case "resumed":
        this.token = message.token;
        this.attempt = 0;
        this.setPhase({ name: "live" });
        break;
      case "waiting":
        this.attempt = 0;
        this.token = null;
        this.setPhase({ name: "waiting" });
        break;
      case "closing":
        this.closing(message.reason, message.retryAfter);
        break;
      case "error":
        if (this.refused(message.code)) return;
        break;
    }
    this.options.onMessage(message);
  }

  private closing(reason: ClosingReason, retryAfter?: number): void {
    if (!RETRIED.has(reason) && retryAfter === undefined) {
      this.end(reason);
      return;
    }
    this.retryAfterMs = retryAfter === undefined ? null : retryAfter * 1_000;
  }

  /** Handles an error that is about joining; others belong to what was sent. */
  private refused(code: string): boolean {
    if (code === "resume_unknown" || code === "resume_expired") {
      this.token = null;
      this.seen = 0;
      this.join();
      return true;
    }
    if (this.phase.name === "live" || this.phase.name === "waiting") return false;
    // The answer to `join`.
    if (FATAL.has(code)) this.end(code);
    else this.lose({ opened: true });
    return true;
  }

  private end(reason: EndReason): void {
    this.generation += 1;
    this.stopTimers();
    this.connection?.close();
    this.connection = null;
    this.token = null;
    this.setPhase({ name: "ended", reason });
  }

  private lose(closure: Closure): void {
    this.generation += 1;
    this.stopTimers();
    this.connection?.close();
    this.connection = null;
    if (closure.code !== undefined && FATAL.has(closure.code)) {
      this.end(closure.code);
      return;
    }
    const { clock, random } = this.options;
    const asked = closure.retryAfter === undefined ? this.retryAfterMs : closure.retryAfter * 1_000;
    const waited = backoffMs(this.attempt, random);
    const wait = asked === null ? waited : asked + waited;
    this.retryAfterMs = null;
    this.attempt += 1;
    const since = this.phase.name === "lost" ? this.phase.since : clock.now();
    this.setPhase({ name: "lost", since });
    this.cancelTimer = clock.after(wait, () => this.open());
  }

  private stopTimers(): void {
    this.cancelTimer();
    this.cancelSilence();
  }

  private setPhase(phase: Phase): void {
    if (this.phase.name === phase.name && phase.name === "live") return;
    this.phase = phase;
    this.options.onPhase(phase);
  }
}
