// The room as the views see it: the call, this device's media, and what is open on the screen.

import { Call } from "../core/call";
import type { IceServer } from "../core/messages";
import type { Notice } from "../core/notice";
import { type Translate, translator } from "../core/text";
import { clock, newKey, olderChat, preferences, ScreenAwake } from "../io/browser";
import { connector } from "../io/connect";
import { LevelMeter } from "../io/level";
import { LocalMedia } from "../io/media";
import { lookAt, loudness, type Pair } from "../io/stats";
import type { Boot } from "./boot";

export type Panel = "chat" | "people" | "settings";
export type Question = { key: string; name?: string; confirm: string; act: () => void };
export type Written = { text: string; to: { person: number; name: string } | null };
export type Shown = Notice & { id: number };

const LOOK_EVERY_MS = 2_000;
const LISTEN_EVERY_MS = 300;
const SPEAKING = 0.03;
/** Who spoke within this time keeps a tile, so that tiles do not jump with every word. */
const SPOKEN_MS = 30_000;
const NOTICE_MS = 6_000;

export class Room {
  readonly t: Translate;
  readonly call: Call;
  readonly media: LocalMedia;
  view: "preview" | "call" = "preview";
  panel: Panel | null = null;
  question: Question | null = null;
  notices: Shown[] = [];
  /** The browser wants a tap before it plays sound. */
  soundBlocked = false;
  pinned: string | null = null;
  transport: string | null = null;
  readonly pairs = new Map<string, Pair>();
  readonly speaking = new Set<string>();
  /** What is being written in the chat: it survives closing the panel and reconnecting. */
  written: Written = { text: "", to: null };
  private readonly spoken = new Map<string, number>();
  private readonly listeners = new Set<() => void>();
  private readonly awake = new ScreenAwake();
  private meter: { track: MediaStreamTrack; meter: LevelMeter | null } | null = null;
  private noticeId = 0;
  private over = false;
  // Left because the page went away, not by the button: coming back to it is coming back in.
  private swept = false;
  private scheduled = false;

