// What is asked of cameras and microphones, and what their refusals mean.

import { preferences } from "./browser";

export type DeviceProblem = "insecure" | "denied" | "missing" | "busy" | "ended" | "failed";

export type CaptureSize = { width: number; height: number; frameRate: number };

// More than any rung of the ladder sends would only warm the phone.
const USUAL: CaptureSize = { width: 640, height: 360, frameRate: 24 };

/**
 * The page's own wish, or what a technician set on this device as `kelas.room.capture`
 * (`160x120@5`), e.g. for very weak machines.
 */
export function captureSize(wish: CaptureSize | undefined): CaptureSize {
  const stored = /^(\d{2,4})x(\d{2,4})@(\d{1,2})$/.exec(preferences.get("capture") ?? "");
  if (stored) {
    return { width: Number(stored[1]), height: Number(stored[2]), frameRate: Number(stored[3]) };
  }
  return wish ?? USUAL;
}

export function constraintsFor(
  name: "microphone" | "camera",
  size: CaptureSize,
): MediaTrackConstraints {
  const remembered = preferences.get(name);
  const device = remembered === null ? {} : { deviceId: { ideal: remembered } };
  if (name === "microphone") {
    return {
      ...device,
      echoCancellation: { ideal: true },
      noiseSuppression: { ideal: true },
      autoGainControl: { ideal: true },
      channelCount: { ideal: 1 },
    };
  }
  return {
    ...device,
    width: { ideal: size.width },
    height: { ideal: size.height },
    frameRate: { ideal: size.frameRate, max: Math.max(size.frameRate, 30) },
    ...(remembered === null ? { facingMode: { ideal: "user" } } : {}),
  };
}

/** The names are those of W3C Media Capture, 10.2, and of older browsers. */
export function problemOf(error: unknown): DeviceProblem {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  switch (name) {
    case "NotAllowedError":
    case "PermissionDeniedError":
      return "denied";
    case "SecurityError":
      return "insecure";
    case "NotFoundError":
    case "DevicesNotFoundError":
    case "OverconstrainedError":
    case "ConstraintNotSatisfiedError":
      return "missing";
    case "NotReadableError":
    case "TrackStartError":
    case "AbortError":
      return "busy";
    default:
      return "failed";
  }
}
