// A live room as one page takes part in it: the session, the people, the chat and the mesh, kept
// in step. Views read it and are told of changes; it has no DOM and no devices of its own.

import { ChatLog } from "./chat";
import { Mesh, type MeshOptions } from "./mesh";
import type {
  Joined,
  Media,
  Meeting,
  Moderated,
  Moderation,
  ParticipantMessage,
  Refusal,
  Role,
  ServerMessage,
} from "./messages";
import { type Notice, noticeOf } from "./notice";
import { Outgoing } from "./outgoing";
import type { Clock, Connect, Random } from "./ports";
import type { LinkReport } from "./quality";
import { isBot, isTeacher, Roster } from "./roster";
import { type Phase, Session } from "./session";
import type { LocalTracks } from "./slots";

/** Messages in one page of history (`CHAT_PAGE` of the daemon). */
const CHAT_PAGE = 50;

export interface CallOptions {
  person: { id: number; role: Role };
  /** Made once per page. */
  key: string;
  connect: Connect;
  clock: Clock;
  random: Random;
  makeConnection: MeshOptions["makeConnection"];
  /** A new key for a chat message. */
  newKey: () => string;
  /** Older chat than the message with this id. */
  olderChat: (before: number) => Promise<{ messages: ChatLog["messages"]; more: boolean }>;
  captured: () => { camera: number; screen: number };
  onChange: () => void;
  onNotice: (notice: Notice) => void;
  /** A teacher switches this page's microphone off. */
  onMuted: () => void;
  onFault: (what: string, error: unknown) => void;
}

export class Call {
  phase: Phase = { name: "connecting" };
  meeting: Meeting | null = null;
  readonly roster = new Roster();
  readonly chat: ChatLog;
  readonly mesh: Mesh;
  readonly session: Session;
  readonly outgoing: Outgoing;
  loadingOlder = false;
  /** Waits to be let in, also while the connection is lost. */
  inLobby = false;
  // What the daemon knows of it, as far as this page knows.
  private toldMedia = "";
  private media: Media = { audio: false, video: false, screen: false, hand: false };

  constructor(private readonly options: CallOptions) {
    this.chat = new ChatLog(options.person.id);
    this.outgoing = new Outgoing(options.person.role, options.captured);
    this.session = new Session({
      connect: options.connect,
      clock: options.clock,
      random: options.random,
      key: options.key,
      media: () => {
        this.toldMedia = JSON.stringify(this.media);
        return this.media;
      },
      onMessage: (message) => this.receive(message),
      onPhase: (phase) => this.enter(phase),
    });
    this.mesh = new Mesh({
      makeConnection: options.makeConnection,
      clock: options.clock,
      send: (to, signal) => void this.session.send({ type: "signal", to, ...signal }),
      canSend: () => this.phase.name === "live",
      onChange: options.onChange,
      onFault: (peer, what, error) => options.onFault(`${what} (${peer})`, error),
    });
  }

  get own(): Media {
    return this.media;
  }

  get moderates(): boolean {
    const own = this.roster.own;
    return own ? isTeacher(own) : this.options.person.role === "teacher";
  }

  start(): void {
    this.session.start();
  }

  leave(): void {
    this.session.leave();
    this.mesh.close();
  }

  /** After `ended`: comes back as if new. */
  comeBack(): void {
    this.session.restart();
  }

  /** The page woke up or the network came back. */
  wake(): void {
    this.session.wake();
    this.mesh.nudge();
  }

  /** What this page sends from now on; `live` is what of it can be heard and seen. */
  setTracks(tracks: LocalTracks, live: Pick<Media, "audio" | "video">): void {
    this.mesh.setTracks(tracks);
    this.tuneOutgoing();
    this.setMedia({ ...this.media, ...live, screen: tracks.screen !== null });
  }

  raiseHand(hand: boolean): void {
    this.setMedia({ ...this.media, hand });
  }

  say(text: string, to?: number): void {
    const draft = this.chat.write({ key: this.options.newKey(), text, to });
    this.sendDraft(draft);
    this.options.onChange();
  }

  sayAgain(key: string): void {
    const draft = this.chat.retry(key);
    if (draft) this.sendDraft(draft);
    this.options.onChange();
  }

  /** Gives up on a message that was refused. */
  unsay(key: string): void {
    this.chat.discard(key);
    this.options.onChange();
  }

  async loadOlder(): Promise<void> {
    const oldest = this.chat.messages[0];
    if (!oldest || this.loadingOlder || !this.chat.more) return;
    this.loadingOlder = true;
    this.options.onChange();
    try {
      const page = await this.options.olderChat(oldest.id);
      this.chat.prepend(page.messages, page.more);
    } catch (error) {
      this.options.onFault("older chat", error);
      this.options.onNotice({ key: "room.chat.older_failed", tone: "error" });
    } finally {
      this.loadingOlder = false;
      this.options.onChange();
    }
  }

