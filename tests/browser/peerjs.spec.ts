// The PeerJS client as npm ships it, unmodified, in pages of another origin: what a pupil's own
// project does. Everything goes through /peerjs of the daemon.

import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import type { DataConnection, MediaConnection, Peer, PeerOptions } from "peerjs";
import type { Chromium } from "./chromium";
import { Daemon } from "./daemon";
import { expect, test } from "./kelas";

const PEERJS = fileURLToPath(import.meta.resolve("peerjs")).replace(/[^/]*$/, "peerjs.min.js");
const PAGE = '<!doctype html><title>Project</title><script src="/peerjs.js"></script>';

declare global {
  interface Window {
    Peer: typeof Peer;
    peer: Peer;
    connection: DataConnection;
    call: MediaConnection;
    /** What happened to the page's peer, connection and call, in order. */
    story: string[];
  }
}

let daemon: Daemon;
let chromium: Chromium;
let project: Server;

test.beforeAll(async ({ authority, chromium: shared }) => {
  daemon = await Daemon.start({ authority });
  chromium = shared;
  const script = await readFile(PEERJS);
  project = createServer((request, response) => {
    const isScript = request.url === "/peerjs.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(isScript ? script : PAGE);
  });
  await new Promise<void>((resolve) => project.listen(0, "127.0.0.1", resolve));
});

test.afterAll(async () => {
  project.close();
  await daemon.stop();
});

function options(scheme: "http" | "https"): PeerOptions {
  const { port } = new URL(daemon.announcement[scheme]);
  const stun = daemon.announcement.stun;
  return {
    host: scheme === "https" ? "kelas.internal" : "127.0.0.1",
    port: Number(port),
    path: "/peerjs",
    secure: scheme === "https",
    config: { iceServers: [{ urls: `stun:${stun}` }] },
  };
}

/** Opens a page of the project and waits until its peer is open; the answer is its id. */
async function open(id: string | undefined, settings: PeerOptions): Promise<[Page, string]> {
  const page = await blank();
  await page.evaluate(makePeer, { id, settings });
  await page.waitForFunction(() => window.peer.open);
  return [page, await page.evaluate(() => window.peer.id)];
}

