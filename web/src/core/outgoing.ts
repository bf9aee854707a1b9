// What each peer is sent: from the number of receivers, then down as the links complain.

import type { Role } from "./messages";
import {
  AUDIO_BITRATE,
  encodingFor,
  LinkQuality,
  type LinkReport,
  loweredRung,
  screenRung,
  startRung,
} from "./quality";
import type { Encodings } from "./slots";

export class Outgoing {
  private readonly links = new Map<string, LinkQuality>();
  private receivers = 0;

  constructor(
    private readonly role: Role,
    /** The longer side, in pixels, of what camera and shared screen give now; asked each time. */
    private readonly captured: () => { camera: number; screen: number },
  ) {}

  /** Who receives. Links that are gone are forgotten. */
  setReceivers(ids: Iterable<string>): void {
    const present = new Set(ids);
    this.receivers = present.size;
    for (const id of [...this.links.keys()]) if (!present.has(id)) this.links.delete(id);
  }

  /** A look at one link; says whether what it is sent changes. */
  look(peer: string, report: LinkReport): boolean {
    const link = this.links.get(peer) ?? new LinkQuality();
    this.links.set(peer, link);
    return link.look(report, startRung(this.receivers, this.role));
  }

  encodings(peer: string): Encodings {
    const penalty = this.links.get(peer)?.penalty ?? 0;
    const side = this.captured();
    const camera = loweredRung(startRung(this.receivers, this.role), penalty);
    return {
      audio: { maxBitrate: AUDIO_BITRATE, priority: "high" },
      camera: encodingFor(camera, side.camera),
      screen: encodingFor(screenRung(this.receivers), side.screen),
    };
  }
}
