import assert from "node:assert/strict";
import { test } from "node:test";
import { Call } from "../src/core/call";
import type { Joined, Participant } from "../src/core/messages";
import type { Notice } from "../src/core/notice";
import { Ether, FakeClock, FakeDaemon, NOTHING, settle } from "./fakes";

const ME: Participant = { id: "me", person: 1, name: "Ani", role: "student", media: NOTHING };
const SARI: Participant = { id: "t", person: 9, name: "Sari", role: "teacher", media: NOTHING };
const JOINED: Joined & { type: "joined" } = {
  type: "joined",
  self: "me",
  token: "t1",
  seq: 0,
  participants: [ME, SARI],
  waiting: [],
  iceServers: [],
  meeting: { id: 1, title: "Fisika", course: { id: 1, title: "10-2" }, lobby: "off" },
  chat: [],
};
const TRACK = { kind: "audio" } as MediaStreamTrack;

function inRoom() {
  const daemon = new FakeDaemon();
  const clock = new FakeClock();
  const notices: Notice[] = [];
  let muted = 0;
  let keys = 0;
  const call = new Call({
    person: { id: 1, role: "student" },
    key: "k".repeat(22),
    connect: daemon.connect,
    clock,
    random: () => 0.5,
    makeConnection: new Ether().make,
    newKey: () => `key${++keys}`,
    olderChat: async () => ({ messages: [], more: false }),
    captured: () => ({ camera: 640, screen: 1280 }),
    onChange: () => undefined,
    onNotice: (notice) => void notices.push(notice),
    onMuted: () => {
      muted += 1;
      call.setTracks({ audio: null, camera: null, screen: null }, { audio: false, video: false });
    },
    onFault: (what, error) => assert.fail(`${what}: ${error}`),
  });
  call.setTracks({ audio: TRACK, camera: null, screen: null }, { audio: true, video: false });
  call.start();
  daemon.last.accept();
  daemon.last.say(JOINED);
  return { call, daemon, clock, notices, muted: () => muted };
}

test("what is sent is told with the join, and again only when it changes", () => {
  const { call, daemon } = inRoom();
  assert.deepEqual(daemon.last.ofType("join")[0]?.media, { ...NOTHING, audio: true });
  assert.equal(daemon.last.ofType("state").length, 0);
  call.raiseHand(true);
  call.raiseHand(true);
  assert.deepEqual(
    daemon.last.ofType("state").map(({ media }) => media),
    [{ ...NOTHING, audio: true, hand: true }],
  );
});

test("what was changed while the connection was lost is told after resuming", async () => {
  const { call, daemon, clock } = inRoom();
  daemon.last.break();
  call.raiseHand(true);
  await clock.advance(1_000);
  daemon.last.accept();
  daemon.last.say({ type: "resumed", seq: 0, token: "t2" });
  const told = [...daemon.last.ofType("join"), ...daemon.last.ofType("state")];
  assert.ok(told.some(({ media }) => (media as { hand: boolean }).hand));
});

test("what was written while the connection was lost is sent once it is back, with its key", async () => {
  const { call, daemon, clock } = inRoom();
  call.say("pertama");
  daemon.last.break();
  call.say("kedua", 9);
  await clock.advance(1_000);
  daemon.last.accept();
  daemon.last.say({ type: "resumed", seq: 0, token: "t2" });
  assert.deepEqual(daemon.last.ofType("chat"), [
    { type: "chat", key: "key1", text: "pertama" },
    { type: "chat", key: "key2", text: "kedua", to: 9 },
  ]);
});

test("a refused message keeps the reason with its numbers", () => {
  const { call, daemon } = inRoom();
  call.say("x");
  const args = { count: "5000", most: "4000" };
  daemon.last.say({ type: "error", code: "chat_too_long", key: "key1", args });
  assert.deepEqual(call.chat.drafts[0]?.args, args);
});

