import assert from "node:assert/strict";
import { test } from "node:test";
import type { Participant, Role } from "../src/core/messages";
import { Roster } from "../src/core/roster";
import { NOTHING } from "./fakes";

function person(id: string, role: Role = "student", hand = false): Participant {
  return { id, person: 1, name: id, role, media: { ...NOTHING, hand } };
}

const names = (participants: Participant[]) => participants.map(({ id }) => id);

test("teachers come first, the others as they came, oneself not at all", () => {
  const roster = new Roster();
  roster.reset("me", [person("a"), person("me"), person("t", "teacher")], []);
  roster.apply({ event: "joined", participant: person("b") });
  assert.deepEqual(names(roster.others), ["t", "a", "b"]);
  assert.equal(roster.size, 4);
});

test("hands stand in the order in which they went up", () => {
  const roster = new Roster();
  roster.reset("me", [person("me"), person("a"), person("b")], []);
  roster.apply({ event: "updated", participant: person("b", "student", true) });
  roster.apply({ event: "updated", participant: person("a", "student", true) });
  assert.deepEqual(names(roster.raised), ["b", "a"]);
  roster.apply({ event: "updated", participant: person("b", "student", false) });
  roster.apply({ event: "updated", participant: person("b", "student", true) });
  assert.deepEqual(names(roster.raised), ["a", "b"]);
  roster.apply({ event: "left", participant: person("a") });
  assert.deepEqual(names(roster.raised), ["b"]);
});

test("who is let in leaves the lobby", () => {
  const roster = new Roster();
  roster.reset("me", [person("me", "teacher")], [person("a", "guest")]);
  roster.apply({ event: "waiting", participant: person("b", "guest") });
  assert.deepEqual(names(roster.waiting), ["a", "b"]);
  roster.apply({ event: "joined", participant: person("a", "guest") });
  roster.apply({ event: "left_lobby", participant: person("b", "guest") });
  assert.deepEqual(names(roster.waiting), []);
  assert.deepEqual(names(roster.others), ["a"]);
});

test("bots are counted and are nobody else", () => {
  const roster = new Roster();
  roster.reset("me", [person("me"), person("b1", "bot")], []);
  roster.apply({ event: "joined", participant: person("b2", "bot") });
  roster.apply({ event: "updated", participant: person("b2", "bot", true) });
  assert.deepEqual([roster.bots, roster.size, names(roster.others)], [2, 1, []]);
  assert.deepEqual(names(roster.raised), []);
  roster.apply({ event: "left", participant: person("b1", "bot") });
  assert.equal(roster.bots, 1);
  roster.reset("me", [person("me")], []);
  assert.equal(roster.bots, 0);
});

test("a fresh join tells who is gone", () => {
  const roster = new Roster();
  roster.reset("me", [person("me"), person("a"), person("b")], []);
  assert.deepEqual(names(roster.reset("me", [person("me"), person("b")], [])), ["a"]);
});
