// Choosing devices, and what to do when they refuse.

import type { DeviceProblem } from "../io/capture";
import type { DeviceKind, SourceName } from "../io/media";
import { useRoom } from "./use";
import { browserName } from "./useragent";

const KINDS: readonly DeviceKind[] = ["camera", "microphone", "speaker"];

export function DeviceChoices() {
  const { media } = useRoom();
  const offered = KINDS.filter((kind) => media.listOf(kind).length > 0);
  if (offered.length === 0) return null;
  return (
    <div class="devices">
      {offered.map((kind) => (
        <DeviceChoice key={kind} kind={kind} />
      ))}
    </div>
  );
}

function DeviceChoice({ kind }: { kind: DeviceKind }) {
  const { media, t } = useRoom();
  const current = kind === "speaker" ? media.speakerId : media[kind].deviceId;
  return (
    <label class="device">
      <span>{t(`room.device.${kind}`)}</span>
      <select
        data-device={kind}
        value={current ?? media.listOf(kind)[0]?.deviceId}
        onChange={(event) => void media.choose(kind, event.currentTarget.value)}
      >
        {media.listOf(kind).map((device, index) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || t(`room.device.${kind}.unnamed`, { number: index + 1 })}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Problems() {
  const { media } = useRoom();
  const { microphone, camera } = media;
  // Both for the same reason is one thing to do.
  if (camera.problem !== null && camera.problem === microphone.problem) {
    return <Problem source="both" problem={camera.problem} />;
  }
  return (
    <>
      {camera.problem && <Problem source="camera" problem={camera.problem} />}
      {microphone.problem && <Problem source="microphone" problem={microphone.problem} />}
    </>
  );
}

function Problem(props: { source: SourceName | "both"; problem: DeviceProblem }) {
  const { media, t } = useRoom();
  const { source, problem } = props;
  const again = () => {
    if (source === "both") void media.startBoth();
    else if (source === "microphone") void media.setMicrophone(true);
    else void media.setCamera(true);
  };
  return (
    <div class="hint warning" role="alert" data-problem={problem} data-source={source}>
      <p>
        {t(`room.problem.${problem}`, { device: t(`room.problem.device.${source}`) })}
        {problem === "denied" && ` ${t(`room.problem.allow.${browserName()}`)}`}
      </p>
      {problem !== "insecure" && (
        <button type="button" onClick={again}>
          {t("room.problem.again")}
        </button>
      )}
    </div>
  );
}
