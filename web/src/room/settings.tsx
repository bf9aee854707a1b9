// Devices and keys, during a call.

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
          <p class="hint">
            {t("room.preview.plain")} <a href={boot.httpsUrl}>{t("room.preview.secure")}</a>
          </p>
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
