// Chooses how to reach the daemon. Every third attempt in a row that failed goes by SSE and POST:
// iOS refuses WebSockets behind a certificate that was merely accepted, some proxies refuse them
// too, and only an HTTP answer tells a page why it was refused.

import type { Connect, Connection, ConnectionListener } from "../core/ports";
import { openEvents } from "./events";
import { openWebSocket } from "./websocket";

export function connector(meeting: number, onTransport: (name: string) => void): Connect {
  let works: "websocket" | "events" | null = null;
  return (listener, attempt): Connection => {
    const usual = works ?? "websocket";
    const other = usual === "websocket" ? "events" : "websocket";
    const chosen = attempt % 3 === 2 ? other : usual;
    const remembering: ConnectionListener = {
      ...listener,
      opened() {
        works = chosen;
        onTransport(chosen);
        listener.opened();
      },
    };
    return chosen === "websocket"
      ? openWebSocket(meeting, remembering)
      : openEvents(meeting, remembering);
  };
}
