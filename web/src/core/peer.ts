// One peer: negotiates a connection with perfect negotiation (W3C WebRTC, 10.7), and brings it
// back when it breaks. The three media slots are laid out once by whoever offers first (audio,
// camera, screen), so that switching a camera on or off needs no negotiation.

import type { Candidate, Description, Signal } from "./messages";
import type { Clock } from "./ports";
import { Recovery } from "./recovery";
import { sessionIdOf, withThriftySpeech } from "./sdp";
import { type Encodings, type LocalTracks, Slots } from "./slots";

/** What the link light shows. */
export type LinkState = "checking" | "connected" | "reconnecting" | "failed";

/** What was begun so shortly ago needs no push. */
const JUST_NOW_MS = 2_000;

export interface PeerOptions {
  /** Gives way when both offer at once. */
  polite: boolean;
  makeConnection: () => RTCPeerConnection;
  clock: Clock;
  send: (signal: Signal) => void;
  /** Whether signals reach the daemon now. */
  canSend: () => boolean;
  onChange: () => void;
  /** An operation of the peer connection failed; the connection recovers by itself. */
  onFault: (what: string, error: unknown) => void;
}

const ATTEMPTS_BEFORE_FAILED = 2;

export class Peer {
  state: LinkState = "checking";
  connection: RTCPeerConnection;
  readonly slots = new Slots();
  private chain: Promise<void> = Promise.resolve();
  private remoteSession: string | null = null;
  private ignoringOffer = false;
  private early: (Candidate | null)[] = [];
  private wasConnected = false;
  private newestOffer = 0;
  private lastAct = 0;
  private lastProgress = 0;
  private attempts = 0;
  private closed = false;
  private readonly recovery: Recovery;

  constructor(private readonly options: PeerOptions) {
    this.connection = this.connect();
    this.recovery = new Recovery(options.clock, options.polite, (attempt) => this.recover(attempt));
    this.recovery.watch("checking");
  }

  /** Offers first. The other side waits for that. */
  call(): void {
    this.enqueue("call", async () => {
      this.slots.layOut(this.connection);
      await this.offer(false);
    });
  }

  receive(signal: Signal): void {
    const { description, candidate } = signal;
    if (description?.type === "offer") {
      const number = ++this.newestOffer;
      // After a long absence old offers arrive with the newest: only that one is still meant.
      this.enqueue("offer", async () => {
        if (number === this.newestOffer) await this.takeOffer(description);
      });
    } else if (description?.type === "answer") {
      this.enqueue("answer", () => this.takeAnswer(description));
    }
    if (candidate !== undefined) this.enqueue("candidate", () => this.addCandidate(candidate));
  }

  setTracks(tracks: LocalTracks): void {
    this.slots.tracks = tracks;
    this.enqueue("tracks", () => this.feed());
  }

  setEncodings(encodings: Encodings): void {
    this.slots.encodings = encodings;
    this.enqueue("encodings", () => this.feed());
  }

  /** The network changed or the room is heard again: do not wait for timers. */
  nudge(): void {
    const busy = this.options.clock.now() - this.lastAct < JUST_NOW_MS;
    if (!this.settled() && !busy) this.recovery.now();
  }

  close(): void {
    this.closed = true;
    this.recovery.stop();
    this.discard();
  }

  private connect(): RTCPeerConnection {
    const connection = this.options.makeConnection();
    this.lastAct = this.options.clock.now();
    connection.onicecandidate = ({ candidate }) => {
      if (connection === this.connection) {
        this.options.send({ candidate: candidate ? candidate.toJSON() : null });
      }
    };
    const changed = () => {
      if (connection !== this.connection) return;
      this.updateState();
      this.progress();
    };
    connection.oniceconnectionstatechange = changed;
    connection.onconnectionstatechange = changed;
    connection.onsignalingstatechange = changed;
    return connection;
  }

  private discard(): void {
    const connection = this.connection;
    connection.onicecandidate = null;
    connection.oniceconnectionstatechange = null;
    connection.onconnectionstatechange = null;
    connection.onsignalingstatechange = null;
    connection.close();
  }

  /** Throws the connection away and starts over with an empty one. */
  private replace(): void {
    this.discard();
    this.slots.clear();
    this.early = [];
    this.remoteSession = null;
    this.ignoringOffer = false;
    this.connection = this.connect();
    this.updateState();
  }

  /** One operation at a time, in the order in which they were asked for. */
  private enqueue(what: string, operation: () => Promise<void>): void {
    this.chain = this.chain
      .then(() => (this.closed ? undefined : operation()))
      .catch((error: unknown) => {
        if (!this.closed) this.options.onFault(what, error);
      });
  }

  private async offer(iceRestart: boolean): Promise<void> {
    const connection = this.connection;
    if (connection.signalingState !== "stable") return;
    const description = await connection.createOffer(iceRestart ? { iceRestart } : undefined);
    if (connection !== this.connection) return;
    await connection.setLocalDescription(description);
    this.sendDescription();
    await this.feed();
  }

