import assert from "node:assert/strict";
import { test } from "node:test";
import { Mesh } from "../src/core/mesh";
import type { Participant } from "../src/core/messages";
import { Ether, FakeClock, NOTHING, settle } from "./fakes";

function person(id: string): Participant {
  return { id, person: 1, name: id, role: "student", media: NOTHING };
}

/** Meshes whose signals reach each other, as through a daemon that never fails. */
function school(...ids: string[]) {
  const ether = new Ether();
  const clock = new FakeClock();
  const faults: string[] = [];
  const meshes = new Map<string, Mesh>();
  const makers = new Map<string, () => RTCPeerConnection>();
  for (const id of ids) {
    const mesh = new Mesh({
      makeConnection: () => (makers.get(id) ?? ether.make)(),
      clock,
      send: (to, signal) => queueMicrotask(() => meshes.get(to)?.receive(id, signal)),
      canSend: () => true,
      onChange: () => undefined,
      onFault: (peer, what, error) => faults.push(`${id} ${peer} ${what}: ${error}`),
    });
    meshes.set(id, mesh);
  }
  const of = (id: string): Mesh => {
    const mesh = meshes.get(id);
    if (!mesh) throw new Error(`no mesh ${id}`);
    return mesh;
  };
  const join = async (id: string, present: string[]) => {
    for (const other of present) of(other).welcome(id);
    of(id).join(id, present.map(person), []);
    for (let turn = 0; turn < 60; turn += 1) await settle();
  };
  return { clock, faults, of, join, ether, makers };
}

test("seven who come one by one are all connected to all", async () => {
  const ids = ["a", "b", "c", "d", "e", "f", "g"];
  const { of, join, faults, ether } = school(...ids);
  for (const [index, id] of ids.entries()) await join(id, ids.slice(0, index));
  for (const id of ids) {
    const states = [...of(id).peers.values()].map(({ state }) => state);
    assert.deepEqual(states, Array(6).fill("connected"));
  }
  assert.equal(ether.all.length, 42);
  assert.deepEqual(faults, []);
});

test("who leaves is forgotten at once, and may come again", async () => {
  const { of, join } = school("a", "b");
  await join("a", []);
  await join("b", ["a"]);
  of("a").drop("b");
  of("b").close();
  assert.equal(of("a").peers.size, 0);
  await join("b", ["a"]);
  assert.equal(of("a").stateOf("b"), "connected");
});

test("after a restart of the daemon connections that run are kept", async () => {
  const { of, join } = school("a", "b");
  await join("a", []);
  await join("b", ["a"]);
  const before = of("a").peers.get("b")?.connection;
  of("a").join("a", [], []);
  assert.equal(of("a").stateOf("b"), "connected");
  of("b").join("b", [person("a")], []);
  of("a").welcome("b");
  for (let turn = 0; turn < 60; turn += 1) await settle();
  assert.equal(of("a").peers.get("b")?.connection, before);
  assert.equal(of("a").stateOf("b"), "connected");
});

test("who does not come back within thirty seconds is given up", async () => {
  const { of, join, clock } = school("a", "b");
  await join("a", []);
  await join("b", ["a"]);
  of("a").join("a", [], []);
  await clock.advance(29_000);
  assert.equal(of("a").peers.size, 1);
  await clock.advance(2_000);
  assert.equal(of("a").peers.size, 0);
});

test("tracks reach those who come later too", async () => {
  const { of, join } = school("a", "b");
  const audio = { kind: "audio" } as MediaStreamTrack;
  await join("a", []);
  of("a").setTracks({ audio, camera: null, screen: null });
  await join("b", ["a"]);
  assert.equal(of("a").peers.get("b")?.slots.sender("audio")?.track, audio);
});

test("a browser that makes no connection now is asked again", async () => {
  const { of, join, ether, clock, faults, makers } = school("a", "b");
  await join("a", []);
  let refusals = 2;
  makers.set("b", () => {
    refusals -= 1;
    if (refusals >= 0) throw new Error("the network is down");
    return ether.make();
  });
  await join("b", ["a"]);
  assert.equal(of("b").peers.size, 0);
  await clock.advance(7_000);
  assert.equal(of("b").stateOf("a"), "connected");
  assert.equal(faults.length, 2);
});
