// Time, connections and peer connections that tests control.

import type { Media, ServerMessage, Signal } from "../src/core/messages";
import type { Clock, Closure, Connection, ConnectionListener } from "../src/core/ports";

export class FakeClock implements Clock {
  private time = 0;
  private timers: { at: number; action: () => void }[] = [];

  now(): number {
    return this.time;
  }

  after(ms: number, action: () => void): () => void {
    const timer = { at: this.time + ms, action };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Runs what is due, in order. A whole negotiation takes no time: it settles in between. */
  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    for (;;) {
      const next = [...this.timers].sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > until) break;
      this.timers = this.timers.filter((other) => other !== next);
      this.time = Math.max(this.time, next.at);
      next.action();
      for (let turn = 0; turn < 30; turn += 1) await settle();
    }
    this.time = until;
  }
}

/** All promises that can settle have settled. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export const NOTHING: Media = { audio: false, video: false, screen: false, hand: false };

/** A daemon's end of connections. */
export class FakeDaemon {
  readonly opened: FakeConnection[] = [];
  connect = (listener: ConnectionListener, attempt: number): Connection => {
    const connection = new FakeConnection(listener, attempt);
    this.opened.push(connection);
    return connection;
  };

  get last(): FakeConnection {
    const last = this.opened[this.opened.length - 1];
    if (!last) throw new Error("nothing connected");
    return last;
  }
}

export class FakeConnection implements Connection {
  readonly sent: Record<string, unknown>[] = [];
  isClosed = false;

  constructor(
    private readonly listener: ConnectionListener,
    readonly attempt: number,
  ) {}

  send(text: string): void {
    if (!this.isClosed) this.sent.push(JSON.parse(text));
  }

  close(farewell?: string): void {
    if (farewell !== undefined) this.send(farewell);
    this.isClosed = true;
  }

  accept(): void {
    this.listener.opened();
  }

  say(message: ServerMessage): void {
    this.listener.message(JSON.stringify(message));
  }

  sayText(text: string): void {
    this.listener.message(text);
  }

  break(closure: Closure = { opened: true }): void {
    this.listener.closed(closure);
  }

  ofType(type: string): Record<string, unknown>[] {
    return this.sent.filter((message) => message.type === type);
  }
}

/** Where fake peer connections find each other. `cut` connections stay unconnected. */
export class Ether {
  readonly all: FakePeerConnection[] = [];
  cut = false;
  /** Senders of connections made from now on refuse every parameter. */
  refusing = false;

  make = (): RTCPeerConnection => {
    const connection = new FakePeerConnection(this);
    this.all.push(connection);
    return connection as unknown as RTCPeerConnection;
  };

  /** Connects those that have described themselves to each other. */
  update(): void {
    for (const connection of this.all) {
      const other = this.all.find((each) => each.session === connection.remoteSession);
      const mutual =
        other !== undefined &&
        other.remoteSession === connection.session &&
        other.remoteUfrag === connection.ufrag &&
        connection.remoteUfrag === other.ufrag &&
        connection.signalingState === "stable" &&
        other.signalingState === "stable" &&
        !other.isClosed;
      if (mutual && !this.cut) connection.setIce("connected");
    }
  }
}

type FakeDescription = { type: RTCSdpType; sdp: string };
type FakeTransceiver = {
  direction: string;
  sender: FakeSender;
  receiver: { track: { kind: string } };
};

export class FakeSender {
  track: unknown = null;
  parameters: { encodings: RTCRtpEncodingParameters[] } = { encodings: [{}] };
  /** An old browser's answer to parameters that it does not know. */
  refuses = false;
  async replaceTrack(track: unknown): Promise<void> {
    this.track = track;
  }
  getParameters(): { encodings: RTCRtpEncodingParameters[] } {
    return { encodings: this.parameters.encodings.map((encoding) => ({ ...encoding })) };
  }
  async setParameters(parameters: { encodings: RTCRtpEncodingParameters[] }): Promise<void> {
    if (this.refuses) throw new Error("InvalidModificationError");
    this.parameters = parameters;
  }
}

let sessions = 0;
let ufrags = 0;