  moderate(moderation: Moderation): void {
    if (!this.session.send({ type: "moderate", ...moderation })) {
      this.options.onNotice({ key: "room.notice.not_connected", tone: "warning" });
    }
  }

  /** A look at one link (`getStats`). */
  report(peer: string, report: LinkReport): void {
    if (this.outgoing.look(peer, report))
      this.mesh.setEncodings((id) => this.outgoing.encodings(id));
  }

  private setMedia(media: Media): void {
    this.media = media;
    this.tellMedia();
    this.options.onChange();
  }

  private tellMedia(): void {
    const media = JSON.stringify(this.media);
    if (media === this.toldMedia) return;
    if (this.session.send({ type: "state", media: this.media })) this.toldMedia = media;
  }

  private sendDraft({ key, text, to }: { key: string; text: string; to?: number }): void {
    this.session.send({ type: "chat", key, text, ...(to === undefined ? {} : { to }) });
  }

  private tuneOutgoing(): void {
    this.outgoing.setReceivers(this.mesh.peers.keys());
    this.mesh.setEncodings((id) => this.outgoing.encodings(id));
  }

  private enter(phase: Phase): void {
    this.phase = phase;
    if (phase.name === "live") {
      this.tellMedia();
      for (const draft of this.chat.unsent()) this.sendDraft(draft);
      this.mesh.nudge();
    }
    // What was sent last may not have arrived.
    if (phase.name === "lost") this.toldMedia = "";
    if (phase.name === "ended" && phase.reason !== "left") this.mesh.close();
    this.options.onChange();
  }

  private receive(message: ServerMessage): void {
    switch (message.type) {
      case "joined":
        this.join(message);
        break;
      case "waiting":
        this.meeting = message.meeting;
        this.inLobby = true;
        // After a restart of the daemon one may stand outside again: nothing is sent from there.
        this.mesh.close();
        break;
      case "signal":
        this.mesh.receive(message.from, message);
        this.tuneOutgoingWhenNew(message.from);
        break;
      case "chat": {
        const { type: _type, seq: _seq, key, ...chat } = message;
        this.chat.receive(chat, key);
        break;
      }
      case "participant":
        this.participant(message);
        break;
      case "moderated":
        this.moderated(message);
        break;
      case "error":
        this.refused(message);
        break;
    }
    this.options.onChange();
  }

  private join(joined: Joined): void {
    this.meeting = joined.meeting;
    this.inLobby = false;
    this.roster.reset(joined.self, joined.participants, joined.waiting);
    this.chat.start(joined.chat, CHAT_PAGE);
    this.mesh.join(joined.self, this.roster.others, joined.iceServers);
    this.tuneOutgoing();
  }

  private tuneOutgoingWhenNew(from: string): void {
    // A signal can come before its sender's `joined`.
    if (!this.roster.get(from)) this.tuneOutgoing();
  }

  private participant(message: ParticipantMessage): void {
    const { event, participant } = message;
    const before = this.roster.get(participant.id);
    this.roster.apply(message);
    if (isBot(participant)) return;
    if (event === "joined") this.mesh.welcome(participant.id);
    if (event === "left") this.mesh.drop(participant.id);
    if (event === "joined" || event === "left") this.tuneOutgoing();
    const notice = participant.id === this.roster.self ? null : noticeOf(message, before);
    if (notice) this.options.onNotice(notice);
  }

  private moderated(message: Moderated): void {
    const mine = message.target === this.roster.self;
    const name = this.roster.get(message.by)?.name ?? "";
    const tell = (key: string) => this.options.onNotice({ key, args: { name }, tone: "warning" });
    if (message.action === "mute" ? mine : message.action === "mute_all" && !this.moderates) {
      if (this.media.audio) tell("room.notice.muted");
      this.options.onMuted();
    } else if (message.action === "lower_hand" && mine) {
      this.setMedia({ ...this.media, hand: false });
    } else if (message.action === "delete_message" && message.message !== undefined) {
      this.chat.erase(message.message);
    } else if (message.action === "lobby" && message.lobby && this.meeting) {
      this.meeting = { ...this.meeting, lobby: message.lobby };
    }
  }

  private refused({ code, args, key, ref }: Refusal): void {
    if (key !== undefined) this.chat.fail(key, code, args);
    // Signals to somebody who has just left.
    else if (code !== "recipient_unknown") {
      this.options.onNotice({
        key: `error.${code}`,
        args: { ...args, ref: ref ?? "" },
        tone: "error",
      });
    }
  }
}
