// Before the room: how one looks and sounds, which devices, and the way in.

import { useEffect } from "preact/hooks";
import { preferences } from "../io/browser";
import { goSecure, offersHandover } from "./boot";
import { CameraButton, MicrophoneButton } from "./controls";
import { DeviceChoices, Problems } from "./devices";
import { Meter } from "./meter";
import { Picture } from "./playing";
import { useRoom } from "./use";

export function Preview() {
  const room = useRoom();
  const { boot, media, t } = room;
  useEffect(() => {
    if (preferences.get("watch") !== "1") void media.startBoth();
  }, [media]);
  return (
    <div class="preview">
      <header class="head">
        <h1>{boot.meeting.title}</h1>
        <p>{boot.meeting.course.title}</p>
      </header>
      <div class="preview-body">
        {media.available && (
          <div class="preview-media">
            <OwnPicture />
            <div class="preview-buttons">
              <MicrophoneButton />
              <CameraButton />
              <Meter />
            </div>
          </div>
        )}
        <div class="preview-side">
          <p class="as">{t("room.preview.as", { name: boot.person.name })}</p>
          {media.available ? <Problems /> : <PlainAddress />}
          <EnterButtons />
          {media.available && <DeviceChoices />}
          <a class="back" href={boot.urls.course}>
            {t("room.preview.back")}
          </a>
        </div>
      </div>
    </div>
  );
}

function OwnPicture() {
  const room = useRoom();
  const track = room.media.tracks.camera;
  const { starting } = room.media.camera;
  return (
    <div class="preview-picture">
      {track ? (
        <Picture track={track} room={room} mirrored />
      ) : (
        <p>{room.t(starting ? "room.camera.starting" : "room.preview.no_picture")}</p>
      )}
    </div>
  );
}

function EnterButtons() {
  const room = useRoom();
  const { media, t } = room;
  const { microphone, camera } = media;
  const how = microphone.on ? (camera.on ? "both" : "microphone") : camera.on ? "camera" : "watch";
  const starting = microphone.starting || camera.starting;
  return (
    <div class="enter">
      <button
        type="button"
        class="primary"
        data-action="join"
        data-with={how}
        disabled={starting}
        onClick={() => (how === "watch" ? room.watch() : room.enter())}
      >
        {t(starting ? "room.preview.starting" : `room.preview.join.${how}`)}
      </button>
      {(how !== "watch" || starting) && (
        <button type="button" data-action="watch" onClick={() => room.watch()}>
          {t("room.preview.watch")}
        </button>
      )}
    </div>
  );
}

/** Over plain http there are no cameras: watch, or change the address. The site's page says so
 * itself above the room. */
function PlainAddress() {
  const { boot, t } = useRoom();
  return offersHandover() ? null : (
    <div class="hint" role="note">
      <p>{t("room.preview.plain")}</p>
      <button type="button" onClick={() => goSecure(boot)}>
        {t("room.preview.secure")}
      </button>
    </div>
  );
}
