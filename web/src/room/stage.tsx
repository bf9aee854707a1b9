// The tiles, placed by `core/layout`, and the sound of everybody.

import { useEffect, useRef, useState } from "preact/hooks";
import { layout, mostTiles } from "../core/layout";
import type { Participant } from "../core/messages";
import { isTeacher } from "../core/roster";
import { shown } from "../core/shown";
import type { Room } from "./model";
import { Sound } from "./playing";
import { OwnTile, ParticipantTile, ScreenTile } from "./tile";
import { useRoom } from "./use";

/** From so many on, a larger teacher helps more than equal tiles. */
const TEACHER_LARGE_FROM = 5;

type Tile =
  | { kind: "screen"; id: string; participant: Participant }
  | { kind: "participant"; id: string; participant: Participant }
  | { kind: "own"; id: string };

export function Stage() {
  const room = useRoom();
  const frame = useRef<HTMLElement>(null);
  const size = useSize(frame);
  const all = tilesOf(room);
  const tiles = shown(all, mostTiles(size), (tile) => importance(room, tile));
  const { boxes, height } = layout({ count: tiles.length, ...size, shape: shapeOf(tiles) });
  const hidden = all.length - tiles.length;
  return (
    <section class="stage" ref={frame} aria-label={room.t("room.stage")}>
      <div class="tiles" style={{ height: `${height}px` }}>
        {tiles.map((tile, index) => {
          const { left, top, width, height } = boxes[index] ?? NOWHERE;
          const style = {
            left: `${left}px`,
            top: `${top}px`,
            width: `${width}px`,
            height: `${height}px`,
          };
          const small = width < 220;
          if (tile.kind === "own") return <OwnTile key={tile.id} style={style} small={small} />;
          const { participant } = tile;
          return tile.kind === "screen" ? (
            <ScreenTile key={tile.id} participant={participant} style={style} small={small} />
          ) : (
            <ParticipantTile key={tile.id} participant={participant} style={style} small={small} />
          );
        })}
      </div>
      {hidden > 0 && <p class="hidden-tiles">{room.t("room.more_people", { count: hidden })}</p>}
      {all.length === 1 && room.call.phase.name === "live" && (
        <p class="alone">{room.t("room.alone")}</p>
      )}
    </section>
  );
}

const NOWHERE = { left: 0, top: 0, width: 0, height: 0 };

/** Shared screens, then who was enlarged, teachers, the others as they came, and oneself last. */
function tilesOf(room: Room): Tile[] {
  const { others } = room.call.roster;
  const screens = others
    .filter(({ media }) => media.screen)
    .map((participant): Tile => ({ kind: "screen", id: `${participant.id}/screen`, participant }));
  const people = others.map(
    (participant): Tile => ({ kind: "participant", id: participant.id, participant }),
  );
  const tiles: Tile[] = [...screens, ...people, { kind: "own", id: "own" }];
  const pinned = tiles.find(({ id }) => id === room.pinned);
  return pinned ? [pinned, ...tiles.filter((tile) => tile !== pinned)] : tiles;
}

/** Where there is no room for everybody: lower is seen first. The list of people has all. */
function importance(room: Room, tile: Tile): number {
  if (tile.kind !== "participant" || tile.id === room.pinned) return 0;
  const { participant } = tile;
  if (isTeacher(participant)) return 1;
  if (room.hasSpoken(tile.id)) return 2;
  if (participant.media.hand) return 3;
  return participant.media.video ? 4 : 5;
}

function shapeOf(tiles: Tile[]): "grid" | "stage" | "pair" {
  const room = useRoom();
  const first = tiles[0];
  if (!first) return "grid";
  if (first.kind === "screen") return "stage";
  if (tiles.length === 2) return "pair";
  if (first.id === room.pinned) return "stage";
  const teacher = first.kind === "participant" && isTeacher(first.participant);
  return teacher && first.participant.media.video && tiles.length >= TEACHER_LARGE_FROM
    ? "stage"
    : "grid";
}

function useSize(frame: { current: HTMLElement | null }): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    if (typeof ResizeObserver === "undefined") {
      window.addEventListener("resize", measure);
      return () => window.removeEventListener("resize", measure);
    }
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [frame]);
  return size;
}

/**
 * Sound plays for everybody, also for those without a tile; but not for one's own other device or
 * window: it would howl.
 */
export function Sounds() {
  const room = useRoom();
  const { mesh, roster } = room.call;
  return (
    <div class="sounds">
      {[...mesh.peers].map(([id, peer]) => {
        const track = peer.slots.remote("audio");
        const own = roster.get(id)?.person === room.boot.person.id;
        return !own && track && <Sound key={id} track={track} room={room} />;
      })}
    </div>
  );
}
