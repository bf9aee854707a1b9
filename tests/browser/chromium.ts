// Debian's Chromium with fake devices, trusting the box's authority as a school's device does:
// through its NSS store. No flag makes it accept certificates.

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium } from "@playwright/test";

const run = promisify(execFile);

const FLAGS = [
  // One fake camera per page; the second and third give no picture.
  "--use-fake-device-for-media-stream=device-count=12",
  "--use-fake-ui-for-media-stream",
  "--allow-loopback-in-peer-connection",
  "--mute-audio",
  "--disable-gpu",
  "--disable-background-timer-throttling",
  "--disable-renderer-backgrounding",
  "--disable-backgrounding-occluded-windows",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--no-first-run",
  // Loopback counts as secure even over http; the box's name does not.
  "--host-resolver-rules=MAP kelas.internal 127.0.0.1",
  // A container's root user has no sandbox.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
];

export class Chromium {
  private constructor(
    readonly browser: Browser,
    private readonly home: string,
  ) {}

  static async start(
    authority: string,
    flags: string[] = [],
    program = process.env.CHROMIUM ?? "/usr/bin/chromium",
  ): Promise<Chromium> {
    const home = await mkdtemp(join(tmpdir(), "kelas-home-"));
    const store = join(home, ".pki", "nssdb");
    await mkdir(store, { recursive: true });
    await run("certutil", ["-d", `sql:${store}`, "-N", "--empty-password"]);
    const trust = ["-A", "-n", "Kelas", "-t", "C,,", "-i", authority];
    await run("certutil", ["-d", `sql:${store}`, ...trust]);
    const browser = await chromium.launch({
      executablePath: program,
      args: [...FLAGS, ...flags],
      env: { ...(process.env as Record<string, string>), HOME: home },
    });
    return new Chromium(browser, home);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await rm(this.home, { recursive: true, force: true });
  }
}
