// Who is in the room and who waits in its lobby.

import type { Participant, ParticipantMessage } from "./messages";

export class Roster {
  self = "";
  private readonly present = new Map<string, Participant>();
  private readonly lobby = new Map<string, Participant>();
  /** Bots are in the room and nobody: no tile, no connection, no notice. */
  private readonly robots = new Set<string>();
  // Hands in the order in which they went up.
  private hands: string[] = [];

  /** Everybody but this page's own participant, teachers first, then as they came. */
  get others(): Participant[] {
    const all = [...this.present.values()].filter(({ id }) => id !== this.self);
    return [...all.filter(isTeacher), ...all.filter((participant) => !isTeacher(participant))];
  }

  get own(): Participant | undefined {
    return this.present.get(this.self);
  }

  get size(): number {
    return this.present.size;
  }

  /** How many bots try what the box carries. */
  get bots(): number {
    return this.robots.size;
  }

  get waiting(): Participant[] {
    return [...this.lobby.values()];
  }

  /** Raised hands, the longest raised first. */
  get raised(): Participant[] {
    const found = this.hands.map((id) => this.present.get(id));
    return found.filter((participant): participant is Participant => participant !== undefined);
  }

  get(id: string): Participant | undefined {
    return this.present.get(id);
  }

  /** A fresh `joined`. Gives back who was there before and is not any more. */
  reset(self: string, participants: Participant[], waiting: Participant[]): Participant[] {
    const before = [...this.present.values()];
    this.self = self;
    this.present.clear();
    this.lobby.clear();
    this.robots.clear();
    for (const participant of participants) this.put(participant);
    for (const participant of waiting) this.lobby.set(participant.id, participant);
    this.hands = this.hands.filter((id) => this.present.get(id)?.media.hand);
    return before.filter(({ id }) => !this.present.has(id));
  }

  apply(message: ParticipantMessage): void {
    const { event, participant } = message;
    if (isBot(participant)) {
      if (event === "left") this.robots.delete(participant.id);
      else this.robots.add(participant.id);
      return;
    }
    switch (event) {
      case "joined":
        this.lobby.delete(participant.id);
        this.put(participant);
        return;
      case "updated":
        this.put(participant);
        return;
      case "left":
        this.present.delete(participant.id);
        this.hands = this.hands.filter((id) => id !== participant.id);
        return;
      case "waiting":
        this.lobby.set(participant.id, participant);
        return;
      case "left_lobby":
        this.lobby.delete(participant.id);
        return;
    }
  }

  private put(participant: Participant): void {
    const { id, media } = participant;
    if (isBot(participant)) {
      this.robots.add(id);
      return;
    }
    this.present.set(id, participant);
    if (media.hand && !this.hands.includes(id)) this.hands.push(id);
    if (!media.hand) this.hands = this.hands.filter((raised) => raised !== id);
  }
}

export function isTeacher(participant: Participant): boolean {
  return participant.role === "teacher";
}

export function isBot(participant: Participant): boolean {
  return participant.role === "bot";
}
