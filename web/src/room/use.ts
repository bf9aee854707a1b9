// How views get at the room and follow it.

import { createContext } from "preact";
import { useContext, useEffect, useReducer } from "preact/hooks";
import type { Room } from "./model";

export const RoomContext = createContext<Room | null>(null);

/** The room; the view is drawn again at each change. */
export function useRoom(): Room {
  const room = useContext(RoomContext);
  if (!room) throw new Error("a view outside of its room");
  const [, redraw] = useReducer((count: number, _: undefined) => count + 1, 0);
  useEffect(() => room.subscribe(() => redraw(undefined)), [room]);
  return room;
}

/** Draws again every `ms`, for what changes without an event. */
export function useTick(ms: number, active: boolean): void {
  const [, redraw] = useReducer((count: number, _: undefined) => count + 1, 0);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => redraw(undefined), ms);
    return () => clearInterval(timer);
  }, [ms, active]);
}
