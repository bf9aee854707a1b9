import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

// The runner starts in `web/`.
const LAYERS = ["protocol", "core", "io", "room", "page"];
const MAY_IMPORT: Record<string, string[]> = {
  protocol: [],
  core: ["protocol"],
  io: ["core", "protocol"],
  room: ["core", "io", "protocol"],
  page: [],
};

function sources(layer: string): { name: string; text: string }[] {
  return readdirSync(`src/${layer}`).map((name) => ({
    name: `${layer}/${name}`,
    text: readFileSync(`src/${layer}/${name}`, "utf8"),
  }));
}

test("layers import downwards only", () => {
  for (const layer of LAYERS) {
    for (const { name, text } of sources(layer)) {
      for (const [, target] of text.matchAll(/from "\.\.\/(\w+)\//g)) {
        assert.ok(MAY_IMPORT[layer]?.includes(target ?? ""), `${name} imports ${target}`);
      }
    }
  }
});

test("core knows no page, no timer and no network", () => {
  const forbidden =
    /\b(document|window|navigator|localStorage|setTimeout|setInterval|fetch|WebSocket|Date)\b[.(]/;
  for (const { name, text } of sources("core")) {
    const code = text.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, "");
    assert.doesNotMatch(code, forbidden, name);
  }
});

test("nothing is written as markup", () => {
  for (const { name, text } of LAYERS.flatMap(sources)) {
    assert.doesNotMatch(
      text,
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(/,
      name,
    );
  }
});

test("files stay small enough to be read at once", () => {
  for (const { name, text } of LAYERS.filter((layer) => layer !== "protocol").flatMap(sources)) {
    assert.ok(text.split("\n").length <= 301, name);
  }
});

test("every sentence of the room stands in both catalogues, with the same blanks", () => {
  const [id, en] = ["id", "en"].map(
    (language) =>
      JSON.parse(readFileSync(`locales/${language}.json`, "utf8")) as Record<string, string>,
  );
  assert.ok(id && en);
  const code = sources("room")
    .concat(sources("core"))
    .map(({ text }) => text)
    .join("\n");
  const used = new Set(
    [...code.matchAll(/"(room\.[a-z_.]*[a-z_])"/g)].map((match) => match[1] ?? ""),
  );
  assert.ok(used.size > 60);
  for (const key of used) {
    for (const catalogue of [id, en]) {
      assert.ok(key in catalogue || `${key}.other` in catalogue, `no sentence for ${key}`);
    }
  }
  // Parts that are put together while running.
  const patterns = [...code.matchAll(/`(room\.[^`]*\$\{[^`]*)`/g)].map(
    (match) =>
      new RegExp(
        `^${(match[1] ?? "").replace(/\./g, "\\.").replace(/\$\{[^}]*\}/g, "\\w+")}(\\.one|\\.other)?$`,
      ),
  );
  const blanks = (text: string | undefined) => [...(text ?? "").matchAll(/\{\w+\}/g)].join();
  for (const key of Object.keys(en).filter((each) => each.startsWith("room."))) {
    assert.equal(blanks(id[key]), blanks(en[key]), key);
    const plain = key.replace(/\.(one|other)$/, "");
    const wanted = used.has(plain) || patterns.some((pattern) => pattern.test(key));
    assert.ok(wanted, `${key} is not used`);
  }
});