  /** A sender that refuses a track or a bitrate must not keep a description from being sent. */
  private async feed(): Promise<void> {
    try {
      await this.slots.send();
    } catch (error) {
      if (!this.closed) this.options.onFault("senders", error);
    }
  }

  private sendDescription(): void {
    const description = this.connection.localDescription;
    if (!description) return;
    this.lastAct = this.options.clock.now();
    const sdp = withThriftySpeech(description.sdp);
    this.options.send({ description: { type: description.type as Description["type"], sdp } });
  }

  private async takeOffer(description: Description): Promise<void> {
    const session = sessionIdOf(description.sdp);
    const rebuilt = this.remoteSession !== null && session !== this.remoteSession;
    const glare = this.connection.signalingState === "have-local-offer";
    if (rebuilt) {
      this.replace();
    } else if (glare) {
      this.ignoringOffer = !this.options.polite;
      if (this.ignoringOffer) return;
      // Before the first answer our slots are nobody's yet: the other side's are used instead.
      if (this.remoteSession === null) this.replace();
      else await this.connection.setLocalDescription({ type: "rollback" });
    }
    this.ignoringOffer = false;
    await this.connection.setRemoteDescription(description);
    this.remoteSession = session;
    this.progress();
    this.slots.adopt(this.connection);
    await this.feed();
    await this.connection.setLocalDescription(await this.connection.createAnswer());
    this.sendDescription();
    await this.addEarly();
    await this.feed();
    this.options.onChange();
  }

  private async takeAnswer(description: Description): Promise<void> {
    // An answer that comes twice, or to an offer that was rolled back.
    if (this.connection.signalingState !== "have-local-offer") return;
    const session = sessionIdOf(description.sdp);
    if (this.remoteSession !== null && session !== this.remoteSession) {
      this.rebuild();
      return;
    }
    // The other side gave way: its candidates belong to this answer, not to the ignored offer.
    this.ignoringOffer = false;
    await this.connection.setRemoteDescription(description);
    this.remoteSession = session;
    await this.addEarly();
    await this.feed();
    this.options.onChange();
  }

  private async addCandidate(candidate: Candidate | null): Promise<void> {
    if (this.ignoringOffer) return;
    if (!this.connection.remoteDescription) {
      this.early.push(candidate);
      return;
    }
    try {
      await this.connection.addIceCandidate(candidate as RTCIceCandidateInit);
    } catch (error) {
      // Old browsers refuse the end-of-candidates mark and need none; a candidate of an offer
      // that was replaced meanwhile is of no use any more.
      if (candidate !== null) this.options.onFault("candidate", error);
    }
  }

  private async addEarly(): Promise<void> {
    const early = this.early;
    this.early = [];
    for (const candidate of early) await this.addCandidate(candidate);
  }

  private recover(attempt: number): boolean {
    if (this.settled()) return true;
    if (!this.options.canSend()) return false;
    this.attempts = attempt;
    this.updateState();
    const asked = this.options.clock.now();
    this.enqueue("recover", async () => {
      // What was under way came first, and may have been all that was missing.
      if (this.settled() || this.lastProgress > asked) return;
      const unanswered = this.connection.signalingState === "have-local-offer";
      // Media that flows is not thrown away for an answer that does not come.
      if (unanswered && (attempt <= 2 || this.state === "connected")) this.sendDescription();
      else if (attempt > 2 || this.remoteSession === null) this.rebuild();
      else await this.offer(true);
    });
    return true;
  }

  /** The negotiation got further, and nothing is broken. */
  private progress(): void {
    const { iceConnectionState, connectionState } = this.connection;
    const broken = ["disconnected", "failed"];
    if (broken.includes(iceConnectionState) || broken.includes(connectionState)) return;
    this.lastProgress = this.options.clock.now();
    this.recovery.progress();
  }

  private rebuild(): void {
    this.replace();
    this.call();
  }

  private settled(): boolean {
    return this.state === "connected" && this.connection.signalingState === "stable";
  }

  private updateState(): void {
    if (this.closed) return;
    const before = this.state;
    this.state = this.readState();
    if (this.state === "connected") {
      this.wasConnected = true;
      this.attempts = 0;
    }
    if (this.settled()) this.recovery.rest();
    else this.recovery.watch(this.state);
    if (before !== this.state) this.options.onChange();
  }

  private readState(): LinkState {
    const { iceConnectionState, connectionState } = this.connection;
    if (iceConnectionState === "failed" || connectionState === "failed") return "failed";
    if (iceConnectionState === "disconnected") return "reconnecting";
    // Media flows after DTLS, which only `connectionState` covers; old Firefox has none.
    const through = connectionState === undefined || connectionState === "connected";
    if ((iceConnectionState === "connected" || iceConnectionState === "completed") && through) {
      return "connected";
    }
    // Without a single usable pair ICE never says so; trying goes on, but people should know.
    if (this.attempts >= ATTEMPTS_BEFORE_FAILED) return "failed";
    return this.wasConnected ? "reconnecting" : "checking";
  }
}
