// When to do something about a peer that is not connected. The impolite side acts first, so that
// both do not offer at once; the polite side acts when that did not help.

import type { LinkState } from "./peer";
import type { Clock } from "./ports";

const PATIENCE_MS: Record<LinkState, number> = {
  // A first negotiation on a busy phone; most of the time is spent in the browser.
  checking: 10_000,
  // ICE often comes back by itself, e.g. after a walk between two access points.
  reconnecting: 3_000,
  failed: 200,
  connected: 5_000,
};
const POLITE_EXTRA_MS = 5_000;
const AFTER_ATTEMPT_MS = 8_000;
const MOST_MS = 30_000;
const UNHEARD_MS = 1_500;
/** A negotiation that gets further and further but never ends is begun anew. */
const MOST_PROGRESS_MS = 60_000;

export class Recovery {
  private cancel: (() => void) | null = null;
  private attempt = 0;
  private due = 0;
  /** When the negotiation that is under way began. */
  private begun: number;

  /** @param act tries to recover; `false`: not possible now */
  constructor(
    private readonly clock: Clock,
    private readonly polite: boolean,
    private readonly act: (attempt: number) => boolean,
  ) {
    this.begun = clock.now();
  }

  /** The peer is in this state and that is not good enough. */
  watch(state: LinkState): void {
    const wait = (this.attempt > 0 ? this.pause() : PATIENCE_MS[state]) + this.politeness();
    // A state that is worse shortens the wait, one that is better does not lengthen it.
    if (this.cancel && this.due <= this.clock.now() + wait) return;
    this.arm(wait);
  }

  /**
   * The negotiation has got further. On a device that needs seconds for each of its steps, to
   * begin anew would throw away what is nearly done, and cost it as much again.
   */
  progress(): void {
    const now = this.clock.now();
    const wait = PATIENCE_MS.checking + this.politeness();
    if (!this.cancel || this.due >= now + wait || now - this.begun > MOST_PROGRESS_MS) return;
    this.arm(wait);
  }

  /** All is well. */
  rest(): void {
    this.stop();
    this.attempt = 0;
  }

  now(): void {
    this.arm(0);
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
  }

  private arm(wait: number): void {
    this.stop();
    this.due = this.clock.now() + wait;
    this.cancel = this.clock.after(wait, () => {
      this.cancel = null;
      if (!this.act(this.attempt + 1)) {
        this.arm(UNHEARD_MS);
        return;
      }
      this.attempt += 1;
      this.begun = this.clock.now();
      this.arm(this.pause() + this.politeness());
    });
  }

  private pause(): number {
    return Math.min(MOST_MS, AFTER_ATTEMPT_MS * 1.5 ** Math.max(0, this.attempt - 1));
  }

  private politeness(): number {
    return this.polite ? POLITE_EXTRA_MS : 0;
  }
}
