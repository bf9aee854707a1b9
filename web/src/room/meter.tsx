// How loud the own microphone is.

import { useRoom, useTick } from "./use";

export function Meter() {
  const room = useRoom();
  const { on } = room.media.microphone;
  useTick(100, on);
  const level = on ? room.level() : 0;
  return (
    <meter class="meter" min={0} max={1} value={level} aria-label={room.t("room.preview.level")} />
  );
}
