// This device's microphone, camera and screen. Says honestly what each of them does now, also
// when the browser, the system or a pulled plug changed it.

import type { LocalTracks } from "../core/slots";
import { preferences } from "./browser";
import {
  type CaptureSize,
  captureSize,
  constraintsFor,
  type DeviceProblem,
  problemOf,
} from "./capture";

export type SourceName = "microphone" | "camera" | "screen";

export type Source = {
  /** It is sent. */
  on: boolean;
  /** The browser is being asked. */
  starting: boolean;
  /** The system silenced it, e.g. with a key of the keyboard or during a phone call. */
  silenced: boolean;
  problem: DeviceProblem | null;
  /** The device in use. */
  deviceId: string | null;
};

export type DeviceKind = "microphone" | "camera" | "speaker";

const OFF: Source = { on: false, starting: false, silenced: false, problem: null, deviceId: null };

export class LocalMedia {
  microphone: Source = OFF;
  camera: Source = OFF;
  screen: Source = OFF;
  tracks: LocalTracks = { audio: null, camera: null, screen: null };
  devices: MediaDeviceInfo[] = [];
  speakerId = preferences.get("speaker");
  readonly size: CaptureSize;
  /** Cameras and microphones need `https` (or the machine itself). */
  readonly available =
    navigator.mediaDevices !== undefined && "getUserMedia" in navigator.mediaDevices;
  readonly screenAvailable = this.available && "getDisplayMedia" in navigator.mediaDevices;
  private readonly listeners = new Set<() => void>();
  // What was last wanted of each source. An answer of the browser to an earlier wish is thrown
  // away: a prompt may be answered long after the person chose just to watch.
  private readonly wishes: Record<SourceName, number> = { microphone: 0, camera: 0, screen: 0 };

