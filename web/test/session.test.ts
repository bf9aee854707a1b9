import assert from "node:assert/strict";
import { test } from "node:test";
import type { Joined, ServerMessage } from "../src/core/messages";
import { Session } from "../src/core/session";
import { FakeClock, FakeDaemon, NOTHING } from "./fakes";

const KEY = "k".repeat(22);
const JOINED: Joined & { type: "joined" } = {
  type: "joined",
  self: "p1",
  token: "t1",
  seq: 0,
  participants: [],
  waiting: [],
  iceServers: [],
  meeting: { id: 1, title: "Fisika", course: { id: 1, title: "10-2" }, lobby: "off" },
  chat: [],
};

function started() {
  const daemon = new FakeDaemon();
  const clock = new FakeClock();
  const messages: ServerMessage[] = [];
  const phases: string[] = [];
  const session = new Session({
    connect: daemon.connect,
    clock,
    random: () => 0.5,
    key: KEY,
    media: () => NOTHING,
    onMessage: (message) => void messages.push(message),
    onPhase: (phase) =>
      void phases.push(phase.name === "ended" ? `ended ${phase.reason}` : phase.name),
  });
  session.start();
  return { daemon, clock, messages, phases, session };
}

function live() {
  const all = started();
  all.daemon.last.accept();
  all.daemon.last.say(JOINED);
  return all;
}

function chat(seq: number): ServerMessage {
  return { type: "chat", seq, id: seq, from: { person: 2, name: "Budi" }, text: `${seq}`, at: 0 };
}

test("joins first, then is live", () => {
  const { daemon, phases, session } = started();
  assert.equal(session.send({ type: "ping", seq: 0 }), false);
  daemon.last.accept();
  assert.deepEqual(daemon.last.sent, [{ type: "join", key: KEY, media: NOTHING }]);
  daemon.last.say(JOINED);
  assert.deepEqual(phases, ["connecting", "live"]);
  assert.equal(session.send({ type: "state", media: NOTHING }), true);
});

test("resumes where it was, and hears each message once", async () => {
  const { daemon, clock, messages, session } = live();
  daemon.last.say(chat(1));
  daemon.last.say(chat(2));
  daemon.last.break();
  assert.equal(session.phase.name, "lost");
  await clock.advance(1_000);
  daemon.last.accept();
  assert.deepEqual(daemon.last.sent[0]?.resume, { token: "t1", seq: 2 });
  daemon.last.say({ type: "resumed", seq: 2, token: "t2" });
  daemon.last.say(chat(2));
  daemon.last.say(chat(3));
  const seen = messages.flatMap((message) => (message.type === "chat" ? [message.seq] : []));
  assert.deepEqual(seen, [1, 2, 3]);
  daemon.last.break();
  await clock.advance(1_000);
  daemon.last.accept();
  assert.deepEqual(daemon.last.sent[0]?.resume, { token: "t2", seq: 3 });
});

test("a gap in the story is a lost connection, and nothing of it is believed", async () => {
  const { daemon, clock, messages, session } = live();
  daemon.last.say(chat(1));
  daemon.last.say(chat(3));
  assert.equal(session.phase.name, "lost");
  assert.equal(messages.length, 2);
  await clock.advance(1_000);
  daemon.last.accept();
  assert.deepEqual(daemon.last.sent[0]?.resume, { token: "t1", seq: 1 });
});

test("a token that is not known any more leads to a fresh join with the same key", async () => {
  for (const code of ["resume_unknown", "resume_expired"]) {
    const { daemon, clock, session } = live();
    daemon.last.break();
    await clock.advance(1_000);
    daemon.last.accept();
    daemon.last.say({ type: "error", code, args: {} });
    assert.deepEqual(daemon.last.sent[1], { type: "join", key: KEY, media: NOTHING });
    daemon.last.say({ ...JOINED, token: "t9" });
    assert.equal(session.phase.name, "live");
  }
});

test("pings, and takes silence for a loss", async () => {
  const { daemon, clock, session } = live();
  const first = daemon.last;
  await clock.advance(15_000);
  assert.equal(first.ofType("ping").length, 1);
  first.say({ type: "pong", seq: 0 });
  await clock.advance(14_000);
  assert.equal(session.phase.name, "live");
  await clock.advance(1_000);
  await clock.advance(10_000);
  assert.equal(session.phase.name, "lost");
  assert.equal(first.isClosed, true);
});

