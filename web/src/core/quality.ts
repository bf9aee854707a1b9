// How much picture a page sends. In a mesh over one access point every stream crosses the air
// twice: air = 2 N (N - 1) b for N people at b bit/s, and a quiet 2.4 GHz channel carries 20 to
// 40 Mb/s. So N = 4 at 500 kb/s is 12 Mb/s, N = 7 at 150 kb/s is 12.6, N = 12 at 60 kb/s is 16.

import type { Role } from "./messages";

/** What a camera track is encoded as, for one receiver. */
export type Rung = { width: number; frameRate: number; bitrate: number };

// Best first. `null`: no picture, so that the sound stays.
const LADDER: readonly (Rung | null)[] = [
  { width: 640, frameRate: 24, bitrate: 500_000 },
  { width: 480, frameRate: 20, bitrate: 300_000 },
  { width: 320, frameRate: 15, bitrate: 150_000 },
  { width: 240, frameRate: 12, bitrate: 100_000 },
  { width: 160, frameRate: 10, bitrate: 60_000 },
  { width: 160, frameRate: 5, bitrate: 35_000 },
  null,
];
const LOWEST_PICTURE = LADDER.length - 2;

/** Rungs below `start` that still show a picture. */
function deepest(start: number): number {
  return Math.max(0, LOWEST_PICTURE - start);
}

/** The best rung for so many receivers, before anything is measured. */
export function startRung(receivers: number, role: Role): number {
  if (receivers <= 3) return 0;
  if (receivers <= 6) return 2;
  if (receivers <= 12) return role === "teacher" ? 3 : 4;
  // A lecture: the teacher is seen, the others are heard.
  return role === "teacher" ? 4 : LADDER.length - 1;
}

export function rungAt(index: number): Rung | null {
  return LADDER[Math.max(0, Math.min(index, LADDER.length - 1))] ?? null;
}

/** The rung after so many steps down. Complaints never take the last picture away. */
export function loweredRung(start: number, penalty: number): Rung | null {
  return rungAt(start + Math.min(penalty, deepest(start)));
}

/** Speech in full quality for people; wide-band Opus is transparent for it at this rate. */
export const AUDIO_BITRATE = 28_000;

/** A shared screen must be readable before it is smooth. */
export function screenRung(receivers: number): Rung {
  if (receivers <= 3) return { width: 1280, frameRate: 8, bitrate: 700_000 };
  if (receivers <= 8) return { width: 1280, frameRate: 5, bitrate: 400_000 };
  return { width: 960, frameRate: 3, bitrate: 200_000 };
}

/** What was measured on one link since the last look. */
export type LinkReport = {
  /** The encoder's own complaint (W3C webrtc-stats, qualityLimitationReason). */
  limitation: "none" | "cpu" | "bandwidth" | "other";
  /** Share of packets that the receiver reported as lost, 0 to 1. */
  loss: number;
  /** Milliseconds there and back; null when not known. */
  roundTripMs: number | null;
};

const LOSS_BAD = 0.08;
const LOSS_GOOD = 0.02;
const ROUND_TRIP_BAD_MS = 600;
const ROUND_TRIP_GOOD_MS = 250;
// Down after two bad looks, up after ten good ones: a step up that fails is seen by everybody.
const BAD_LOOKS = 2;
const GOOD_LOOKS = 10;
// A link that falls back from a step up waits twice as long before the next one, up to this: a
// phone at its limit would otherwise change its picture every half minute for the whole lesson.
const MOST_GOOD_LOOKS = 160;

/** Steps down from the start rung on one link, as its reports ask for. */
export class LinkQuality {
  /** Rungs below the start. */
  penalty = 0;
  private bad = 0;
  private good = 0;
  private goodNeeded = GOOD_LOOKS;
  private looksSinceUp = Number.POSITIVE_INFINITY;

  /** Takes one look into account; says whether the penalty changed. */
  look(report: LinkReport, start: number): boolean {
    const verdict = judge(report);
    this.looksSinceUp += 1;
    // More people came, and the start rung went down under it.
    this.penalty = Math.min(this.penalty, deepest(start));
    this.bad = verdict === "bad" ? this.bad + 1 : 0;
    this.good = verdict === "good" ? this.good + 1 : 0;
    if (this.bad >= BAD_LOOKS && this.penalty < deepest(start)) {
      const failedUp = this.looksSinceUp <= GOOD_LOOKS;
      this.goodNeeded = failedUp ? Math.min(MOST_GOOD_LOOKS, this.goodNeeded * 2) : GOOD_LOOKS;
      this.penalty += 1;
      this.bad = 0;
      return true;
    }
    if (this.good >= this.goodNeeded && this.penalty > 0) {
      this.penalty -= 1;
      this.good = 0;
      this.looksSinceUp = 0;
      return true;
    }
    return false;
  }
}

function judge({ limitation, loss, roundTripMs }: LinkReport): "good" | "bad" | "fair" {
  const roundTrip = roundTripMs ?? 0;
  if (limitation === "cpu" || loss > LOSS_BAD || roundTrip > ROUND_TRIP_BAD_MS) return "bad";
  // The encoder reaches the given bitrate: "bandwidth" alone only means that it would take more.
  if (loss < LOSS_GOOD && roundTrip < ROUND_TRIP_GOOD_MS) return "good";
  return "fair";
}

/**
 * The parameters for `RTCRtpSender.setParameters`.
 *
 * @param longerSide pixels that the camera gives; a phone held upright gives more lines than columns
 */
export function encodingFor(rung: Rung | null, longerSide: number): RTCRtpEncodingParameters {
  if (!rung) return { active: false };
  return {
    active: true,
    maxBitrate: rung.bitrate,
    maxFramerate: rung.frameRate,
    scaleResolutionDownBy: Math.max(1, longerSide / rung.width),
  };
}
