import assert from "node:assert/strict";
import { test } from "node:test";
import { type Box, layout } from "../src/core/layout";

const SCREENS = [
  { width: 348, height: 480 },
  { width: 628, height: 250 },
  { width: 1_268, height: 690 },
  { width: 1_908, height: 960 },
];

function overlap(a: Box, b: Box): boolean {
  return (
    a.left < b.left + b.width &&
    b.left < a.left + a.width &&
    a.top < b.top + b.height &&
    b.top < a.top + a.height
  );
}

test("every tile has its own place inside the width, on every screen, for 1 to 24", () => {
  for (const shape of ["grid", "stage"] as const) {
    for (const screen of SCREENS) {
      for (let count = 1; count <= 24; count += 1) {
        const name = `${shape} ${count} on ${screen.width}x${screen.height}`;
        const { boxes, height } = layout({ count, ...screen, shape });
        assert.equal(boxes.length, count, name);
        for (const [index, box] of boxes.entries()) {
          assert.ok(box.left >= 0 && box.left + box.width <= screen.width + 1, name);
          assert.ok(box.top >= 0 && box.top + box.height <= height + 1, name);
          assert.ok(box.width >= 70 && box.height >= 50, `${name}: ${box.width}x${box.height}`);
          for (const other of boxes.slice(index + 1)) assert.ok(!overlap(box, other), name);
        }
      }
    }
  }
});

test("up to twelve fit without scrolling on a phone and on a desk", () => {
  for (const screen of [SCREENS[0], SCREENS[2], SCREENS[3]]) {
    if (!screen) continue;
    for (let count = 1; count <= 12; count += 1) {
      assert.ok(layout({ count, ...screen, shape: "grid" }).height <= screen.height, `${count}`);
    }
  }
});

test("on the stage the first tile is the largest by far", () => {
  for (const screen of SCREENS) {
    const [first, second] = layout({ count: 6, ...screen, shape: "stage" }).boxes;
    assert.ok(first && second);
    assert.ok(first.width * first.height > 3 * second.width * second.height);
  }
});

test("of two people the other one fills the window, and oneself is small in a corner", () => {
  const [other, own] = layout({ count: 2, width: 348, height: 480, shape: "pair" }).boxes;
  assert.deepEqual(other, { left: 0, top: 0, width: 348, height: 480 });
  assert.ok(own && own.width < 120 && own.left + own.width < 348 && own.top > 240);
});

test("nothing to place, nowhere to place it", () => {
  assert.deepEqual(layout({ count: 0, width: 100, height: 100, shape: "grid" }).boxes, []);
  assert.deepEqual(layout({ count: 3, width: 0, height: 0, shape: "grid" }).boxes, []);
});
