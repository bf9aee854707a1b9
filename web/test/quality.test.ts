import assert from "node:assert/strict";
import { test } from "node:test";
import { Outgoing } from "../src/core/outgoing";
import {
  encodingFor,
  LinkQuality,
  type LinkReport,
  rungAt,
  screenRung,
  startRung,
} from "../src/core/quality";

const GOOD: LinkReport = { limitation: "none", loss: 0, roundTripMs: 20 };
const BAD: LinkReport = { limitation: "cpu", loss: 0, roundTripMs: 20 };

test("more receivers get less each, and the air carries it", () => {
  const bitrates: number[] = [];
  for (let receivers = 1; receivers <= 20; receivers += 1) {
    const bitrate = rungAt(startRung(receivers, "student"))?.bitrate ?? 0;
    bitrates.push(bitrate);
    const people = receivers + 1;
    // Every stream crosses the air twice; 27 Mb/s is what a quiet channel carries well.
    assert.ok(2 * people * receivers * bitrate <= 27e6, `${people} people: too much for the air`);
  }
  assert.deepEqual(
    bitrates,
    [...bitrates].sort((a, b) => b - a),
  );
});

test("three, six and twelve receivers", () => {
  assert.deepEqual(rungAt(startRung(3, "student")), {
    width: 640,
    frameRate: 24,
    bitrate: 500_000,
  });
  assert.deepEqual(rungAt(startRung(6, "student")), {
    width: 320,
    frameRate: 15,
    bitrate: 150_000,
  });
  assert.equal(rungAt(startRung(12, "student"))?.width, 160);
  assert.equal(rungAt(startRung(13, "student")), null);
  assert.notEqual(rungAt(startRung(13, "teacher")), null);
});

test("a link that complains twice gets less, down to the smallest picture", () => {
  const link = new LinkQuality();
  assert.equal(link.look(BAD, 0), false);
  assert.equal(link.look(BAD, 0), true);
  assert.equal(link.penalty, 1);
  for (let look = 0; look < 100; look += 1) link.look(BAD, 0);
  assert.notEqual(rungAt(link.penalty), null);
  assert.equal(rungAt(link.penalty + 1), null);
});

test("it comes back slowly, and one good look proves nothing", () => {
  const link = new LinkQuality();
  link.look(BAD, 0);
  link.look(BAD, 0);
  for (let look = 0; look < 9; look += 1) assert.equal(link.look(GOOD, 0), false);
  link.look({ ...GOOD, loss: 0.05 }, 0);
  for (let look = 0; look < 9; look += 1) assert.equal(link.look(GOOD, 0), false);
  assert.equal(link.look(GOOD, 0), true);
  assert.equal(link.penalty, 0);
  assert.equal(link.look(GOOD, 0), false);
});

test("loss and long ways count as complaints, a bitrate that is reached does not", () => {
  for (const report of [
    { ...GOOD, loss: 0.2 },
    { ...GOOD, roundTripMs: 900 },
  ]) {
    const link = new LinkQuality();
    link.look(report, 0);
    assert.equal(link.look(report, 0), true);
  }
  const link = new LinkQuality();
  link.look({ ...GOOD, limitation: "bandwidth" }, 0);
  assert.equal(link.look({ ...GOOD, limitation: "bandwidth" }, 0), false);
});

test("encodings scale from what the camera gives and never up", () => {
  assert.equal(encodingFor(rungAt(2), 640).scaleResolutionDownBy, 2);
  assert.equal(encodingFor(rungAt(0), 160).scaleResolutionDownBy, 1);
  assert.deepEqual(encodingFor(null, 640), { active: false });
});

test("a shared screen stays wide enough to read", () => {
  for (const receivers of [1, 5, 30]) assert.ok(screenRung(receivers).width >= 960);
});

test("complaints never take the last picture away, also when more people come", () => {
  const outgoing = new Outgoing("student", () => ({ camera: 640, screen: 1_280 }));
  outgoing.setReceivers(["a"]);
  for (let look = 0; look < 100; look += 1) outgoing.look("a", BAD);
  outgoing.setReceivers(["a", "b", "c", "d", "e", "f", "g"]);
  assert.equal(outgoing.encodings("a").camera.active, true);
  assert.equal(outgoing.encodings("a").camera.maxBitrate, 35_000);
});

test("a step up that fails is tried again ever later", () => {
  const link = new LinkQuality();
  const fallBack = () => {
    link.look(BAD, 0);
    link.look(BAD, 0);
    let looks = 0;
    do {
      looks += 1;
      assert.ok(looks < 1_000);
    } while (!link.look(GOOD, 0));
    return looks;
  };
  const waits = [1, 2, 3, 4, 5, 6, 7].map(fallBack);
  assert.deepEqual(waits, [10, 20, 40, 80, 160, 160, 160]);
  // Long after it went well, a complaint is a new one.
  for (let look = 0; look < 20; look += 1) link.look(GOOD, 0);
  assert.equal(fallBack(), 10);
});