async function blank(): Promise<Page> {
  const context = await chromium.browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(project.address() as AddressInfo).port}/`);
  return page;
}

/** Runs in the page. */
function makePeer({ id, settings }: { id: string | undefined; settings: PeerOptions }): void {
  window.story = [];
  const peer = id ? new window.Peer(id, settings) : new window.Peer(settings);
  window.peer = peer;
  peer.on("open", () => window.story.push("open"));
  peer.on("disconnected", () => window.story.push("disconnected"));
  peer.on("error", (error) => window.story.push(`error ${error.type}`));
}

async function story(page: Page): Promise<string[]> {
  return page.evaluate(() => window.story);
}

for (const scheme of ["http", "https"] as const) {
  test(`a data connection carries text and bytes over ${scheme}`, async () => {
    const [answering, id] = await open(undefined, options(scheme));
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    await answering.evaluate(() => {
      window.peer.on("connection", (connection) => {
        // Echoes, so that the caller knows what arrived.
        connection.on("data", (data) => connection.send(data));
        connection.on("close", () => window.story.push("connection closed"));
      });
    });
    const [calling] = await open("Siti-1", options(scheme));
    const echoed = await calling.evaluate(async (to) => {
      const connection = window.peer.connect(to, { metadata: { topic: "pecahan" } });
      window.connection = connection;
      await new Promise((resolve, reject) => {
        connection.on("open", () => resolve(undefined));
        window.peer.on("error", reject);
      });
      // More than one chunk of PeerJS's own splitting (16,300 bytes).
      const bytes = new Uint8Array(100_000).map((_, index) => index % 251);
      const sent = { text: "Halo 👩‍🏫", bytes: bytes.buffer };
      const back = new Promise<typeof sent>((resolve) => {
        connection.on("data", (data) => resolve(data as typeof sent));
      });
      connection.send(sent);
      const { text, bytes: returned } = await back;
      const same = new Uint8Array(returned).every((byte, index) => byte === bytes[index]);
      return { text, same, length: returned.byteLength };
    }, id);
    expect(echoed).toEqual({ text: "Halo 👩‍🏫", same: true, length: 100_000 });
    await calling.evaluate(() => window.connection.close());
    await expect.poll(() => story(answering)).toContain("connection closed");
    await answering.context().close();
    await calling.context().close();
  });
}

test("a media call shows moving pictures on both sides, and its end reaches the other", async () => {
  const [answering, id] = await open(undefined, options("http"));
  await answering.evaluate(() => {
    window.peer.on("call", async (call) => {
      window.call = call;
      call.on("stream", () => window.story.push("stream"));
      call.on("close", () => window.story.push("call closed"));
      call.answer(await navigator.mediaDevices.getUserMedia({ video: true, audio: true }));
    });
  });
  const [calling] = await open("guru", options("http"));
  await calling.evaluate(async (to) => {
    const media = await navigator.mediaDevices.getUserMedia({ video: true, audio: true });
    window.call = window.peer.call(to, media);
    window.call.on("stream", () => window.story.push("stream"));
  }, id);
  for (const page of [answering, calling]) {
    await expect.poll(() => story(page)).toContain("stream");
    await flows(page);
  }
  await calling.evaluate(() => window.call.close());
  await expect.poll(() => story(answering)).toContain("call closed");
  await answering.context().close();
  await calling.context().close();
});

/** Decoded frames and received audio packets of the page's call grow. */
async function flows(page: Page): Promise<void> {
  const received = () =>
    page.evaluate(async () => {
      const seen = { frames: 0, packets: 0 };
      for (const report of (await window.call.peerConnection.getStats()).values()) {
        if (report.type !== "inbound-rtp") continue;
        if (report.kind === "video") seen.frames = report.framesDecoded ?? 0;
        if (report.kind === "audio") seen.packets = report.packetsReceived ?? 0;
      }
      return seen;
    });
  await expect.poll(async () => (await received()).frames).toBeGreaterThan(0);
  const before = await received();
  await expect
    .poll(async () => {
      const now = await received();
      return now.frames > before.frames && now.packets > before.packets;
    })
    .toBe(true);
}

test("ten thieves find the id unavailable and its owner stays", async () => {
  const [owner] = await open("ketua", options("http"));
  const thief = await blank();
  const answers = await thief.evaluate(async (settings) => {
    const attempt = () =>
      new Promise<string>((resolve) => {
        const peer = new window.Peer("ketua", settings);
        peer.on("open", () => resolve("open"));
        peer.on("error", (error) => resolve(error.type));
      });
    return Promise.all(Array.from({ length: 10 }, attempt));
  }, options("http"));
  expect(answers).toEqual(Array(10).fill("unavailable-id"));
  expect(await story(owner)).toEqual(["open"]);
  await owner.context().close();
  await thief.context().close();
});

test("a peer that is not there is reported as unavailable", async () => {
  const [page] = await open(undefined, options("http"));
  await page.evaluate(() => window.peer.connect("nobody"));
  await expect.poll(() => story(page)).toContain("error peer-unavailable");
  await page.context().close();
});

test("a peer that comes within five seconds is reached", async () => {
  const [early] = await open("awal", options("http"));
  const late = await blank();
  await early.evaluate(() => {
    const connection = window.peer.connect("terlambat");
    connection.on("open", () => window.story.push("connected"));
  });
  await late.evaluate(makePeer, { id: "terlambat", settings: options("http") });
  await expect.poll(() => story(early)).toEqual(["open", "connected"]);
  await early.context().close();
  await late.context().close();
});

test("whoever returns with the same id and token is open again", async () => {
  const settings = { ...options("http"), token: "rahasia" };
  const [first] = await open("siswa", settings);
  // As a phone whose Wi-Fi dropped: the daemon does not know that the first socket is dead.
  const [second] = await open("siswa", settings);
  await expect.poll(() => story(first)).toContain("disconnected");
  expect(await story(second)).toEqual(["open"]);
  await first.context().close();
  await second.context().close();
});

test("a disconnected peer refuses to connect, and reconnects under its id", async () => {
  const [page] = await open("kembali", options("http"));
  await page.evaluate(() => {
    window.peer.disconnect();
    window.peer.connect("anybody");
  });
  await expect.poll(() => story(page)).toEqual(["open", "disconnected", "error disconnected"]);
  await page.evaluate(() => window.peer.reconnect());
  await page.waitForFunction(() => window.peer.open);
  expect(await page.evaluate(() => window.peer.id)).toBe("kembali");
  await page.context().close();
});

test("discovery is refused unless it is switched on", async () => {
  const [page] = await open(undefined, options("http"));
  const status = await page.evaluate(async (base) => {
    return (await fetch(`${base}/peerjs/peerjs/peers`)).status;
  }, daemon.announcement.http);
  expect(status).toBe(401);
  await page.context().close();
});
