// The live room's page.

import { render } from "preact";
import { App } from "./app";
import { readBoot } from "./boot";
import { listenToKeys } from "./keyboard";
import { Room } from "./model";
import { playAll } from "./playing";
import { RoomContext } from "./use";

declare global {
  interface Window {
    /** For technicians: the peer connections, by participant, e.g. to call `getStats`. */
    kelasPeers?: () => Record<string, RTCPeerConnection>;
  }
}

function follow(room: Room): void {
  // A phone that slept or changed its network comes back at once, not after a timer.
  window.addEventListener("online", () => room.wake());
  window.addEventListener("pageshow", ({ persisted }) => persisted && room.wake());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    room.wake();
    playAll(room);
  });
  window.addEventListener("pagehide", () => room.goodbye());
  window.kelasPeers = () => {
    const peers: Record<string, RTCPeerConnection> = {};
    for (const [id, peer] of room.call.mesh.peers) peers[id] = peer.connection;
    return peers;
  };
}

const root = document.getElementById("room");
if (root) {
  const room = new Room(readBoot());
  follow(room);
  listenToKeys(room);
  root.textContent = "";
  render(
    <RoomContext.Provider value={room}>
      <App />
    </RoomContext.Provider>,
    root,
  );
}
