// One tile: a face, a shared screen, or oneself.

import type { Participant } from "../core/messages";
import type { LinkState } from "../core/peer";
import { Icon } from "./icon";
import { Picture } from "./playing";
import { useRoom } from "./use";

type TileProps = { style: Record<string, string>; small: boolean };

export function ParticipantTile(props: TileProps & { participant: Participant }) {
  const room = useRoom();
  const { participant } = props;
  const { id, media, name, role } = participant;
  const peer = room.call.mesh.peers.get(id);
  const track = media.video ? peer?.slots.remote("camera") : null;
  const link = peer?.state ?? "checking";
  const pair = room.pairs.get(id);
  return (
    <article
      class={`tile${room.speaking.has(id) ? " speaking" : ""}${props.small ? " small" : ""}`}
      style={props.style}
      data-participant={id}
      data-name={name}
      data-role={role}
      data-link={link}
      data-pair={pair ? `${pair.local}/${pair.remote}` : ""}
      data-video={media.video}
      data-audio={media.audio}
      aria-label={name}
    >
      {track ? <Picture track={track} room={room} /> : <Initials name={name} />}
      <TileMarks participant={participant} link={link} />
      <PinButton id={id} name={name} />
    </article>
  );
}

export function ScreenTile(props: TileProps & { participant: Participant }) {
  const room = useRoom();
  const { id, name } = props.participant;
  const track = room.call.mesh.peers.get(id)?.slots.remote("screen");
  return (
    <article
      class={`tile screen${props.small ? " small" : ""}`}
      style={props.style}
      data-screen-of={id}
      aria-label={room.t("room.screen_of", { name })}
    >
      {track ? <Picture track={track} room={room} whole /> : <Initials name={name} />}
      <p class="name">
        <Icon name="screen" />
        <span>{room.t("room.screen_of", { name })}</span>
      </p>
      <PinButton id={`${id}/screen`} name={name} />
    </article>
  );
}

export function OwnTile(props: TileProps) {
  const room = useRoom();
  const { boot, call, media, t } = room;
  const track = media.tracks.camera;
  return (
    <article
      class={`tile own${room.speaking.has("self") ? " speaking" : ""}${props.small ? " small" : ""}`}
      style={props.style}
      data-own
      data-video={track !== null}
      aria-label={t("room.you")}
    >
      {track ? (
        <Picture track={track} room={room} mirrored />
      ) : (
        <Initials name={boot.person.name} />
      )}
      <p class="name">
        {!call.own.audio && <Mark icon="microphone_off" text={t("room.mark.muted")} />}
        {call.own.hand && <Mark icon="hand" text={t("room.mark.hand")} />}
        {call.own.screen && <Mark icon="screen" text={t("room.mark.screen")} />}
        <span>{t("room.you")}</span>
      </p>
    </article>
  );
}

function TileMarks({ participant, link }: { participant: Participant; link: LinkState }) {
  const { t } = useRoom();
  const { id, media, name, role } = participant;
  return (
    <>
      <p class="name">
        <LinkLight id={id} link={link} />
        {!media.audio && <Mark icon="microphone_off" text={t("room.mark.muted")} />}
        <span>{name}</span>
        {role === "teacher" && <small class="role">{t("room.role.teacher")}</small>}
      </p>
      {media.hand && (
        <p class="raised">
          <Mark icon="hand" text={t("room.mark.hand")} />
        </p>
      )}
      {link !== "connected" && <p class="link-text">{t(`room.link.${link}`)}</p>}
    </>
  );
}

export function LinkLight({ id, link }: { id: string; link: LinkState }) {
  const { pairs, t } = useRoom();
  const pair = pairs.get(id);
  const relayed = pair?.local === "relay" || pair?.remote === "relay";
  const way = pair
    ? `, ${t(relayed ? "room.link.relayed" : "room.link.direct")} (${pair.local}–${pair.remote})`
    : "";
  const text = `${t(`room.link.${link}`)}${link === "connected" ? way : ""}`;
  return (
    <span class={`light ${link}${relayed ? " relayed" : ""}`} title={text}>
      <span class="unseen">{text}</span>
    </span>
  );
}

function Mark({ icon, text }: { icon: "microphone_off" | "hand" | "screen"; text: string }) {
  return (
    <span class={`mark ${icon}`} title={text}>
      <Icon name={icon} />
      <span class="unseen">{text}</span>
    </span>
  );
}

function PinButton({ id, name }: { id: string; name: string }) {
  const room = useRoom();
  const pinned = room.pinned === id;
  return (
    <button
      type="button"
      class="pin icon-button"
      aria-pressed={pinned}
      aria-label={room.t("room.pin", { name })}
      title={room.t(pinned ? "room.unpin" : "room.pin", { name })}
      onClick={() => room.pin(id)}
    >
      <Icon name="pin" />
    </button>
  );
}

function Initials({ name }: { name: string }) {
  const words = name.trim().split(/\s+/).slice(0, 2);
  const letters = words.map((word) => Array.from(word)[0] ?? "").join("");
  // A colour of one's own, the same for everybody who looks.
  const hue = Array.from(name).reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % 360;
  return (
    <div class="initials" aria-hidden="true">
      <span style={{ background: `hsl(${hue}, 45%, 32%)` }}>{letters.toUpperCase()}</span>
    </div>
  );
}