test("a teacher's muting is obeyed and told; muting everybody spares teachers", () => {
  const { daemon, notices, muted, call } = inRoom();
  daemon.last.say({ type: "moderated", seq: 1, action: "mute", by: "t", target: "other" });
  assert.equal(muted(), 0);
  daemon.last.say({ type: "moderated", seq: 2, action: "mute", by: "t", target: "me" });
  assert.equal(muted(), 1);
  assert.equal(call.own.audio, false);
  assert.deepEqual(notices, [
    { key: "room.notice.muted", args: { name: "Sari" }, tone: "warning" },
  ]);
  daemon.last.say({ type: "moderated", seq: 3, action: "mute_all", by: "t" });
  assert.equal(muted(), 2);
});

test("comings, goings and hands are told, one's own are not", () => {
  const { daemon, notices } = inRoom();
  const budi: Participant = { id: "b", person: 2, name: "Budi", role: "student", media: NOTHING };
  const change = (seq: number, event: "joined" | "updated" | "left", participant: Participant) =>
    daemon.last.say({ type: "participant", seq, event, participant });
  change(1, "joined", budi);
  change(2, "updated", { ...budi, media: { ...NOTHING, hand: true } });
  change(3, "updated", { ...ME, media: { ...NOTHING, hand: true } });
  change(4, "left", budi);
  assert.deepEqual(
    notices.map(({ key }) => key),
    ["room.notice.joined", "room.notice.hand", "room.notice.left"],
  );
});

function other(number: number): Participant {
  const name = `Siswa ${number}`;
  return { id: `o${number}`, person: 100 + number, name, role: "student", media: NOTHING };
}

async function done(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await settle();
}

test("the fourth and the seventh receiver lower what each is sent, a leaver raises it", async () => {
  const { call, daemon } = inRoom();
  let seq = 0;
  const change = async (event: "joined" | "left", participant: Participant) => {
    seq += 1;
    daemon.last.say({ type: "participant", seq, event, participant });
    await done();
  };
  const bitrates = () => [
    ...new Set(
      [...call.mesh.peers.values()].flatMap(({ slots }) => {
        const sent = slots.sender("camera")?.getParameters().encodings[0]?.maxBitrate;
        return sent === undefined ? [] : [sent];
      }),
    ),
  ];
  await done();
  assert.deepEqual(bitrates(), [500_000]);
  await change("joined", other(2));
  await change("joined", other(3));
  assert.deepEqual(bitrates(), [500_000]);
  await change("joined", other(4));
  assert.deepEqual(bitrates(), [150_000]);
  await change("joined", other(5));
  await change("joined", other(6));
  assert.deepEqual(bitrates(), [150_000]);
  await change("joined", other(7));
  assert.deepEqual(bitrates(), [60_000]);
  await change("left", other(7));
  assert.deepEqual(bitrates(), [150_000]);
});

test("who stands in the lobby again sends nothing to the room", async () => {
  const { call, daemon, clock } = inRoom();
  const connection = call.mesh.peers.get("t")?.connection as unknown as { isClosed: boolean };
  daemon.last.break();
  await clock.advance(1_000);
  daemon.last.accept();
  daemon.last.say({ type: "waiting", meeting: JOINED.meeting });
  assert.equal(connection.isClosed, true);
  assert.equal(call.inLobby, true);
  daemon.last.break();
  assert.equal(call.inLobby, true);
  await clock.advance(1_000);
  daemon.last.accept();
  daemon.last.say(JOINED);
  assert.equal(call.inLobby, false);
  assert.deepEqual([...call.mesh.peers.keys()], ["t"]);
});

test("bots come and go without a connection and without a word", () => {
  const { call, daemon, notices } = inRoom();
  const bot: Participant = { id: "b", person: -1, name: "Bot 1", role: "bot", media: NOTHING };
  const before = call.mesh.peers.size;
  daemon.last.say({ type: "participant", seq: 1, event: "joined", participant: bot });
  assert.deepEqual([call.mesh.peers.size, call.roster.bots], [before, 1]);
  daemon.last.say({ type: "participant", seq: 2, event: "left", participant: bot });
  assert.deepEqual([call.roster.bots, notices], [0, []]);
});
