// All peers of this page: one connection to each other participant (docs/PROTOCOL.md, 7).

import type { IceServer, Participant, Signal } from "./messages";
import { type LinkState, Peer } from "./peer";
import type { Clock } from "./ports";
import type { Encodings, LocalTracks } from "./slots";

/** A participant that vanished over a daemon restart may be on its way back. */
const MISSING_MS = 30_000;
/** Firefox makes no peer connection while it believes that the network is down. */
const MAKE_AGAIN_MS = 3_000;

export interface MeshOptions {
  makeConnection: (iceServers: IceServer[]) => RTCPeerConnection;
  clock: Clock;
  send: (to: string, signal: Signal) => void;
  canSend: () => boolean;
  onChange: () => void;
  onFault: (peer: string, what: string, error: unknown) => void;
}

export class Mesh {
  readonly peers = new Map<string, Peer>();
  private self = "";
  private iceServers: IceServer[] = [];
  private tracks: LocalTracks = { audio: null, camera: null, screen: null };
  private encodings: ((peer: string) => Encodings) | null = null;
  private readonly missing = new Map<string, () => void>();
  private readonly unmade = new Map<string, () => void>();

  constructor(private readonly options: MeshOptions) {}

  stateOf(id: string): LinkState | null {
    return this.peers.get(id)?.state ?? null;
  }

  /** A fresh `joined`: this page is the newcomer and calls those whom it has no connection to. */
  join(self: string, others: Participant[], iceServers: IceServer[]): void {
    if (this.self !== "" && this.self !== self) this.close();
    this.self = self;
    this.iceServers = iceServers;
    const present = new Set(others.map(({ id }) => id));
    for (const id of [...this.peers.keys()]) if (!present.has(id)) this.miss(id);
    for (const id of [...this.unmade.keys()]) if (!present.has(id)) this.stopMaking(id);
    for (const { id } of others) {
      this.found(id);
      const peer = this.peers.get(id);
      if (peer) peer.nudge();
      else this.add(id)?.call();
    }
  }

  /** Somebody came; they will call. */
  welcome(id: string): void {
    this.found(id);
    if (!this.peers.has(id)) this.add(id);
  }

  drop(id: string): void {
    this.found(id);
    this.stopMaking(id);
    this.peers.get(id)?.close();
    if (this.peers.delete(id)) this.options.onChange();
  }

  receive(from: string, signal: Signal): void {
    const peer = this.peers.get(from) ?? this.add(from);
    peer?.receive(signal);
  }

  setTracks(tracks: LocalTracks): void {
    this.tracks = tracks;
    for (const peer of this.peers.values()) peer.setTracks(tracks);
  }

  /** What is sent to each peer. */
  setEncodings(encodings: (peer: string) => Encodings): void {
    this.encodings = encodings;
    for (const [id, peer] of this.peers) peer.setEncodings(encodings(id));
  }

  /** The room is heard again, or the network changed. */
  nudge(): void {
    for (const peer of this.peers.values()) peer.nudge();
  }

  close(): void {
    for (const cancel of this.missing.values()) cancel();
    this.missing.clear();
    for (const cancel of this.unmade.values()) cancel();
    this.unmade.clear();
    for (const peer of this.peers.values()) peer.close();
    this.peers.clear();
  }

  /** `null` when the browser makes no connection now; it is asked again. */
  private add(id: string): Peer | null {
    this.stopMaking(id);
    try {
      return this.make(id);
    } catch (error) {
      this.options.onFault(id, "make", error);
      const again = this.options.clock.after(MAKE_AGAIN_MS, () => this.add(id)?.call());
      this.unmade.set(id, again);
      return null;
    }
  }

  private stopMaking(id: string): void {
    this.unmade.get(id)?.();
    this.unmade.delete(id);
  }

  private make(id: string): Peer {
    const { clock, canSend, send, onChange, onFault, makeConnection } = this.options;
    const peer = new Peer({
      // The smaller id gives way (docs/PROTOCOL.md, 7).
      polite: this.self < id,
      makeConnection: () => makeConnection(this.iceServers),
      clock,
      canSend,
      send: (signal) => send(id, signal),
      onChange: () => {
        // Only a running connection is worth waiting for.
        if (this.missing.has(id) && this.stateOf(id) !== "connected") this.drop(id);
        onChange();
      },
      onFault: (what, error) => onFault(id, what, error),
    });
    this.peers.set(id, peer);
    peer.setTracks(this.tracks);
    if (this.encodings) peer.setEncodings(this.encodings(id));
    return peer;
  }

  private miss(id: string): void {
    if (this.missing.has(id)) return;
    if (this.stateOf(id) !== "connected") {
      this.drop(id);
      return;
    }
    const cancel = this.options.clock.after(MISSING_MS, () => this.drop(id));
    this.missing.set(id, cancel);
  }

  private found(id: string): void {
    this.missing.get(id)?.();
    this.missing.delete(id);
  }
}
