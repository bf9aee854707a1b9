// Two stations whose Wi-Fi drops multicast: what mDNS candidates need never arrives, so only the
// box's STUN server brings them together. Run by air.sh.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { Chromium } from "./chromium";
import { Daemon } from "./daemon";
import { Person } from "./person";

const BOX = "10.77.0.1";
const STATIONS = ["station-a", "station-b"];
// Leave to use the camera would show the real addresses; a watcher has not given it.
const DENIED = ["--use-fake-ui-for-media-stream=deny"];

/** Starts a browser on each station, and lets both watch in one room. */
async function meet(
  { forgetStun }: { forgetStun: boolean },
  then: (people: [Person, Person]) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "kelas-air-"));
  const daemon = await Daemon.start({ host: BOX });
  const browsers: Chromium[] = [];
  try {
    const people: Person[] = [];
    for (const station of STATIONS) {
      const browser = await browserAt(station, folder, daemon.announcement.ca);
      browsers.push(browser);
      const context = await browser.browser.newContext({ locale: "id-ID" });
      if (forgetStun) await context.addInitScript(ignoreIceServers);
      const page = await context.newPage();
      const person = new Person(station, page, context, 0, daemon.announcement.https);
      await person.joinCourse(daemon.announcement);
      await person.openRoom(daemon.announcement);
      await person.enterToWatch();
      people.push(person);
    }
    await then(people as [Person, Person]);
  } finally {
    for (const browser of browsers) await browser.stop();
    await daemon.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function browserAt(station: string, folder: string, authority: string): Promise<Chromium> {
  const program = join(folder, station);
  const command = `#!/bin/sh\nexec ip netns exec ${station} /usr/bin/chromium "$@"\n`;
  await writeFile(program, command, { mode: 0o755 });
  return await Chromium.start(authority, DENIED, program);
}

function ignoreIceServers(): void {
  const Original = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Original {
    constructor(configuration?: RTCConfiguration) {
      super({ ...configuration, iceServers: [] });
    }
  };
}

test("the box's STUN server brings two watchers together", async () => {
  await meet({ forgetStun: false }, async ([one, other]) => {
    await one.seesConnected([other]);
    await other.seesConnected([one]);
  });
});

test("without it the same two never meet", async () => {
  await meet({ forgetStun: true }, async ([one, other]) => {
    const link = one.page.locator(`[data-participant][data-name="${other.name}"]`);
    await expect(link).toHaveAttribute("data-link", "failed");
  });
});
