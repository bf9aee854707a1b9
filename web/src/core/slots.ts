// The three media sections of a peer connection, in the order in which the first offer lists
// them: audio, camera, screen (docs/PROTOCOL.md, 7). All stay `sendrecv`; what is off has no track.

/** What this page sends; `null` for what is off. */
export type LocalTracks = {
  audio: MediaStreamTrack | null;
  camera: MediaStreamTrack | null;
  screen: MediaStreamTrack | null;
};
export type SlotName = keyof LocalTracks;
export type Encodings = Record<SlotName, RTCRtpEncodingParameters>;

const NAMES: readonly SlotName[] = ["audio", "camera", "screen"];

export class Slots {
  tracks: LocalTracks = { audio: null, camera: null, screen: null };
  encodings: Encodings | null = null;
  private held: Partial<Record<SlotName, RTCRtpTransceiver>> = {};

  /** The track that the other side sends here, once negotiated. */
  remote(name: SlotName): MediaStreamTrack | null {
    return this.held[name]?.receiver.track ?? null;
  }

  sender(name: SlotName): RTCRtpSender | null {
    return this.held[name]?.sender ?? null;
  }

  clear(): void {
    this.held = {};
  }

  /** The side that offers first makes the sections. */
  layOut(connection: RTCPeerConnection): void {
    for (const name of NAMES) {
      if (this.held[name]) continue;
      const kind = name === "audio" ? "audio" : "video";
      const encoding = this.encodings?.[name];
      const transceiver = connection.addTransceiver(kind, {
        direction: "sendrecv",
        ...(encoding ? { sendEncodings: [{ ...encoding, active: true }] } : {}),
      });
      this.held[name] = transceiver;
    }
  }

  /** The side that answers uses the sections of the offer, by their order. */
  adopt(connection: RTCPeerConnection): void {
    const audio = connection.getTransceivers().filter((each) => kindOf(each) === "audio");
    const video = connection.getTransceivers().filter((each) => kindOf(each) === "video");
    const found: Record<SlotName, RTCRtpTransceiver | undefined> = {
      audio: audio[0],
      camera: video[0],
      screen: video[1],
    };
    for (const name of NAMES) {
      const transceiver = found[name];
      if (!transceiver || this.held[name] === transceiver) continue;
      this.held[name] = transceiver;
      if (transceiver.direction !== "stopped") transceiver.direction = "sendrecv";
    }
  }

  /**
   * Puts the tracks that are on into their sections and applies the encodings, where they differ.
   * One that refuses does not keep the others from theirs; its error is thrown at the end.
   */
  async send(): Promise<void> {
    let refusal: unknown = null;
    for (const name of NAMES) {
      const sender = this.held[name]?.sender;
      if (!sender) continue;
      try {
        if (sender.track !== this.tracks[name]) await sender.replaceTrack(this.tracks[name]);
        if (this.encodings) await tune(sender, this.encodings[name]);
      } catch (error) {
        refusal = error;
      }
    }
    if (refusal !== null) throw refusal;
  }
}

async function tune(sender: RTCRtpSender, wanted: RTCRtpEncodingParameters): Promise<void> {
  const parameters = sender.getParameters();
  // Firefox before 110 has none until they are set for the first time.
  const current = parameters.encodings?.[0] ?? {};
  if (same(current, wanted)) return;
  parameters.encodings = [{ ...current, ...wanted }];
  await sender.setParameters(parameters);
}

function kindOf(transceiver: RTCRtpTransceiver): string {
  return transceiver.receiver.track.kind;
}

function same(current: RTCRtpEncodingParameters, wanted: RTCRtpEncodingParameters): boolean {
  return (Object.keys(wanted) as (keyof RTCRtpEncodingParameters)[]).every(
    (key) => current[key] === wanted[key],
  );
}
