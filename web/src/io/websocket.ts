// The live connection over a WebSocket.

import type { Connection, ConnectionListener } from "../core/ports";

export function openWebSocket(meeting: number, listener: ConnectionListener): Connection {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}/api/rooms/${meeting}/live`, "kelas.v1");
  let opened = false;
  let over = false;
  socket.onopen = () => {
    opened = true;
    listener.opened();
  };
  socket.onmessage = ({ data }) => {
    if (typeof data === "string") listener.message(data);
  };
  socket.onclose = () => {
    if (over) return;
    over = true;
    listener.closed({ opened });
  };
  return {
    send(text) {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close(farewell) {
      over = true;
      if (farewell !== undefined && socket.readyState === WebSocket.OPEN) socket.send(farewell);
      socket.close();
    },
  };
}
