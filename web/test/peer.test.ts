import assert from "node:assert/strict";
import { test } from "node:test";
import { Peer } from "../src/core/peer";
import { Ether, FakeClock, type FakePeerConnection, settle, Wire } from "./fakes";

function pair() {
  const ether = new Ether();
  const clock = new FakeClock();
  const faults: string[] = [];
  const heard = { a: true, b: true };
  let a: Peer;
  let b: Peer;
  const toB = new Wire((signal) => b.receive(signal));
  const toA = new Wire((signal) => a.receive(signal));
  const make = (polite: boolean, wire: Wire, name: "a" | "b") =>
    new Peer({
      polite,
      makeConnection: ether.make,
      clock,
      send: (signal) => wire.send(signal),
      canSend: () => heard[name],
      onChange: () => undefined,
      onFault: (what, error) => faults.push(`${name} ${what}: ${error}`),
    });
  a = make(true, toB, "a");
  b = make(false, toA, "b");
  const done = async () => {
    for (let turn = 0; turn < 40; turn += 1) await settle();
  };
  const fake = (peer: Peer) => peer.connection as unknown as FakePeerConnection;
  return { ether, clock, faults, heard, a, b, toA, toB, done, fake };
}

function assertConnected({ a, b, faults }: ReturnType<typeof pair>): void {
  assert.deepEqual(faults, []);
  assert.equal(a.state, "connected");
  assert.equal(b.state, "connected");
  for (const peer of [a, b]) {
    const kinds = peer.connection.getTransceivers().map(({ receiver }) => receiver.track.kind);
    assert.deepEqual(kinds, ["audio", "video", "video"]);
  }
}

test("the one who calls lays out three slots, the other uses them", async () => {
  const both = pair();
  both.a.call();
  await both.done();
  assertConnected(both);
  assert.deepEqual(
    both.b.connection.getTransceivers().map(({ direction }) => direction),
    ["sendrecv", "sendrecv", "sendrecv"],
  );
});

test("both calling at once ends with one connection of three slots", async () => {
  const both = pair();
  both.a.call();
  both.b.call();
  await both.done();
  assertConnected(both);
});

test("an offer that arrives while ours is on its way is settled, whoever is late", async () => {
  for (const late of ["toA", "toB"] as const) {
    const both = pair();
    both[late].held = [];
    both.a.call();
    both.b.call();
    await both.done();
    both[late].release();
    await both.done();
    assertConnected(both);
  }
});

test("candidates that come before their description wait for it", async () => {
  const both = pair();
  both.b.receive({ candidate: { candidate: "candidate:1", sdpMid: "0" } });
  await both.done();
  both.a.call();
  await both.done();
  assertConnected(both);
  assert.deepEqual(both.fake(both.b).candidates[0], { candidate: "candidate:1", sdpMid: "0" });
});

test("a track put in later needs no negotiation", async () => {
  const both = pair();
  both.a.call();
  await both.done();
  let signals = 0;
  const send = both.toB.send;
  both.toB.send = (signal) => {
    signals += 1;
    send(signal);
  };
  const camera = { kind: "video" } as MediaStreamTrack;
  both.a.setTracks({ audio: null, camera, screen: null });
  await both.done();
  assert.equal(both.a.slots.sender("camera")?.track, camera);
  assert.equal(signals, 0);
});

test("an answer that was lost is asked for again", async () => {
  const both = pair();
  both.toA.losing = true;
  both.a.call();
  await both.done();
  assert.equal(both.fake(both.a).signalingState, "have-local-offer");
  both.toA.losing = false;
  await both.clock.advance(20_000);
  await both.done();
  assertConnected(both);
});

test("an offer that was lost is replaced by a call of the other side", async () => {
  const both = pair();
  both.toB.losing = true;
  both.a.call();
  await both.done();
  both.toB.losing = false;
  await both.clock.advance(30_000);
  await both.done();
  assertConnected(both);
});

test("a broken path is restarted, without a new connection", async () => {
  const both = pair();
  both.a.call();
  await both.done();
  const before = both.b.connection;
  for (const peer of [both.a, both.b]) both.fake(peer).setIce("disconnected");
  assert.equal(both.a.state, "reconnecting");
  await both.clock.advance(4_000);
  await both.done();
  assertConnected(both);
  assert.equal(both.b.connection, before);
});

test("while the room is not heard nothing is offered, and then at once", async () => {
  const both = pair();
  both.a.call();
  await both.done();
  both.heard.a = false;
  both.heard.b = false;
  for (const peer of [both.a, both.b]) both.fake(peer).setIce("failed");
  await both.clock.advance(60_000);
  assert.equal(both.a.state, "failed");
  both.heard.a = true;
  both.heard.b = true;
  both.b.nudge();
  await both.clock.advance(0);
  await both.done();
  assertConnected(both);
});

