import assert from "node:assert/strict";
import { test } from "node:test";
import { ChatLog, charactersOf } from "../src/core/chat";
import type { ChatMessage } from "../src/core/messages";

function said(id: number, person = 2, text: string | null = `${id}`): ChatMessage {
  return { id, from: { person, name: "Budi" }, text, at: id };
}

const ids = (log: ChatLog) => log.messages.map(({ id }) => id);

test("messages are kept once and in order, however they come", () => {
  const log = new ChatLog(1);
  log.start([said(5), said(6)], 2);
  log.receive(said(8));
  log.receive(said(7));
  log.receive(said(8));
  log.prepend([said(3), said(4), said(5)], false);
  assert.deepEqual(ids(log), [3, 4, 5, 6, 7, 8]);
  assert.equal(log.more, false);
});

test("a full first page means that there is more", () => {
  const log = new ChatLog(1);
  log.start([said(1), said(2)], 2);
  assert.equal(log.more, true);
  const short = new ChatLog(1);
  short.start([said(1)], 2);
  assert.equal(short.more, false);
});

test("after a long absence no gap stays hidden between old and new", () => {
  const log = new ChatLog(1);
  log.start([said(1), said(2)], 2);
  log.start([said(8), said(9)], 2);
  assert.deepEqual(ids(log), [8, 9]);
  assert.equal(log.more, true);
});

test("after a short absence what was missed is added and counted", () => {
  const log = new ChatLog(1);
  log.start([said(1), said(2)], 2);
  log.start([said(2), said(3)], 2);
  assert.deepEqual(ids(log), [1, 2, 3]);
  assert.equal(log.unread, 1);
});

test("what was missed in a chat that was still empty is counted too", () => {
  const log = new ChatLog(1);
  log.start([], 2);
  log.start([said(1), said(2)], 2);
  assert.equal(log.unread, 2);
  assert.equal(log.more, true);
});

test("a draft stands until its key comes back, and is sent again until then", () => {
  const log = new ChatLog(1);
  log.write({ key: "k1", text: "halo" });
  assert.deepEqual(
    log.unsent().map(({ key }) => key),
    ["k1"],
  );
  log.receive(said(1, 1, "halo"), "k1");
  assert.deepEqual(log.drafts, []);
  log.receive(said(1, 1, "halo"), "k1");
  assert.deepEqual(ids(log), [1]);
});

test("a refused draft waits for a person, and keeps its key when tried again", () => {
  const log = new ChatLog(1);
  log.write({ key: "k1", text: "halo", to: 9 });
  log.fail("k1", "chat_too_fast");
  assert.deepEqual(log.unsent(), []);
  assert.equal(log.drafts[0]?.code, "chat_too_fast");
  assert.deepEqual(log.retry("k1"), { key: "k1", text: "halo", to: 9, state: "sending" });
  log.discard("k1");
  assert.deepEqual(log.drafts, []);
});

test("unread are those of others that came while the chat was closed", () => {
  const log = new ChatLog(1);
  log.start([said(1)], 50);
  assert.equal(log.unread, 0);
  log.receive(said(2));
  log.receive(said(3, 1));
  log.receive(said(4, 2, null));
  assert.equal(log.unread, 1);
  log.show(true);
  assert.equal(log.unread, 0);
  log.receive(said(5));
  assert.equal(log.unread, 0);
  log.show(false);
  log.receive(said(6));
  assert.equal(log.unread, 1);
});

test("a deleted message stays as a mark", () => {
  const log = new ChatLog(1);
  log.start([said(1), said(2)], 50);
  log.erase(1);
  log.receive(said(2, 2, null));
  assert.deepEqual(
    log.messages.map(({ text }) => text),
    [null, null],
  );
});

test("characters are counted as the daemon counts them", () => {
  assert.equal(charactersOf("apa kabar 👋🏽"), 12);
});
