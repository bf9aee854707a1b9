// The chat: written by people, shown as text and never as markup.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { CHAT_CHARACTERS, charactersOf, type Draft } from "../core/chat";
import type { ChatMessage } from "../core/messages";
import { isTeacher } from "../core/roster";
import { Icon } from "./icon";
import type { Written } from "./model";
import { PanelFrame } from "./panel";
import { useRoom } from "./use";

/** The counter appears when this few characters are left. */
const COUNT_FROM = 300;

export function ChatPanel() {
  return (
    <PanelFrame panel="chat">
      <Messages />
      <Compose />
    </PanelFrame>
  );
}

function Messages() {
  const { call, t } = useRoom();
  const { chat } = call;
  const list = useRef<HTMLDivElement>(null);
  useScrolling(list, chat.messages, chat.drafts.length);
  return (
    <div
      class="messages"
      ref={list}
      role="log"
      aria-live="polite"
      aria-label={t("room.chat")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
      tabIndex={0}
    >
      {chat.more && (
        <button
          type="button"
          class="older"
          disabled={call.loadingOlder}
          onClick={() => {
            void call.loadOlder();
            // The button goes when nothing is left: the keyboard stays with the messages.
            list.current?.focus();
          }}
        >
          {t(call.loadingOlder ? "room.chat.loading" : "room.chat.older")}
        </button>
      )}
      {chat.messages.length + chat.drafts.length === 0 && (
        <p class="empty">{t("room.chat.empty")}</p>
      )}
      {chat.messages.map((message, index) => (
        <MessageItem key={message.id} message={message} before={chat.messages[index - 1]} />
      ))}
      {chat.drafts.map((draft) => (
        <DraftItem key={draft.key} draft={draft} />
      ))}
    </div>
  );
}

/** Stays at the end while one reads there, and in place when older messages come above. */
function useScrolling(
  list: { current: HTMLDivElement | null },
  messages: ChatMessage[],
  drafts: number,
): void {
  const before = useRef({ first: 0, height: 0, atEnd: true });
  const first = messages[0]?.id ?? 0;
  const last = messages[messages.length - 1]?.id ?? 0;
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const { atEnd, height } = before.current;
    if (first < before.current.first) element.scrollTop += element.scrollHeight - height;
    else if (atEnd) element.scrollTop = element.scrollHeight;
    before.current = { ...before.current, first, height: element.scrollHeight };
  }, [list, first, last, drafts]);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const follow = () => {
      before.current.atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 40;
    };
    element.addEventListener("scroll", follow, { passive: true });
    return () => element.removeEventListener("scroll", follow);
  }, [list]);
}

function MessageItem(props: { message: ChatMessage; before: ChatMessage | undefined }) {
  const room = useRoom();
  const { call, boot, t } = room;
  const { message, before } = props;
  const mine = message.from.person === boot.person.id;
  const follows =
    before?.from.person === message.from.person &&
    before.to === message.to &&
    message.at - before.at < 120_000;
  const erase = () =>
    room.ask({
      key: "room.chat.delete_question",
      confirm: "room.chat.delete",
      act: () => call.moderate({ action: "delete_message", message: message.id }),
    });
  return (
    <div class={`said${mine ? " mine" : ""}${follows ? " follows" : ""}`} data-message={message.id}>
      {!follows && <Byline message={message} mine={mine} />}
      <p class={message.text === null ? "words deleted" : "words"}>
        {message.text === null ? t("room.chat.deleted") : <Words text={message.text} />}
      </p>
      {call.moderates && message.text !== null && (
        <button
          type="button"
          class="icon-button erase"
          data-action="erase"
          aria-label={t("room.chat.delete")}
          title={t("room.chat.delete")}
          onClick={erase}
        >
          <Icon name="bin" />
        </button>
      )}
    </div>
  );
}

