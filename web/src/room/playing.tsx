// Tracks on the page: pictures and sound.

import { useEffect, useRef } from "preact/hooks";
import type { Room } from "./model";

type Playable = HTMLMediaElement & { setSinkId?: (id: string) => Promise<void> };

function attach(element: Playable, track: MediaStreamTrack, room: Room): void {
  element.srcObject = new MediaStream([track]);
  play(element, room);
}

/** Old phones have few decoders: the browser is not left to find out that this one is free. */
function detach(element: Playable): void {
  element.srcObject = null;
}

function play(element: HTMLMediaElement, room: Room): void {
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
    const video = element.current;
    if (!video) return;
    attach(video, track, room);
    return () => detach(video);
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
    const audio = element.current;
    if (!audio) return;
    attach(audio, track, room);
    return () => detach(audio);
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

/**
 * After the tap that the browser wanted, and after a phone call or a sleep that stopped what
 * played. Each for itself: a picture of which nothing has arrived would hold up all the others.
 */
export function playAll(room: Room): void {
  room.blockSound(false);
  for (const element of document.querySelectorAll<HTMLMediaElement>("video, audio[data-sound]")) {
    if (element.paused && element.srcObject) play(element, room);
  }
}
