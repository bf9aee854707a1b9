// The frame of what opens beside the tiles (over them on a phone).

import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icon";
import type { Panel } from "./model";
import { useRoom } from "./use";

export function PanelFrame(props: { panel: Panel; children: preact.ComponentChildren }) {
  const room = useRoom();
  const heading = useRef<HTMLHeadingElement>(null);
  const { panel } = props;
  useEffect(() => {
    heading.current?.focus();
    // Back to the button that opened it, so that the keyboard goes on where it was.
    return () => document.querySelector<HTMLElement>(`.controls [data-action=${panel}]`)?.focus();
  }, [panel]);
  return (
    <section class="panel" aria-label={room.t(`room.${panel}`)} data-panel={panel}>
      <header class="panel-head">
        <h2 ref={heading} tabIndex={-1}>
          {room.t(`room.${panel}`)}
        </h2>
        <button
          type="button"
          class="icon-button"
          aria-label={room.t("room.close")}
          title={room.t("room.close")}
          onClick={() => room.open(null)}
        >
          <Icon name="close" />
        </button>
      </header>
      {props.children}
    </section>
  );
}
