import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { LocalMedia } from "../src/io/media";
import { settle } from "./fakes";

class FakeTrack {
  enabled = true;
  muted = false;
  contentHint = "";
  readyState = "live";
  onended: (() => void) | null = null;
  onmute: (() => void) | null = null;
  onunmute: (() => void) | null = null;
  constructor(
    readonly kind: string,
    readonly deviceId: string,
  ) {}
  getSettings() {
    return { deviceId: this.deviceId };
  }
  stop(): void {
    this.readyState = "ended";
  }
}

type Asked = { audio?: MediaTrackConstraints | true; video?: MediaTrackConstraints | true };

/** A browser whose permission prompt stays open until the test answers it. */
class FakeDevices {
  prompts: { asked: Asked; allow: () => FakeTrack[]; refuse: (name: string) => void }[] = [];
  /** What runs at the moment of each prompt. */
  readonly running: string[][] = [];
  given: FakeTrack[] = [];
  listing: () => Promise<MediaDeviceInfo[]> = async () => [];

  addEventListener(): void {}
  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return this.listing();
  }
  getUserMedia(asked: Asked): Promise<unknown> {
    this.running.push(this.live());
    return new Promise((resolve, reject) => {
      const allow = () => {
        const tracks = (["audio", "video"] as const)
          .filter((kind) => asked[kind])
          .map((kind) => new FakeTrack(kind, wishedDevice(asked[kind])));
        this.given.push(...tracks);
        const of = (kind: string) => tracks.filter((track) => track.kind === kind);
        resolve({
          getTracks: () => tracks,
          getAudioTracks: () => of("audio"),
          getVideoTracks: () => of("video"),
        });
        return tracks;
      };
      const refuse = (name: string) => reject(new DOMException("by the test", name));
      this.prompts.push({ asked, allow, refuse });
    });
  }
  live(): string[] {
    return this.given.filter((track) => track.readyState === "live").map(({ kind }) => kind);
  }
}

function wishedDevice(wish: MediaTrackConstraints | true | undefined): string {
  const id =
    typeof wish === "object" ? (wish.deviceId as { ideal: string } | undefined) : undefined;
  return id?.ideal ?? "usual";
}

let devices: FakeDevices;
let media: LocalMedia;

beforeEach(() => {
  devices = new FakeDevices();
  const kept = new Map<string, string>();
  const localStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  for (const [name, value] of Object.entries({
    navigator: { mediaDevices: devices },
    localStorage,
  }))
    Object.defineProperty(globalThis, name, { value, configurable: true });
  media = new LocalMedia(undefined);
});

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await settle();
}

test("a prompt that is allowed after one chose to watch opens nothing", async () => {
  void media.startBoth();
  media.stop();
  devices.prompts[0]?.allow();
  await settled();
  assert.deepEqual(devices.live(), []);
  assert.equal(media.microphone.on || media.camera.on, false);
});

test("a prompt that is refused after one chose to watch asks no second time", async () => {
  void media.startBoth();
  media.stop();
  devices.prompts[0]?.refuse("NotAllowedError");
  await settled();
  assert.equal(devices.prompts.length, 1);
  assert.equal(media.camera.problem, null);
});

test("a microphone that is muted while it starts stays silent", async () => {
  void media.setMicrophone(true);
  await media.setMicrophone(false);
  devices.prompts[0]?.allow();
  await settled();
  assert.deepEqual(devices.live(), []);
  assert.equal(media.microphone.on, false);
});

test("tapping twice while the camera starts leaves one camera running", async () => {
  void media.setCamera(true);
  void media.setCamera(true);
  for (const prompt of devices.prompts) prompt.allow();
  await settled();
  assert.deepEqual(devices.live(), ["video"]);
  assert.equal(media.camera.on, true);
});

test("where only one camera opens at a time the first makes way for the other", async () => {
  void media.setCamera(true);
  devices.prompts[0]?.allow();
  await settled();
  void media.choose("camera", "back");
  assert.deepEqual(devices.running[1], ["video"]);
  devices.prompts[1]?.refuse("NotReadableError");
  await settled();
  assert.deepEqual(devices.running[2], []);
  devices.prompts[2]?.allow();
  await settled();
  assert.equal(media.camera.deviceId, "back");
  assert.deepEqual(devices.live(), ["video"]);
});

test("a microphone chosen while muted is the one that is spoken into", async () => {
  void media.setMicrophone(true);
  devices.prompts[0]?.allow();
  await settled();
  await media.setMicrophone(false);
  await media.choose("microphone", "headset");
  assert.equal(media.microphone.deviceId, "headset");
  void media.setMicrophone(true);
  devices.prompts[1]?.allow();
  await settled();
  assert.deepEqual(media.tracks.audio?.getSettings().deviceId, "headset");
  assert.deepEqual(devices.live(), ["audio"]);
});

test("a list of devices that fails does not take the camera away", async () => {
  devices.listing = () => Promise.reject(new Error("not now"));
  void media.setCamera(true);
  devices.prompts[0]?.allow();
  await settled();
  assert.equal(media.camera.on, true);
});
