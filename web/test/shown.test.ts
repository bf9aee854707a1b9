import assert from "node:assert/strict";
import { test } from "node:test";
import { mostTiles } from "../src/core/layout";
import { shown } from "../src/core/shown";

test("the important ones stay, in their order, also the last", () => {
  const ranks = new Map([..."abcdefg"].map((name) => [name, 5]));
  ranks.set("g", 0).set("d", 2);
  const rank = (name: string) => ranks.get(name) ?? 5;
  assert.deepEqual(shown([..."abcdefg"], 4, rank), [..."abdg"]);
  assert.deepEqual(shown([..."abcdefg"], 7, rank), [..."abcdefg"]);
  assert.deepEqual(shown([], 7, rank), []);
});

test("a phone shows twelve and what fits, a wide screen two dozen", () => {
  assert.equal(mostTiles({ width: 348, height: 300 }), 12);
  assert.equal(mostTiles({ width: 348, height: 540 }), 18);
  assert.equal(mostTiles({ width: 1_908, height: 980 }), 24);
  assert.equal(mostTiles({ width: 0, height: 0 }), 12);
});
