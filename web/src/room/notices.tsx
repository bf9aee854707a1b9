// What happens in the room, for eyes and screen readers.

import { clock } from "../io/browser";
import { playAll } from "./playing";
import { useRoom, useTick } from "./use";

/** Shorter losses are not worth a word. */
const BANNER_AFTER_MS = 1_500;

export function Notices() {
  const { notices, t } = useRoom();
  return (
    <div class="notices" aria-live="polite" aria-relevant="additions">
      {notices.map(({ id, key, args, tone }) => (
        <p key={id} class={`notice ${tone}`}>
          {t(key, args)}
        </p>
      ))}
    </div>
  );
}

export function Banner() {
  const room = useRoom();
  const phase = room.call.phase;
  const lost = phase.name === "lost";
  useTick(500, lost);
  const shown = lost && clock.now() - phase.since > BANNER_AFTER_MS;
  return (
    <div class="banners">
      <div role="status">
        {phase.name === "connecting" && <p class="banner">{room.t("room.connecting")}</p>}
        {shown && <p class="banner warning">{room.t("room.reconnecting")}</p>}
      </div>
      {room.soundBlocked && (
        <button type="button" class="banner tap" onClick={() => playAll(room)}>
          {room.t("room.tap_for_sound")}
        </button>
      )}
    </div>
  );
}
