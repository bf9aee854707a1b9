// The live connection where a WebSocket fails: server-sent events one way, POST the other
// (docs/PROTOCOL.md, 2). Read with `fetch`, because `EventSource` hides why it was refused.

import type { Closure, Connection, ConnectionListener } from "../core/ports";
import { EventParser } from "./eventparser";

export function openEvents(meeting: number, listener: ConnectionListener): Connection {
  const address = `/api/rooms/${meeting}/events`;
  const abort = new AbortController();
  let postAddress: string | null = null;
  let over = false;
  let sending: Promise<void> = Promise.resolve();

  const end = (closure: Closure) => {
    if (over) return;
    over = true;
    abort.abort();
    listener.closed(closure);
  };
  const parser = new EventParser((event, data) => {
    if (over) return;
    if (event === "connection") {
      postAddress = `${address}/${encodeURIComponent(data)}`;
      listener.opened();
    } else if (event === "message") listener.message(data);
  });
  const broken = () => end({ opened: postAddress !== null });
  receive(address, abort.signal, parser, end).then(broken, broken);

  return {
    send(text) {
      // One after the other: the order of signals matters.
      sending = sending.then(() => post(text)).catch(broken);
    },
    close(farewell) {
      over = true;
      if (farewell !== undefined && postAddress !== null) {
        sendLast(postAddress, farewell);
      }
      abort.abort();
    },
  };

  async function post(body: string): Promise<void> {
    if (over || postAddress === null) return;
    const answer = await fetch(postAddress, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      credentials: "same-origin",
      signal: abort.signal,
    });
    if (!answer.ok) end({ opened: true, ...(await refusalOf(answer)) });
  }
}

/** Sends even while the page goes away. */
function sendLast(address: string, body: string): void {
  const type = "application/json";
  try {
    if (navigator.sendBeacon(address, new Blob([body], { type }))) return;
  } catch {
    // Chrome 80 throws for this type of content.
  }
  // The page is on its way out: there is nobody left to tell of a failure.
  fetch(address, {
    method: "POST",
    headers: { "content-type": type },
    body,
    credentials: "same-origin",
    keepalive: true,
  }).catch(() => undefined);
}

async function receive(
  address: string,
  signal: AbortSignal,
  parser: EventParser,
  end: (closure: Closure) => void,
): Promise<void> {
  const answer = await fetch(address, {
    headers: { accept: "text/event-stream" },
    credentials: "same-origin",
    cache: "no-store",
    signal,
  });
  if (!answer.ok || !answer.body) {
    end({ opened: false, ...(await refusalOf(answer)) });
    return;
  }
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    parser.push(decoder.decode(value, { stream: true }));
  }
}

/** The daemon's reason, from problem details (RFC 9457) and `Retry-After`. */
async function refusalOf(answer: Response): Promise<{ code?: string; retryAfter?: number }> {
  const seconds = Number(answer.headers.get("retry-after") ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) ? { retryAfter: seconds } : {};
  const type = answer.headers.get("content-type") ?? "";
  if (!type.includes("json")) return retryAfter;
  const problem = (await answer.json()) as { code?: unknown };
  return typeof problem.code === "string" ? { code: problem.code, ...retryAfter } : retryAfter;
}