function Byline({ message, mine }: { message: ChatMessage; mine: boolean }) {
  const { boot, call, t } = useRoom();
  const at = new Date(message.at);
  const today = new Date().toDateString() === at.toDateString();
  const time = at.toLocaleString(boot.language, {
    hour: "2-digit",
    minute: "2-digit",
    ...(today ? {} : { day: "numeric", month: "short" }),
  });
  const reader = call.roster.others.find(({ person }) => person === message.to)?.name ?? "";
  return (
    <p class="byline">
      <b>{mine ? t("room.you") : message.from.name}</b>
      {message.to !== undefined && (
        <i class="private">
          {mine && reader ? t("room.chat.private_to", { name: reader }) : t("room.chat.private")}
        </i>
      )}
      <time dateTime={at.toISOString()}>{time}</time>
    </p>
  );
}

function DraftItem({ draft }: { draft: Draft }) {
  const { call, t } = useRoom();
  const failed = draft.state === "failed";
  return (
    <div class={`said mine draft${failed ? " failed" : ""}`} data-draft={draft.state}>
      <p class="words">{draft.text}</p>
      <p class="byline">
        {failed ? t(`error.${draft.code}`, draft.args) : t("room.chat.sending")}
        {failed && (
          <>
            <button type="button" onClick={() => call.sayAgain(draft.key)}>
              {t("room.chat.again")}
            </button>
            <button type="button" onClick={() => call.unsay(draft.key)}>
              {t("room.chat.discard")}
            </button>
          </>
        )}
      </p>
    </div>
  );
}

/** Addresses become links that a person may follow; nothing is fetched by itself. */
function Words({ text }: { text: string }) {
  const parts = text.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/);
  return (
    <>
      {parts.map((part, index) =>
        index % 2 === 1 ? (
          <a href={part} target="_blank" rel="noopener noreferrer nofollow">
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </>
  );
}

function Compose() {
  const room = useRoom();
  const { boot, call, t } = room;
  const [{ text, to }, setWritten] = useState<Written>(room.written);
  const write = (change: Partial<Written>) => {
    room.written = { ...room.written, ...change };
    setWritten(room.written);
  };
  const left = CHAT_CHARACTERS - charactersOf(text);
  const sendable = text.trim() !== "" && left >= 0;
  const send = () => {
    if (!sendable) return;
    call.say(text, to?.person);
    write({ text: "" });
  };
  const readers = call.roster.others.filter(
    (participant, index, all) =>
      (call.moderates || isTeacher(participant)) &&
      participant.person !== boot.person.id &&
      all.findIndex(({ person }) => person === participant.person) === index,
  );
  const present = readers.some(({ person }) => person === to?.person);
  // Who has gone stays chosen: nothing private may go to everybody by itself.
  const offered = to && !present ? [...readers, to] : readers;
  return (
    <form
      class="compose"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {offered.length > 0 && (
        <label class="to">
          <span>{t("room.chat.to")}</span>
          <select
            value={to?.person ?? ""}
            onChange={({ currentTarget: { value } }) =>
              write({ to: offered.find(({ person }) => String(person) === value) ?? null })
            }
          >
            <option value="">{t("room.chat.to_all")}</option>
            {offered.map(({ person, name }) => (
              <option key={person} value={person}>
                {t("room.chat.to_one", { name })}
              </option>
            ))}
          </select>
        </label>
      )}
      <div class="compose-line">
        <textarea
          rows={2}
          value={text}
          aria-label={t("room.chat.write")}
          placeholder={t("room.chat.write")}
          aria-invalid={left < 0}
          onInput={(event) => write({ text: event.currentTarget.value })}
          onKeyDown={(event) => {
            // Enter also ends a word in an input method: that is not sending.
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <button
          type="submit"
          class="icon-button send"
          disabled={!sendable}
          aria-label={t("room.chat.send")}
          title={t("room.chat.send")}
        >
          <Icon name="send" />
        </button>
      </div>
      {left <= COUNT_FROM && (
        <p class={`left${left < 0 ? " over" : ""}`} role="status">
          {t(left < 0 ? "room.chat.over" : "room.chat.left", { count: Math.abs(left) })}
        </p>
      )}
    </form>
  );
}