test("a path that no restart repairs gets a new connection on both sides", async () => {
  const both = pair();
  both.a.call();
  await both.done();
  const before = [both.a.connection, both.b.connection];
  both.ether.cut = true;
  for (const peer of [both.a, both.b]) both.fake(peer).setIce("failed");
  await both.clock.advance(45_000);
  both.ether.cut = false;
  await both.clock.advance(60_000);
  await both.done();
  assertConnected(both);
  assert.ok(!before.includes(both.a.connection));
  assert.ok(!before.includes(both.b.connection));
});

test("a page that was loaded anew under the same id is taken for what it is", async () => {
  const both = pair();
  both.a.call();
  await both.done();
  const other = pair();
  // The new page's peer talks to the old one's `b`.
  const fresh = new Peer({
    polite: true,
    makeConnection: both.ether.make,
    clock: both.clock,
    send: (signal) => both.b.receive(signal),
    canSend: () => true,
    onChange: () => undefined,
    onFault: (what, error) => both.faults.push(`${what}: ${error}`),
  });
  both.toA.send = (signal) => fresh.receive(signal);
  assert.ok(other);
  fresh.call();
  await both.done();
  assert.equal(
    both.fake(both.b).remoteSession,
    (fresh.connection as unknown as FakePeerConnection).session,
  );
});

test("a push right after the call changes nothing", async () => {
  const both = pair();
  const offers: unknown[] = [];
  const send = both.toB.send;
  both.toB.send = (signal) => {
    if (signal.description) offers.push(signal.description.type);
    send(signal);
  };
  both.a.call();
  both.a.nudge();
  await both.clock.advance(100);
  await both.done();
  both.a.nudge();
  await both.clock.advance(100);
  assertConnected(both);
  assert.equal(offers.length, 1);
});

test("of offers that piled up during an absence the newest is answered", async () => {
  const both = pair();
  both.toB.held = [];
  both.a.call();
  await both.clock.advance(100_000);
  assert.ok(both.toB.held.length > 4);
  both.toB.release();
  await both.done();
  await both.clock.advance(0);
  assertConnected(both);
});

test("a closed peer sends nothing more", async () => {
  const both = pair();
  both.a.call();
  await both.done();
  both.a.close();
  const sent: unknown[] = [];
  both.toB.send = (signal) => void sent.push(signal);
  await both.clock.advance(120_000);
  assert.deepEqual(sent, []);
  assert.equal(both.fake(both.a).isClosed, true);
});

test("a path that never opens is called failed, and works when it opens after all", async () => {
  const both = pair();
  both.toB.losing = true;
  both.a.call();
  await both.done();
  assert.equal(both.a.state, "checking");
  for (let second = 0; second < 60; second += 1) {
    await both.clock.advance(1_000);
    await both.done();
  }
  assert.equal(both.b.state, "failed");
  both.toB.losing = false;
  for (let second = 0; second < 60; second += 1) {
    await both.clock.advance(1_000);
    await both.done();
  }
  assertConnected(both);
});

test("after a collision the candidates of the one who gave way are used", async () => {
  const both = pair();
  both.a.call();
  both.b.call();
  await both.done();
  const candidate = { candidate: "candidate:7", sdpMid: "0" };
  both.b.receive({ candidate });
  await both.done();
  assert.ok(both.fake(both.b).candidates.some((each) => each === candidate));
  assertConnected(both);
});

test("a browser that refuses bitrates still offers and answers", async () => {
  const both = pair();
  both.ether.refusing = true;
  const encodings = { audio: { maxBitrate: 1 }, camera: { maxBitrate: 2 }, screen: {} };
  both.a.setEncodings(encodings);
  both.b.setEncodings(encodings);
  both.a.call();
  await both.done();
  assert.equal(both.a.state, "connected");
  assert.equal(both.b.state, "connected");
  assert.ok(both.faults.length > 0);
  assert.ok(both.faults.every((fault) => /^[ab] senders: /.test(fault)));
});

test("a device that is slow at each step is not interrupted", async () => {
  const both = pair();
  both.toB.held = [];
  both.toA.held = [];
  both.a.call();
  await both.clock.advance(9_000);
  both.toB.release();
  await both.done();
  await both.clock.advance(5_000);
  assert.deepEqual(
    both.toA.held.map(({ description }) => description?.type).filter((type) => type),
    ["answer"],
  );
  both.toA.release();
  await both.clock.advance(0);
  await both.done();
  assertConnected(both);
});

test("media that flows is not thrown away for an answer that does not come", async () => {
  const both = pair();
  both.a.call();
  await both.done();
  const before = [both.a.connection, both.b.connection];
  both.toA.losing = true;
  for (const peer of [both.a, both.b]) both.fake(peer).setIce("disconnected");
  await both.clock.advance(4_000);
  assert.equal(both.fake(both.b).signalingState, "have-local-offer");
  for (const peer of [both.a, both.b]) both.fake(peer).setIce("connected");
  await both.clock.advance(120_000);
  assert.deepEqual([both.a.connection, both.b.connection], before);
  both.toA.losing = false;
  await both.clock.advance(40_000);
  await both.done();
  assertConnected(both);
  assert.equal(both.fake(both.b).signalingState, "stable");
});
