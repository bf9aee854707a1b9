// Outside of the room: waiting to be let in, and after it.

import { useEffect, useRef } from "preact/hooks";
import type { EndReason } from "../core/session";
import { useRoom } from "./use";

export function Waiting() {
  const { boot, t } = useRoom();
  return (
    <Message
      title={t("room.waiting.title")}
      text={t("room.waiting.text", { course: boot.meeting.course.title })}
      busy
    >
      <a class="button" href={boot.urls.course}>
        {t("room.leave")}
      </a>
    </Message>
  );
}

// The reasons after which one may simply enter again.
const COME_BACK = new Set([
  "replaced",
  "room_full",
  "lobby_full",
  "too_many_connections",
  "left",
  "denied",
  "silent",
  "slow",
]);

const KNOWN = new Set(["replaced", "removed", "denied", "ended", "signed_out", "left", "refused"]);

export function Ended({ reason }: { reason: EndReason }) {
  const room = useRoom();
  const { boot, t } = room;
  const signedOut = reason === "signed_out" || reason === "sign_in_required";
  const key = KNOWN.has(reason) ? `room.ended.${reason}` : `error.${reason}`;
  return (
    <Message title={t("room.ended.title")} text={t(key)}>
      {COME_BACK.has(reason) && (
        <button
          type="button"
          class="primary"
          data-action="come-back"
          onClick={() => room.comeBack()}
        >
          {t(reason === "replaced" ? "room.ended.take_back" : "room.ended.again")}
        </button>
      )}
      {signedOut && (
        <a class="button primary" href={location.pathname}>
          {t("room.ended.sign_in")}
        </a>
      )}
      <a class="button" href={boot.urls.course}>
        {t("room.ended.to_course")}
      </a>
    </Message>
  );
}

function Message(props: {
  title: string;
  text: string;
  busy?: boolean;
  children: preact.ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  // The screen changed under the person: say so, and start the keyboard here.
  useEffect(() => heading.current?.focus(), []);
  return (
    <div class="message" data-busy={props.busy ? "" : undefined}>
      <h1 ref={heading} tabIndex={-1}>
        {props.title}
      </h1>
      <p role="status">{props.text}</p>
      {props.busy && <span class="spinner" aria-hidden="true" />}
      <div class="message-actions">{props.children}</div>
    </div>
  );
}
