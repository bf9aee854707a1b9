import assert from "node:assert/strict";
import { test } from "node:test";
import { aboveFloor } from "../floor.mjs";

test("what the oldest browsers lack is found in minified text", () => {
  const scripts = [
    "e.replaceChildren()",
    "let t=n.at(-1)",
    "await Promise.any(e)",
    "structuredClone(e)",
    "/(?<=a)b/.test(e)",
    'e.replaceAll("a","b")',
  ];
  for (const script of scripts) assert.equal(aboveFloor("script", script).length, 1, script);
  const styles = [
    ".a{display:flex;gap:4px}",
    ".a{inset:0}",
    ".a{aspect-ratio:16/9}",
    ".a{height:100dvh}",
    ".a:is(.b,.c){top:0}",
    ".a:focus-visible,.a:hover{top:0}",
  ];
  for (const style of styles) assert.equal(aboveFloor("style", style).length, 1, style);
});

test("what they know passes", () => {
  const script = "new Date(e.at);e.replace(/a/g,b);Promise.allSettled(c);x.flatMap(d)";
  assert.deepEqual(aboveFloor("script", script), []);
  const style =
    ":focus-visible{outline:0}.a{grid-gap:4px;box-shadow:inset 0 0 0 1px;clip:rect(0,0,0,0)}";
  assert.deepEqual(aboveFloor("style", style), []);
});
