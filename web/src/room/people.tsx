// Who is here, whose hand is up, who waits; and what a teacher may do about it.

import type { Lobby, Participant } from "../core/messages";
import { isTeacher } from "../core/roster";
import { Icon } from "./icon";
import { PanelFrame } from "./panel";
import { LinkLight } from "./tile";
import { useRoom } from "./use";

export function PeoplePanel() {
  const { boot, call, t } = useRoom();
  const { roster, moderates } = call;
  return (
    <PanelFrame panel="people">
      <div class="panel-body">
        {moderates && roster.waiting.length > 0 && <LobbyList />}
        {roster.raised.length > 0 && <Hands />}
        <h3>{t("room.people.present", { count: Math.max(1, roster.size) })}</h3>
        <ul class="people">
          <li class="person">
            <span class="person-name">
              {boot.person.name} <small>({t("room.you")})</small>
            </span>
          </li>
          {roster.others.map((participant) => (
            <Person key={participant.id} participant={participant} />
          ))}
        </ul>
        {roster.bots > 0 && <p class="hint">{t("room.people.bots", { count: roster.bots })}</p>}
        {moderates && <RoomActions />}
      </div>
    </PanelFrame>
  );
}

function LobbyList() {
  const { call, t } = useRoom();
  const { waiting } = call.roster;
  return (
    <section class="lobby">
      <h3>{t("room.people.waiting", { count: waiting.length })}</h3>
      <ul class="people">
        {waiting.map(({ id, name }) => (
          <li key={id} class="person" data-waiting={id}>
            <span class="person-name">{name}</span>
            <span class="person-actions">
              <button
                type="button"
                class="primary"
                data-action="admit"
                aria-label={t("room.people.admit_one", { name })}
                onClick={() => call.moderate({ action: "admit", target: id })}
              >
                {t("room.people.admit")}
              </button>
              <button
                type="button"
                aria-label={t("room.people.deny_one", { name })}
                onClick={() => call.moderate({ action: "deny", target: id })}
              >
                {t("room.people.deny")}
              </button>
            </span>
          </li>
        ))}
      </ul>
      {waiting.length > 1 && (
        <button type="button" onClick={() => call.moderate({ action: "admit_all" })}>
          {t("room.people.admit_all")}
        </button>
      )}
    </section>
  );
}

function Hands() {
  const { call, t } = useRoom();
  return (
    <section>
      <h3>{t("room.people.hands")}</h3>
      <ol class="hands">
        {call.roster.raised.map(({ id, name }) => (
          <li key={id}>{name}</li>
        ))}
      </ol>
    </section>
  );
}

function Person({ participant }: { participant: Participant }) {
  const { call, t } = useRoom();
  const { id, media, name, role } = participant;
  return (
    <li class="person" data-person={id}>
      <LinkLight id={id} link={call.mesh.stateOf(id) ?? "checking"} />
      <span class="person-name">
        {name} {role !== "student" && <small class="role">{t(`room.role.${role}`)}</small>}
      </span>
      <span class="person-marks">
        {media.hand && <Icon name="hand" />}
        <Icon name={media.audio ? "microphone" : "microphone_off"} />
        <Icon name={media.video ? "camera" : "camera_off"} />
        <span class="unseen">
          {media.audio ? "" : t("room.mark.muted")}
          {media.hand ? `, ${t("room.mark.hand")}` : ""}
        </span>
      </span>
      {call.moderates && !isTeacher(participant) && <PersonActions participant={participant} />}
    </li>
  );
}

function PersonActions({ participant }: { participant: Participant }) {
  const room = useRoom();
  const { call, t } = room;
  const { id, media, name } = participant;
  const remove = () =>
    room.ask({
      key: "room.people.remove_question",
      name,
      confirm: "room.people.remove",
      act: () => call.moderate({ action: "remove", target: id }),
    });
  return (
    <span class="person-actions">
      {media.hand && (
        <button
          type="button"
          data-action="lower-hand"
          onClick={() => call.moderate({ action: "lower_hand", target: id })}
        >
          {t("room.people.lower_hand")}
        </button>
      )}
      {media.audio && (
        <button
          type="button"
          data-action="mute"
          onClick={() => call.moderate({ action: "mute", target: id })}
        >
          {t("room.people.mute")}
        </button>
      )}
      <button type="button" class="danger" data-action="remove" onClick={remove}>
        {t("room.people.remove")}
      </button>
    </span>
  );
}

const LOBBIES: readonly Lobby[] = ["off", "guests", "everyone"];

function RoomActions() {
  const room = useRoom();
  const { call, t } = room;
  const end = () =>
    room.ask({
      key: "room.people.end_question",
      confirm: "room.people.end",
      act: () => call.moderate({ action: "end" }),
    });
  return (
    <section class="room-actions">
      <h3>{t("room.people.room")}</h3>
      <button
        type="button"
        data-action="mute-all"
        onClick={() => call.moderate({ action: "mute_all" })}
      >
        {t("room.people.mute_all")}
      </button>
      <label class="device">
        <span>{t("room.people.lobby")}</span>
        <select
          data-action="lobby"
          value={call.meeting?.lobby ?? "off"}
          onChange={(event) =>
            call.moderate({ action: "lobby", lobby: event.currentTarget.value as Lobby })
          }
        >
          {LOBBIES.map((lobby) => (
            <option key={lobby} value={lobby}>
              {t(`room.people.lobby.${lobby}`)}
            </option>
          ))}
        </select>
      </label>
      <button type="button" class="danger" data-action="end" onClick={end}>
        {t("room.people.end")}
      </button>
    </section>
  );
}
