// Tracks on the page: pictures and sound.

import { useEffect, useRef } from "preact/hooks";
import type { Room } from "./model";

type Playable = HTMLMediaElement & { setSinkId?: (id: string) => Promise<void> };

function attach(element: Playable, track: MediaStreamTrack, room: Room): void {
  element.srcObject = new MediaStream([track]);
  element.play().catch((error: unknown) => {
    // Some browsers play nothing before a tap; being replaced while starting is no refusal.
    if (error instanceof DOMException && error.name === "NotAllowedError") room.blockSound(true);
  });
}

export function Picture(props: {
  track: MediaStreamTrack;
  room: Room;
  mirrored?: boolean;
  whole?: boolean;
}) {
  const element = useRef<HTMLVideoElement>(null);
  const { track, room } = props;
  useEffect(() => {
    if (element.current) attach(element.current, track, room);
  }, [track, room]);
  const look = `${props.mirrored ? " mirrored" : ""}${props.whole ? " whole" : ""}`;
  // Sound has elements of its own, so pictures may always start by themselves.
  return (
    <video
      ref={element}
      class={`picture${look}`}
      muted
      playsInline
      autoPlay
      disablePictureInPicture
      tabIndex={-1}
      aria-hidden="true"
    />
  );
}

export function Sound({ track, room }: { track: MediaStreamTrack; room: Room }) {
  const element = useRef<HTMLAudioElement>(null);
  const speaker = room.media.speakerId;
  useEffect(() => {
    if (element.current) attach(element.current, track, room);
  }, [track, room]);
  useEffect(() => {
    const playable: Playable | null = element.current;
    if (!playable?.setSinkId || speaker === null) return;
    // A remembered loudspeaker that is gone: the usual one plays on.
    playable.setSinkId(speaker).catch(() => undefined);
  }, [speaker]);
  // biome-ignore lint/a11y/useMediaCaption: live speech has no captions
  return <audio ref={element} autoPlay data-sound />;
}

/** After the tap that the browser wanted. */
export async function playAll(room: Room): Promise<void> {
  const elements = [...document.querySelectorAll<HTMLMediaElement>("video, audio[data-sound]")];
  try {
    await Promise.all(elements.map((element) => element.play()));
    room.blockSound(false);
  } catch {
    room.blockSound(true);
  }
}
