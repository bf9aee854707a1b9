// Builds what browsers load into `dist/`: scripts and styles with the hash of their content in
// the name, compressed siblings, and `manifest.json`, by which the daemon finds them. Fails when
// a page would weigh more than its budget, or use what the oldest browsers lack.

import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { aboveFloor } from "./floor.mjs";

const root = dirname(fileURLToPath(import.meta.url));
const dist = join(root, "dist");

// Gzipped bytes per page. A phone at the back of the class gets about 1 Mb/s when forty load at once.
const entries = [
  { source: "src/room/main.tsx", name: "room.js", budget: 40_000 },
  { source: "src/page/main.ts", name: "page.js", budget: 6_000 },
  { source: "src/material/main.ts", name: "material.js", budget: 4_000 },
  { source: "src/quiz/main.ts", name: "quiz.js", budget: 3_000 },
  { source: "src/setup/main.ts", name: "setup.js", budget: 5_000 },
  // With the charting library, for the load log alone; 23 kB of it are the library.
  { source: "src/load/main.ts", name: "load.js", budget: 27_000 },
  { source: "styles/page.css", name: "page.css", budget: 10_000 },
  { source: "styles/room.css", name: "room.css", budget: 10_000 },
  { source: "styles/load.css", name: "load.css", budget: 4_000 },
];

// The oldest browsers that can negotiate a call. Safari 13 takes ES2017 as it is; naming it for
// scripts too would make esbuild refuse destructuring over a bug in a rare form of it.
const scriptTarget = ["es2017", "chrome80", "firefox75"];
const styleTarget = ["chrome80", "firefox75", "safari13"];

async function bundle(entry) {
  const script = entry.name.endsWith(".js");
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry.source],
    bundle: true,
    minify: true,
    write: false,
    format: script ? "iife" : undefined,
    charset: "utf8",
    legalComments: "none",
    jsx: "automatic",
    jsxImportSource: "preact",
    target: script ? scriptTarget : styleTarget,
    outdir: dist,
    logLevel: "warning",
  });
  return Buffer.from(result.outputFiles[0].contents);
}

async function store(entry, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const [stem, extension] = basename(entry.name).split(".");
  const file = `${stem}-${hash}.${extension}`;
  const gzip = gzipSync(content, { level: 9 });
  const brotli = brotliCompressSync(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY },
  });
  const path = join(dist, "assets", file);
  await writeFile(path, content);
  await writeFile(`${path}.gz`, gzip);
  await writeFile(`${path}.br`, brotli);
  return { file, bytes: content.length, gzip: gzip.length, brotli: brotli.length };
}

await rm(dist, { recursive: true, force: true });
await mkdir(join(dist, "assets"), { recursive: true });

const manifest = {};
const rows = [];
const missing = [];
for (const entry of entries) {
  const content = await bundle(entry);
  const kind = entry.name.endsWith(".js") ? "script" : "style";
  for (const what of aboveFloor(kind, content.toString())) missing.push(`${entry.name}: ${what}`);
  const stored = await store(entry, content);
  manifest[entry.name] = `assets/${stored.file}`;
  const over = stored.gzip > entry.budget;
  rows.push({
    file: entry.name,
    bytes: stored.bytes,
    brotli: stored.brotli,
    gzip: stored.gzip,
    budget: entry.budget,
    verdict: over ? "OVER" : "ok",
  });
}
// This one stands inside its page, as it is (daemon/src/site/portal).
const portal = await readFile(join(root, "styles", "portal.css"), "utf8");
for (const what of aboveFloor("style", portal)) missing.push(`portal.css: ${what}`);

await writeFile(join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

process.stdout.write(
  `${rows
    .map((row) =>
      [
        row.file.padEnd(10),
        row.bytes,
        `gzip ${row.gzip}/${row.budget}`,
        `br ${row.brotli}`,
        row.verdict,
      ].join("  "),
    )
    .join("\n")}\n`,
);
if (rows.some((row) => row.verdict === "OVER")) {
  process.stderr.write("A page is heavier than its budget (see build.mjs).\n");
  process.exitCode = 1;
}
if (missing.length > 0) {
  process.stderr.write(`The oldest browsers lack (see floor.mjs):\n${missing.join("\n")}\n`);
  process.exitCode = 1;
}