export class FakePeerConnection {
  readonly session = String(++sessions);
  ufrag = `u${++ufrags}`;
  remoteSession: string | null = null;
  remoteUfrag: string | null = null;
  signalingState: RTCSignalingState = "stable";
  iceConnectionState: RTCIceConnectionState = "new";
  localDescription: FakeDescription | null = null;
  remoteDescription: FakeDescription | null = null;
  isClosed = false;
  readonly candidates: unknown[] = [];
  onicecandidate: ((event: { candidate: null }) => void) | null = null;
  oniceconnectionstatechange: (() => void) | null = null;
  onconnectionstatechange: (() => void) | null = null;
  onsignalingstatechange: (() => void) | null = null;
  private transceivers: FakeTransceiver[] = [];
  private version = 0;

  constructor(private readonly ether: Ether) {}

  addTransceiver(kind: string): FakeTransceiver {
    const sender = new FakeSender();
    sender.refuses = this.ether.refusing;
    const made = { direction: "sendrecv", sender, receiver: { track: { kind } } };
    this.transceivers.push(made);
    return made;
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }

  async createOffer(options?: { iceRestart?: boolean }): Promise<FakeDescription> {
    await settle();
    if (options?.iceRestart) this.ufrag = `u${++ufrags}`;
    return { type: "offer", sdp: this.sdp() };
  }

  async createAnswer(): Promise<FakeDescription> {
    await settle();
    if (this.signalingState !== "have-remote-offer") throw new Error("no offer to answer");
    return { type: "answer", sdp: this.sdp() };
  }

  async setLocalDescription(description: { type: RTCSdpType; sdp?: string }): Promise<void> {
    await settle();
    if (description.type === "rollback") {
      this.setSignaling("stable");
      return;
    }
    const from = description.type === "offer" ? "stable" : "have-remote-offer";
    if (this.signalingState !== from)
      throw new Error(`${description.type} in ${this.signalingState}`);
    this.localDescription = { type: description.type, sdp: description.sdp ?? "" };
    this.setSignaling(description.type === "offer" ? "have-local-offer" : "stable");
    this.onicecandidate?.({ candidate: null });
    this.ether.update();
  }

  async setRemoteDescription(description: FakeDescription): Promise<void> {
    await settle();
    const from = description.type === "offer" ? "stable" : "have-local-offer";
    if (this.signalingState !== from)
      throw new Error(`${description.type} in ${this.signalingState}`);
    this.remoteDescription = description;
    this.remoteSession = /^o=- (\d+)/m.exec(description.sdp)?.[1] ?? null;
    this.remoteUfrag = /^a=ice-ufrag:(\S+)/m.exec(description.sdp)?.[1] ?? null;
    if (description.type === "offer") {
      const kinds = [...description.sdp.matchAll(/^m=(\w+)/gm)].map((match) => match[1] ?? "");
      for (const kind of kinds.slice(this.transceivers.length)) this.addTransceiver(kind);
    }
    this.setSignaling(description.type === "offer" ? "have-remote-offer" : "stable");
    this.ether.update();
  }

  async addIceCandidate(candidate: unknown): Promise<void> {
    if (!this.remoteDescription) throw new Error("a candidate before its description");
    this.candidates.push(candidate);
  }

  close(): void {
    this.isClosed = true;
    this.signalingState = "closed";
  }

  setIce(state: RTCIceConnectionState): void {
    if (this.isClosed || this.iceConnectionState === state) return;
    this.iceConnectionState = state;
    this.oniceconnectionstatechange?.();
  }

  private setSignaling(state: RTCSignalingState): void {
    this.signalingState = state;
    this.onsignalingstatechange?.();
  }

  private sdp(): string {
    const media = this.transceivers.map(({ receiver }) => `m=${receiver.track.kind} 9 UDP`);
    const lines = [
      `o=- ${this.session} ${++this.version} IN IP4 0.0.0.0`,
      `a=ice-ufrag:${this.ufrag}`,
    ];
    return ["v=0", ...lines, ...media, ""].join("\r\n");
  }
}

/** Carries signals between two peers in order, or holds and loses them. */
export class Wire {
  held: Signal[] | null = null;
  losing = false;
  constructor(private readonly deliver: (signal: Signal) => void) {}

  send = (signal: Signal): void => {
    if (this.losing) return;
    if (this.held) this.held.push(signal);
    else queueMicrotask(() => this.deliver(signal));
  };

  release(): void {
    const held = this.held ?? [];
    this.held = null;
    for (const signal of held) this.deliver(signal);
  }
}