  constructor(readonly boot: Boot) {
    this.t = translator(boot.messages);
    this.media = new LocalMedia(boot.media);
    this.call = new Call({
      person: { id: boot.person.id, role: boot.role },
      key: newKey(),
      connect: connector(boot.meeting.id, (name) => {
        this.transport = name;
      }),
      clock,
      random: Math.random,
      makeConnection: (iceServers: IceServer[]) =>
        new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle" }),
      newKey,
      olderChat: (before) => olderChat(boot.meeting.id, before),
      captured: () => ({
        camera: longerSide(this.media.tracks.camera) ?? this.media.size.width,
        screen: longerSide(this.media.tracks.screen) ?? 1_280,
      }),
      onChange: () => this.callChanged(),
      onNotice: (notice) => this.tell(notice),
      onMuted: () => void this.media.setMicrophone(false),
      // For technicians with the browser's console open; people see the link light.
      // biome-ignore lint/suspicious/noConsole: the only log that a page has
      onFault: (what, error) => console.warn("kelas:", what, error),
    });
    this.media.subscribe(() => this.mediaChanged());
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Enters with what is on in the preview. */
  enter(): void {
    preferences.set("watch", this.media.microphone.on || this.media.camera.on ? "0" : "1");
    this.view = "call";
    this.mediaChanged();
    this.call.start();
    void this.awake.hold();
    this.look();
    this.listen();
    this.changed();
  }

  /** Enters without camera and microphone. */
  watch(): void {
    this.media.stop();
    this.enter();
  }

  leave(): void {
    this.call.leave();
    this.media.stop();
    this.awake.release();
    location.assign(this.boot.urls.course);
  }

  /** The page goes away without a click on the button. */
  goodbye(): void {
    if (this.view !== "call" || this.call.phase.name === "ended") return;
    this.swept = true;
    this.call.leave();
  }

  comeBack(): void {
    this.swept = false;
    void this.awake.hold();
    this.call.comeBack();
  }

  wake(): void {
    if (this.view !== "call") return;
    if (this.swept) this.comeBack();
    if (this.call.phase.name === "ended") return;
    void this.awake.hold();
    this.call.wake();
  }

  open(panel: Panel | null): void {
    this.panel = this.panel === panel ? null : panel;
    this.call.chat.show(this.panel === "chat");
    this.changed();
  }

  ask(question: Question | null): void {
    this.question = question;
    this.changed();
  }

  pin(id: string): void {
    this.pinned = this.pinned === id ? null : id;
    this.changed();
  }

  blockSound(blocked: boolean): void {
    if (this.soundBlocked === blocked) return;
    this.soundBlocked = blocked;
    this.changed();
  }

  tell(notice: Notice): void {
    const id = ++this.noticeId;
    this.notices = [...this.notices.slice(-3), { ...notice, id }];
    clock.after(NOTICE_MS, () => {
      this.notices = this.notices.filter((shown) => shown.id !== id);
      this.changed();
    });
    this.changed();
  }

  hasSpoken(id: string): boolean {
    return clock.now() - (this.spoken.get(id) ?? Number.NEGATIVE_INFINITY) < SPOKEN_MS;
  }

  /** How loud the own microphone is. */
  level(): number {
    const track = this.media.tracks.audio;
    if (this.meter && this.meter.track !== track) {
      this.meter.meter?.stop();
      this.meter = null;
    }
    if (track && !this.meter) this.meter = { track, meter: LevelMeter.of(track) };
    return this.meter?.meter && this.media.microphone.on ? this.meter.meter.read() : 0;
  }

  private callChanged(): void {
    const ended = this.view === "call" && this.call.phase.name === "ended";
    const justNow = ended && !this.over;
    this.over = ended;
    // Out of the room no light of a camera stays on, and no screen.
    if (justNow) {
      this.media.stop();
      this.awake.release();
    }
    this.changed();
  }

  private mediaChanged(): void {
    const { camera, microphone, tracks } = this.media;
    if (this.view === "call") {
      this.call.setTracks(tracks, {
        audio: microphone.on && !microphone.silenced,
        video: camera.on && !camera.silenced,
      });
    }
    this.changed();
  }

  /** All changes of one turn of the event loop are drawn at once. */
  private changed(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      for (const listener of this.listeners) listener();
    });
  }

  private look(): void {
    clock.after(LOOK_EVERY_MS, () => this.look());
    for (const id of [...this.pairs.keys()])
      if (!this.call.mesh.peers.has(id)) this.pairs.delete(id);
    for (const [id, peer] of this.call.mesh.peers) {
      if (peer.state !== "connected") continue;
      lookAt(peer.connection).then(
        ({ pair, report }) => {
          const before = this.pairs.get(id);
          if (pair) this.pairs.set(id, pair);
          if (pair?.local !== before?.local || pair?.remote !== before?.remote) this.changed();
          this.call.report(id, report);
        },
        // A connection that was closed meanwhile has no statistics.
        () => this.pairs.delete(id),
      );
    }
  }

  private listen(): void {
    clock.after(LISTEN_EVERY_MS, () => this.listen());
    let changes = false;
    const mark = (id: string, speaks: boolean) => {
      if (speaks) this.spoken.set(id, clock.now());
      if (speaks === this.speaking.has(id)) return;
      if (speaks) this.speaking.add(id);
      else this.speaking.delete(id);
      changes = true;
    };
    for (const [id, peer] of this.call.mesh.peers) {
      const audible = this.call.roster.get(id)?.media.audio === true;
      mark(id, audible && loudness(peer.connection) > SPEAKING);
    }
    for (const id of this.speaking) {
      if (id !== "self" && !this.call.mesh.peers.has(id)) mark(id, false);
    }
    for (const id of [...this.spoken.keys()]) if (!this.hasSpoken(id)) this.spoken.delete(id);
    mark("self", this.level() > 0.35);
    if (changes) this.changed();
  }
}

function longerSide(track: MediaStreamTrack | null): number | null {
  const { width, height } = track?.getSettings() ?? {};
  return width === undefined ? null : Math.max(width, height ?? 0);
}
