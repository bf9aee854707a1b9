import assert from "node:assert/strict";
import { test } from "node:test";
import { backoffMs } from "../src/core/backoff";
import { sessionIdOf, withThriftySpeech } from "../src/core/sdp";
import { translator } from "../src/core/text";
import { EventParser } from "../src/io/eventparser";
import { browserName } from "../src/room/useragent";

test("sentences are filled in, counted, and missed aloud", () => {
  const t = translator({
    hello: "Halo {name}",
    "left.one": "1 left",
    "left.other": "{count} left",
  });
  assert.equal(t("hello", { name: "{name}" }), "Halo {name}");
  assert.equal(t("hello", { name: "Ani" }), "Halo Ani");
  assert.equal(t("left", { count: 1 }), "1 left");
  assert.equal(t("left", { count: 0 }), "0 left");
  assert.equal(t("nowhere"), "nowhere");
});

test("the session id of a description", () => {
  assert.equal(sessionIdOf("v=0\r\no=- 42 2 IN IP4 127.0.0.1\r\ns=-\r\n"), "42");
  assert.equal(sessionIdOf("v=0\r\n"), null);
});

test("speech is asked to be thrifty, once, and other codecs are left alone", () => {
  const sdp =
    "m=audio 9\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\na=fmtp:63 111/111\r\n";
  const thrifty = withThriftySpeech(sdp);
  assert.match(thrifty, /a=fmtp:111 minptime=10;usedtx=1;useinbandfec=1\r\n/);
  assert.match(thrifty, /a=fmtp:63 111\/111\r\n/);
  assert.equal(withThriftySpeech(thrifty), thrifty);
  assert.match(
    withThriftySpeech("a=rtpmap:96 opus/48000/2\r\n"),
    /a=fmtp:96 usedtx=1;useinbandfec=1/,
  );
  assert.equal(withThriftySpeech("a=rtpmap:0 PCMU/8000\r\n"), "a=rtpmap:0 PCMU/8000\r\n");
});

test("waits stay between half a step and a step, and under ten seconds", () => {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const full = Math.min(10_000, 500 * 2 ** attempt);
    assert.equal(
      backoffMs(attempt, () => 0),
      Math.round(full / 2),
    );
    assert.ok(backoffMs(attempt, () => 0.999) <= full);
  }
});

test("an event stream is read from pieces of any size", () => {
  const stream =
    'event: connection\ndata: abc\n\n: still here\n\ndata: {"a":1}\r\n\r\ndata: x\ndata: y\n\n';
  for (let size = 1; size <= stream.length; size += 1) {
    const events: [string, string][] = [];
    const parser = new EventParser((event, data) => events.push([event, data]));
    for (let at = 0; at < stream.length; at += size) parser.push(stream.slice(at, at + size));
    assert.deepEqual(events, [
      ["connection", "abc"],
      ["message", '{"a":1}'],
      ["message", "x\ny"],
    ]);
  }
});

test("browsers are told apart for their settings' sake", () => {
  const agents = {
    android:
      "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/138.0 Mobile Safari/537.36",
    ios: "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Safari/604.1",
    firefox: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    chrome: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
    safari:
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.0 Safari/605.1.15",
  };
  for (const [name, agent] of Object.entries(agents)) assert.equal(browserName(agent), name);
});
