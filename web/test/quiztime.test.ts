// The time of an attempt: what is said aloud, and when.

import assert from "node:assert/strict";
import { test } from "node:test";
import { milestone } from "../src/quiz/time";

test("five minutes and one are told once, and nothing that was over before", () => {
  const minutes = (count: number) => count * 60_000;
  assert.equal(milestone(minutes(10), minutes(9)), null);
  assert.equal(milestone(minutes(5) + 400, minutes(5) - 100), "five");
  assert.equal(milestone(minutes(5) - 100, minutes(5) - 600), null);
  assert.equal(milestone(minutes(3), minutes(3)), null, "a page that is opened late");
  assert.equal(milestone(minutes(1) + 1, minutes(1)), "little");
  assert.equal(milestone(minutes(6), 30_000), "little", "a phone that slept");
  // More time was given.
  assert.equal(milestone(30_000, minutes(10)), null);
});
