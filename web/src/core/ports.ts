// What `core/` needs from the world: time, randomness and a connection to the daemon. The browser
// gives the real ones (`io/`), tests give their own.

/** Time and timers. */
export interface Clock {
  /** Milliseconds from any fixed point, never backwards. */
  now(): number;
  /** Calls `action` once after `ms`; the returned function cancels it. */
  after(ms: number, action: () => void): () => void;
}

/** Why a connection is over. */
export type Closure = {
  /** It had been open. */
  opened: boolean;
  /** The daemon's refusal (docs/PROTOCOL.md, 2), when it gave one. */
  code?: string;
  /** Seconds that the daemon asks to wait. */
  retryAfter?: number;
};

/** What a connection tells. After `closed`, nothing more. */
export interface ConnectionListener {
  opened(): void;
  message(text: string): void;
  closed(closure: Closure): void;
}

/** One connection that carries messages both ways. */
export interface Connection {
  send(text: string): void;
  /** Ends it; `closed` is not called then. `farewell` is sent last, even while the page goes away. */
  close(farewell?: string): void;
}

/** Opens a connection; `attempt` counts the failed ones since the last that worked. */
export type Connect = (listener: ConnectionListener, attempt: number) => Connection;

/** A number from 0 up to 1. */
export type Random = () => number;
