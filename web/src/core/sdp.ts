// The few things that are read from or written into session descriptions.

/**
 * The session id of the `o=` line (RFC 8866, 5.2). A peer connection keeps it for life, so another
 * one means that the peer threw its connection away and made a new one.
 */
export function sessionIdOf(sdp: string): string | null {
  return /^o=\S+ (\S+) /m.exec(sdp)?.[1] ?? null;
}

/**
 * Asks the sender of speech for discontinuous transmission and forward error correction
 * (RFC 7587, 6.1): silence then costs next to no airtime, and a lost packet is not heard. It is
 * written into the description that is sent, because it is a wish about what is received.
 */
export function withThriftySpeech(sdp: string): string {
  const payload = /^a=rtpmap:(\d+) opus\/48000/im.exec(sdp)?.[1];
  if (payload === undefined) return sdp;
  const wishes = ["usedtx=1", "useinbandfec=1"];
  const line = new RegExp(`^a=fmtp:${payload} ([^\\r\\n]*)`, "m");
  const found = line.exec(sdp);
  if (!found) {
    return sdp.replace(
      new RegExp(`^(a=rtpmap:${payload} [^\\r\\n]*)`, "m"),
      `$1\r\na=fmtp:${payload} ${wishes.join(";")}`,
    );
  }
  const kept = (found[1] ?? "")
    .split(";")
    .filter(
      (part) => part !== "" && !wishes.some((wish) => part.startsWith(wish.split("=")[0] ?? "")),
    );
  return sdp.replace(line, `a=fmtp:${payload} ${[...kept, ...wishes].join(";")}`);
}