test("waits longer each time, and wakes at once", async () => {
  const { daemon, clock, session } = live();
  daemon.last.break();
  const waits: number[] = [];
  for (let turn = 0; turn < 7; turn += 1) {
    const count = daemon.opened.length;
    let waited = 0;
    while (daemon.opened.length === count) {
      await clock.advance(5);
      waited += 5;
    }
    waits.push(waited);
    daemon.last.break({ opened: false });
  }
  assert.deepEqual(waits, [375, 750, 1_500, 3_000, 6_000, 7_500, 7_500]);
  assert.equal(daemon.last.attempt, 7);
  const before = daemon.opened.length;
  session.wake();
  assert.equal(daemon.opened.length, before + 1);
});

test("waking doubts a connection for four seconds only", async () => {
  const { daemon, clock, session } = live();
  session.wake();
  assert.equal(daemon.last.ofType("ping").length, 1);
  await clock.advance(4_000);
  assert.equal(session.phase.name, "lost");
});

test("a restart of the daemon says when to come back", async () => {
  const { daemon, clock } = live();
  daemon.last.say({ type: "closing", reason: "restart", retryAfter: 5 });
  daemon.last.break();
  await clock.advance(5_000);
  assert.equal(daemon.opened.length, 1);
  await clock.advance(500);
  assert.equal(daemon.opened.length, 2);
});

test("some endings are final until a person decides", async () => {
  for (const reason of ["removed", "ended", "replaced", "denied", "signed_out"] as const) {
    const { daemon, clock, phases, session } = live();
    daemon.last.say({ type: "closing", reason });
    await clock.advance(600_000);
    assert.equal(daemon.opened.length, 1);
    assert.equal(phases[phases.length - 1], `ended ${reason}`);
    session.restart();
    daemon.last.accept();
    assert.equal(daemon.last.sent[0]?.resume, undefined);
  }
});

test("a refusal that trying cannot change ends it", () => {
  const { daemon, phases } = started();
  daemon.last.break({ opened: false, code: "member_removed" });
  assert.equal(phases[phases.length - 1], "ended member_removed");
});

test("a full room is told, and not asked again", async () => {
  const { daemon, clock, phases } = started();
  daemon.last.accept();
  daemon.last.say({ type: "error", code: "room_full", args: {} });
  await clock.advance(600_000);
  assert.equal(phases[phases.length - 1], "ended room_full");
  assert.equal(daemon.opened.length, 1);
});

test("another refusal of the join is tried again later", async () => {
  const { daemon, clock, session } = started();
  daemon.last.accept();
  daemon.last.say({ type: "error", code: "unavailable", args: {} });
  assert.equal(session.phase.name, "lost");
  await clock.advance(1_000);
  assert.equal(daemon.opened.length, 2);
});

test("the lobby, then the room", () => {
  const { daemon, phases } = started();
  daemon.last.accept();
  daemon.last.say({ type: "waiting", meeting: JOINED.meeting });
  daemon.last.say(JOINED);
  assert.deepEqual(phases, ["connecting", "waiting", "live"]);
});

test("what an old connection still says is not heard", async () => {
  const { daemon, clock, messages } = live();
  const old = daemon.last;
  old.break();
  await clock.advance(1_000);
  daemon.last.accept();
  daemon.last.say({ type: "resumed", seq: 0, token: "t2" });
  old.say(chat(1));
  old.break();
  assert.equal(messages.filter((message) => message.type === "chat").length, 0);
  assert.equal(daemon.opened.length, 2);
});

test("text that is no message is a lost connection", () => {
  const { daemon, session } = live();
  daemon.last.sayText('{"type": "cha');
  assert.equal(session.phase.name, "lost");
});

test("leaving says goodbye and does not come back", async () => {
  const { daemon, clock, phases, session } = live();
  session.leave();
  assert.equal(daemon.last.ofType("leave").length, 1);
  assert.equal(daemon.last.isClosed, true);
  await clock.advance(600_000);
  assert.equal(daemon.opened.length, 1);
  assert.equal(phases[phases.length - 1], "ended left");
});

test("a connection that neither opens nor fails is given up", async () => {
  const { daemon, clock } = started();
  await clock.advance(17_000);
  assert.equal(daemon.opened.length, 2);
});
