// What a peer connection says of itself (W3C webrtc-stats): how it is connected and how well.

import type { LinkReport } from "../core/quality";

/** The candidate types of the pair in use: `host`, `srflx`, `prflx` or `relay`. */
export type Pair = { local: string; remote: string; protocol: string };

export type LinkLook = { pair: Pair | null; report: LinkReport };

type Entry = Record<string, unknown> & { id: string; type: string };

export async function lookAt(connection: RTCPeerConnection): Promise<LinkLook> {
  const entries = new Map<string, Entry>();
  (await connection.getStats()).forEach((entry: Entry) => {
    entries.set(entry.id, entry);
  });
  const all = [...entries.values()];
  const selected = selectedPair(all, entries);
  return { pair: selected ? pairOf(selected, entries) : null, report: reportOf(all, selected) };
}

function selectedPair(all: Entry[], entries: Map<string, Entry>): Entry | undefined {
  const transport = all.find(
    (entry) => entry.type === "transport" && entry.selectedCandidatePairId,
  );
  if (transport) return entries.get(String(transport.selectedCandidatePairId));
  const pairs = all.filter((entry) => entry.type === "candidate-pair");
  // Firefox marks it itself; older Safari only says that it was nominated.
  return (
    pairs.find((entry) => entry.selected === true) ??
    pairs.find((entry) => entry.nominated === true && entry.state === "succeeded")
  );
}

function pairOf(selected: Entry, entries: Map<string, Entry>): Pair {
  const local = entries.get(String(selected.localCandidateId));
  const remote = entries.get(String(selected.remoteCandidateId));
  return {
    local: String(local?.candidateType ?? "unknown"),
    remote: String(remote?.candidateType ?? "unknown"),
    protocol: String(local?.protocol ?? "udp"),
  };
}

function reportOf(all: Entry[], selected: Entry | undefined): LinkReport {
  const outbound = all.filter((entry) => entry.type === "outbound-rtp" && entry.kind === "video");
  const reasons = outbound.map((entry) => String(entry.qualityLimitationReason ?? "none"));
  const heard = all.filter((entry) => entry.type === "remote-inbound-rtp");
  const losses = heard.map((entry) => Number(entry.fractionLost ?? 0));
  const seconds = Number(selected?.currentRoundTripTime ?? Number.NaN);
  return {
    limitation: reasons.includes("cpu")
      ? "cpu"
      : reasons.includes("bandwidth")
        ? "bandwidth"
        : "none",
    loss: Math.max(0, ...losses),
    roundTripMs: Number.isFinite(seconds) ? seconds * 1_000 : null,
  };
}

/** How loud somebody speaks, 0 to 1. */
export function loudness(connection: RTCPeerConnection): number {
  let loudest = 0;
  for (const receiver of connection.getReceivers()) {
    if (receiver.track?.kind !== "audio" || !receiver.getSynchronizationSources) continue;
    for (const source of receiver.getSynchronizationSources()) {
      loudest = Math.max(loudest, source.audioLevel ?? 0);
    }
  }
  return loudest;
}
