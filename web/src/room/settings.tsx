// Devices and keys, during a call.

import { goSecure } from "./boot";
import { DeviceChoices, Problems } from "./devices";
import { SHORTCUTS } from "./keyboard";
import { PanelFrame } from "./panel";
import { useRoom } from "./use";

export function SettingsPanel() {
  const { boot, media, t } = useRoom();
  return (
    <PanelFrame panel="settings">
      <div class="panel-body">
        {media.available ? (
          <>
            <Problems />
            <DeviceChoices />
          </>
        ) : (
          <div class="hint">
            <p>{t("room.preview.plain")}</p>
            <button type="button" onClick={() => goSecure(boot)}>
              {t("room.preview.secure")}
            </button>
          </div>
        )}
        <h3>{t("room.settings.keys")}</h3>
        <dl class="keys">
          {Object.entries(SHORTCUTS).map(([name, key]) => (
            <div key={name}>
              <dt>
                <kbd>Alt</kbd> + <kbd>{key}</kbd>
              </dt>
              <dd>{t(`room.${name}`)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </PanelFrame>
  );
}
