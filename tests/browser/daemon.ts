// The built daemon, started for tests on free ports with a fresh folder.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

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
};

const PROGRAM = resolve(process.env.KELASD ?? "../../target/debug/kelasd");

export class Daemon {
  private constructor(
    readonly announcement: Announcement,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(): Promise<Daemon> {
    const folder = await mkdtemp(join(tmpdir(), "kelas-browser-"));
    const { child, announcement } = await launch(folder, ["0", "0", "0"]);
    return new Daemon(announcement, child, folder);
  }

  /** Stops it as systemd would, and starts it on the same ports with the same data. */
  async restart(): Promise<Daemon> {
    await this.end();
    const { http, https, stun } = this.announcement;
    const ports = [new URL(http).port, new URL(https).port, stun.split(":").pop() ?? "0"];
    const { child, announcement } = await launch(this.folder, ports);
    return new Daemon(announcement, child, this.folder);
  }

  async stop(): Promise<void> {
    await this.end();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async end(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const gone = once(this.child, "exit");
    this.child.kill("SIGTERM");
    await gone;
  }
}

async function launch(
  folder: string,
  [http, https, stun]: string[],
): Promise<{ child: ChildProcess; announcement: Announcement }> {
  const child = spawn(
    PROGRAM,
    [
      "serve",
      "--demo",
      "--announce=json",
      `--data=${folder}`,
      `--boot-config=${join(folder, "no-card.toml")}`,
      `--listen-http=127.0.0.1:${http}`,
      `--listen-https=127.0.0.1:${https}`,
      `--listen-stun=127.0.0.1:${stun}`,
      "--log=warn",
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
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