  constructor(size: CaptureSize | undefined) {
    this.size = captureSize(size);
    if (!this.available) {
      this.microphone = { ...OFF, problem: "insecure" };
      this.camera = { ...OFF, problem: "insecure" };
      return;
    }
    navigator.mediaDevices.addEventListener("devicechange", () => void this.list());
    void this.list();
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Asks once for both, so that a person is asked once; then for each alone. */
  async startBoth(): Promise<void> {
    if (!this.available) return;
    const microphone = this.begin("microphone");
    const camera = this.begin("camera");
    try {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: constraintsFor("microphone", this.size),
        video: constraintsFor("camera", this.size),
      });
      this.accept("microphone", stream.getAudioTracks()[0], microphone);
      this.accept("camera", stream.getVideoTracks()[0], camera);
      await this.list();
    } catch {
      // Which of the two it was is only learned by asking for each.
      if (this.wishes.microphone === microphone) await this.start("microphone");
      if (this.wishes.camera === camera) await this.start("camera");
    }
  }

  async setMicrophone(on: boolean): Promise<void> {
    const track = this.tracks.audio;
    if (!on) {
      // The track stays, so that speaking again is at once; the browser sends silence.
      this.wishes.microphone += 1;
      if (track) track.enabled = false;
      this.update("microphone", { on: false, starting: false });
    } else if (track && track.readyState === "live") {
      track.enabled = true;
      this.update("microphone", { on: true, problem: null });
    } else await this.start("microphone");
  }

  /** Off means that the device is released and its light goes out. */
  async setCamera(on: boolean): Promise<void> {
    if (on) await this.start("camera");
    else this.release("camera");
  }

  async setScreen(on: boolean): Promise<void> {
    if (!on) {
      this.release("screen");
      return;
    }
    const wish = this.begin("screen");
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({
        video: { frameRate: { ideal: 8, max: 15 } },
        audio: false,
      });
      this.accept("screen", stream.getVideoTracks()[0], wish);
    } catch (error) {
      if (this.wishes.screen !== wish) return;
      const problem = problemOf(error);
      // Closing the browser's picker is a decision, not a problem.
      this.update("screen", { ...OFF, problem: problem === "denied" ? null : problem });
    }
  }

  async choose(kind: DeviceKind, deviceId: string): Promise<void> {
    preferences.set(kind, deviceId);
    if (kind === "speaker") {
      this.speakerId = deviceId;
      this.changed();
      return;
    }
    const wanted = this[kind].on || this[kind].starting || this[kind].problem !== null;
    // A muted microphone is given back, so that speaking again is with the new one.
    if (!wanted) this.release(kind);
    this.update(kind, { deviceId });
    if (wanted) await this.start(kind);
  }

  listOf(kind: DeviceKind): MediaDeviceInfo[] {
    const wanted = { microphone: "audioinput", camera: "videoinput", speaker: "audiooutput" }[kind];
    // Where sound goes cannot be chosen in every browser that lists loudspeakers.
    if (kind === "speaker" && !("setSinkId" in HTMLMediaElement.prototype)) return [];
    return this.devices.filter((device) => device.kind === wanted && device.deviceId !== "");
  }

  stop(): void {
    for (const name of ["microphone", "camera", "screen"] as const) this.release(name);
  }

  private async start(name: "microphone" | "camera"): Promise<void> {
    if (!this.available) return;
    const wish = this.begin(name);
    const kind = name === "microphone" ? "audio" : "video";
    try {
      const stream = await this.capture(kind, name, wish);
      this.accept(name, stream.getTracks()[0], wish);
      await this.list();
    } catch (error) {
      if (this.wishes[name] !== wish) return;
      this.release(name);
      this.update(name, { problem: problemOf(error) });
    }
  }

  private async capture(
    kind: "audio" | "video",
    name: "microphone" | "camera",
    wish: number,
  ): Promise<MediaStream> {
    const constraints = constraintsFor(name, this.size);
    try {
      return await navigator.mediaDevices.getUserMedia({ [kind]: constraints });
    } catch (error) {
      const problem = problemOf(error);
      const held = this.trackOf(name);
      if (problem === "busy" && held && this.wishes[name] === wish) {
        // Many phones open one camera at a time: the one in use makes way.
        held.stop();
        return await navigator.mediaDevices.getUserMedia({ [kind]: constraints });
      }
      // A remembered device that is gone, or a camera that cannot do the size.
      if (problem !== "missing") throw error;
      return await navigator.mediaDevices.getUserMedia({ [kind]: true });
    }
  }

  /** The browser is asked; the answer counts while this wish is the last. */
  private begin(name: SourceName): number {
    this.wishes[name] += 1;
    this.update(name, { starting: true, problem: null });
    return this.wishes[name];
  }

  private accept(name: SourceName, track: MediaStreamTrack | undefined, wish: number): void {
    if (!track) return;
    if (this.wishes[name] !== wish) {
      track.stop();
      return;
    }
    this.trackOf(name)?.stop();
    if (name === "camera") track.contentHint = "motion";
    if (name === "screen") track.contentHint = "detail";
    track.onended = () => this.ended(name, track);
    track.onmute = () => this.trackOf(name) === track && this.update(name, { silenced: true });
    track.onunmute = () => this.trackOf(name) === track && this.update(name, { silenced: false });
    this.putTrack(name, track);
    this.update(name, {
      on: true,
      starting: false,
      silenced: track.muted,
      problem: null,
      deviceId: track.getSettings().deviceId ?? null,
    });
  }

  /** Unplugged, or stopped by the browser's own button. */
  private ended(name: SourceName, track: MediaStreamTrack): void {
    if (this.trackOf(name) !== track) return;
    const wasOn = this[name].on;
    this.putTrack(name, null);
    if (name === "screen") {
      this.update(name, OFF);
      return;
    }
    this.update(name, { ...OFF, problem: "ended" });
    // Another device takes over, so that a pulled headset does not end the sentence.
    if (wasOn) {
      void this.list().then(() => {
        if (this.listOf(name).length > 0 && this[name].problem === "ended") return this.start(name);
      });
    }
  }

  private release(name: SourceName): void {
    this.wishes[name] += 1;
    const track = this.trackOf(name);
    if (track) {
      track.onended = null;
      track.stop();
    }
    this.putTrack(name, null);
    this.update(name, { on: false, starting: false, silenced: false });
  }

  private trackOf(name: SourceName): MediaStreamTrack | null {
    return this.tracks[name === "microphone" ? "audio" : name];
  }

  private putTrack(name: SourceName, track: MediaStreamTrack | null): void {
    this.tracks = { ...this.tracks, [name === "microphone" ? "audio" : name]: track };
  }

  private update(name: SourceName, change: Partial<Source>): void {
    this[name] = { ...this[name], ...change };
    this.changed();
  }

  private async list(): Promise<void> {
    try {
      this.devices = await navigator.mediaDevices.enumerateDevices();
      this.changed();
    } catch {
      // The list is for choosing only: what runs goes on, and the last list stays.
    }
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}
