import assert from "node:assert/strict";
import { test } from "node:test";
import { Slots } from "../src/core/slots";
import { Ether, type FakePeerConnection, type FakeSender } from "./fakes";

const AUDIO = { kind: "audio" } as MediaStreamTrack;
const CAMERA = { kind: "video" } as MediaStreamTrack;

function laidOut() {
  const slots = new Slots();
  const connection = new Ether().make();
  slots.layOut(connection);
  const fake = connection as unknown as FakePeerConnection;
  const [audio, camera, screen] = fake.getTransceivers().map(({ sender }) => sender);
  assert.ok(audio && camera && screen);
  return { slots, audio, camera, screen };
}

function bitrateOf(sender: FakeSender): number | undefined {
  return sender.parameters.encodings[0]?.maxBitrate;
}

test("a sender that refuses does not keep the others from theirs", async () => {
  const { slots, audio, camera, screen } = laidOut();
  audio.refuses = true;
  slots.tracks = { audio: AUDIO, camera: CAMERA, screen: null };
  slots.encodings = {
    audio: { maxBitrate: 28_000 },
    camera: { maxBitrate: 150_000 },
    screen: { maxBitrate: 400_000 },
  };
  await assert.rejects(slots.send(), /InvalidModificationError/);
  assert.equal(audio.track, AUDIO);
  assert.equal(camera.track, CAMERA);
  assert.equal(bitrateOf(camera), 150_000);
  assert.equal(bitrateOf(screen), 400_000);
});

test("a browser without encodings of its own is given some", async () => {
  const { slots, camera } = laidOut();
  camera.parameters = { encodings: [] };
  slots.encodings = { audio: {}, camera: { maxBitrate: 150_000 }, screen: {} };
  await slots.send();
  assert.equal(bitrateOf(camera), 150_000);
});
