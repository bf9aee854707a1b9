// The bar of buttons. They show what is so, not what was asked for.

import type { Source } from "../io/media";
import { Icon, type IconName } from "./icon";
import { SHORTCUTS } from "./keyboard";
import type { Panel } from "./model";
import { useRoom } from "./use";

export function Controls() {
  const room = useRoom();
  const { media, t } = room;
  return (
    <nav class="controls" aria-label={t("room.controls.label")}>
      <MicrophoneButton />
      <CameraButton />
      {media.screenAvailable && <ScreenButton />}
      <HandButton />
      <PanelButton panel="chat" icon="chat" count={room.call.chat.unread} />
      <PanelButton
        panel="people"
        icon="people"
        count={room.call.moderates ? room.call.roster.waiting.length : 0}
      />
      <PanelButton panel="settings" icon="settings" count={0} />
      <button
        type="button"
        class="control leave"
        data-action="leave"
        title={t("room.leave")}
        onClick={() => room.leave()}
      >
        <Icon name="leave" />
        <span>{t("room.leave")}</span>
      </button>
    </nav>
  );
}

export function MicrophoneButton() {
  const { media } = useRoom();
  const { microphone } = media;
  return (
    <SourceButton
      name="microphone"
      source={microphone}
      icon={microphone.on && !microphone.silenced ? "microphone" : "microphone_off"}
      toggle={() => void media.setMicrophone(!microphone.on)}
    />
  );
}

export function CameraButton() {
  const { media } = useRoom();
  const { camera } = media;
  return (
    <SourceButton
      name="camera"
      source={camera}
      icon={camera.on && !camera.silenced ? "camera" : "camera_off"}
      toggle={() => void media.setCamera(!camera.on)}
    />
  );
}

function ScreenButton() {
  const { media } = useRoom();
  return (
    <SourceButton
      name="screen"
      source={media.screen}
      icon="screen"
      toggle={() => void media.setScreen(!media.screen.on)}
    />
  );
}

function SourceButton(props: {
  name: "microphone" | "camera" | "screen";
  source: Source;
  icon: IconName;
  toggle: () => void;
}) {
  const { t } = useRoom();
  const { name, source } = props;
  const state = stateOf(source);
  const shortcut = name === "screen" ? null : `Alt+${SHORTCUTS[name]}`;
  const label = t(`room.${name}`);
  const hint = t(`room.${name}.${state}`);
  return (
    <button
      type="button"
      class={`control source ${source.on ? "on" : "off"}`}
      data-action={name}
      data-state={state}
      aria-pressed={source.on}
      aria-label={label}
      aria-busy={source.starting}
      aria-description={hint}
      aria-keyshortcuts={shortcut ?? undefined}
      title={shortcut ? `${hint} (${shortcut})` : hint}
      disabled={source.problem === "insecure"}
      onClick={props.toggle}
    >
      <Icon name={props.icon} />
      <span>{label}</span>
    </button>
  );
}

function stateOf(source: Source): string {
  if (source.starting) return "starting";
  if (source.on) return source.silenced ? "silenced" : "on";
  return source.problem === null ? "off" : "problem";
}

function HandButton() {
  const { call, t } = useRoom();
  const up = call.own.hand;
  return (
    <button
      type="button"
      class={`control hand ${up ? "up" : ""}`}
      data-action="hand"
      aria-pressed={up}
      aria-label={t("room.hand")}
      aria-keyshortcuts={`Alt+${SHORTCUTS.hand}`}
      title={`${t(up ? "room.hand.lower" : "room.hand.raise")} (Alt+${SHORTCUTS.hand})`}
      onClick={() => call.raiseHand(!up)}
    >
      <Icon name="hand" />
      <span>{t("room.hand")}</span>
    </button>
  );
}

function PanelButton(props: { panel: Panel; icon: IconName; count: number }) {
  const room = useRoom();
  const { panel, count } = props;
  const open = room.panel === panel;
  const label = room.t(`room.${panel}`);
  const shortcut = panel === "settings" ? null : `Alt+${SHORTCUTS[panel]}`;
  const told = count > 0 ? `${label} ${room.t(`room.${panel}.count`, { count })}` : label;
  return (
    <button
      type="button"
      class={`control ${open ? "open" : ""}`}
      data-action={panel}
      data-count={count}
      aria-expanded={open}
      aria-label={told}
      aria-keyshortcuts={shortcut ?? undefined}
      title={shortcut ? `${label} (${shortcut})` : label}
      onClick={() => room.open(panel)}
    >
      <Icon name={props.icon} />
      <span>{label}</span>{" "}
      {count > 0 && (
        <b class="count" aria-hidden="true">
          {count > 99 ? "99+" : count}
        </b>
      )}
    </button>
  );
}
