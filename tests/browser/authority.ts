// A box's authority that many daemons of the tests have in common, so that one browser trusts them
// all. A daemon made it, as each box does; the others find it in their folder.

import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Announcement, Daemon } from "./daemon";

/** A name that a school may have a certificate for; the authority may sign for it too. */
export const SCHOOL_NAME = "kelas.sman1.test";
const NAMES = ["kelas.internal", "kelas.local", SCHOOL_NAME];

export class Authority {
  private constructor(
    /** What a device installs. */
    readonly certificate: string,
    /** The daemon's folder `trust`; a box keeps its own to itself. */
    readonly folder: string | undefined,
  ) {}

  static async make(): Promise<Authority> {
    const folder = await mkdtemp(join(tmpdir(), "kelas-authority-"));
    const daemon = await Daemon.start({ settings: { KELASD_NAMES: NAMES.join() } });
    try {
      await copyFile(join(daemon.folder, "trust", "authority.pem"), join(folder, "authority.pem"));
      const certificate = `${folder}.crt`;
      await copyFile(daemon.announcement.ca, certificate);
      return new Authority(certificate, folder);
    } finally {
      await daemon.stop();
    }
  }

  static ofBox(announcement: string): Authority {
    return new Authority((JSON.parse(announcement) as Announcement).ca, undefined);
  }

  async forget(): Promise<void> {
    if (!this.folder) return;
    await rm(this.folder, { recursive: true, force: true });
    await rm(this.certificate);
  }
}
