// The built daemon, started for tests on free ports with a fresh folder.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Authority } from "./authority";

/** What `kelasd serve --announce json` prints when it is ready. */
export type Announcement = {
  https: string;
  http: string;
  stun: string;
  ca: string;
  pid: number;
  teacherLink: string;
  joinCode: string;
  meeting: number;
  /** Where a station on the Wi-Fi of a booted box finds it. */
  station?: string;
};

/** Settings by their variables, such as KELASD_NETWORK. */
export type Settings = Record<string, string>;

/** How a daemon is started; on loopback with a class in it unless told otherwise. */
export type Start = {
  host?: string;
  /** Whose certificates it has. Otherwise it makes an authority of its own. */
  authority?: Authority;
  /** What the system has found wrong with the card: details by code. */
  problems?: Record<string, string>;
  /** Without `--demo` it is a box that belongs to nobody. */
  flags?: string[];
  settings?: Settings;
};

const PROGRAM = resolve(process.env.KELASD ?? "../../target/debug/kelasd");

export class Daemon {
  private constructor(
    readonly announcement: Announcement,
    private readonly child: ChildProcess | undefined,
    readonly folder: string,
    private readonly host: string,
    private readonly flags: string[],
    private readonly settings: Settings = {},
  ) {}

  /** One that runs already, in a box: KELAS_BOX is its announcement. It is not ours to stop. */
  static inBox(announcement: string): Daemon {
    return new Daemon(JSON.parse(announcement) as Announcement, undefined, "", "", []);
  }

  static async start(start: Start = {}): Promise<Daemon> {
    const {
      host = "127.0.0.1",
      authority,
      problems = {},
      flags = ["--demo"],
      settings = {},
    } = start;
    const folder = await mkdtemp(join(tmpdir(), "kelas-browser-"));
    await mkdir(join(folder, "problems"));
    for (const [code, detail] of Object.entries(problems)) {
      await writeFile(join(folder, "problems", code), `${detail}\n`);
    }
    if (authority?.folder) await cp(authority.folder, join(folder, "trust"), { recursive: true });
    const { child, announcement } = await launch(folder, host, ["0", "0", "0"], flags, settings);
    return new Daemon(announcement, child, folder, host, flags, settings);
  }

  /** Stops it as systemd would, and starts it on the same ports with the same data. */
  async restart(): Promise<Daemon> {
    await this.end();
    const { http, https, stun } = this.announcement;
    const ports = [new URL(http).port, new URL(https).port, stun.split(":").pop() ?? "0"];
    const { child, announcement } = await launch(
      this.folder,
      this.host,
      ports,
      this.flags,
      this.settings,
    );
    return new Daemon(announcement, child, this.folder, this.host, this.flags, this.settings);
  }

  async stop(): Promise<void> {
    if (!this.child) return;
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async end(): Promise<void> {
    if (!this.child) throw new Error("a box's daemon is not restarted from here");
    if (this.child.exitCode !== null) return;
    const gone = once(this.child, "exit");
    this.child.kill("SIGTERM");
    await gone;
  }
}

async function launch(
  folder: string,
  host: string,
  [http, https, stun]: string[],
  flags: string[],
  settings: Settings,
): Promise<{ child: ChildProcess; announcement: Announcement }> {
  const child = spawn(
    PROGRAM,
    [
      "serve",
      ...flags,
      "--announce=json",
      `--data=${folder}`,
      `--boot-config=${join(folder, "no-card.toml")}`,
      `--problems=${join(folder, "problems")}`,
      `--listen-http=${host}:${http}`,
      `--listen-https=${host}:${https}`,
      `--listen-stun=${host}:${stun}`,
      "--log=warn",
    ],
    { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, ...settings } },
  );
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    once(lines, "line").then(([line]) => String(line)),
    once(child, "exit").then(([code]) =>
      Promise.reject(new Error(`${PROGRAM} ended with ${code}`)),
    ),
    once(child, "error").then(([error]) => Promise.reject(error)),
  ]);
  return { child, announcement: JSON.parse(first) as Announcement };
}
