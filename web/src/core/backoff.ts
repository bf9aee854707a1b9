// How long to wait before connecting again.

import type { Random } from "./ports";

const FIRST_MS = 500;
const MOST_MS = 10_000;

/**
 * Doubles from 0.5 s to 10 s; half of it is random, so that a class of forty does not come back
 * in the same moment after the daemon restarted.
 *
 * @param attempt 0 for the first wait
 */
export function backoffMs(attempt: number, random: Random): number {
  const full = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(full / 2 + (full / 2) * random());
}
