// "Are you sure?", for what cannot be taken back.

import { useEffect, useRef } from "preact/hooks";
import type { Question } from "./model";
import { useRoom } from "./use";

export function QuestionDialog({ question }: { question: Question }) {
  const room = useRoom();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current?.querySelector("button")?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const close = () => room.ask(null);
  const keep = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
    if (event.key !== "Tab") return;
    const buttons = [...(box.current?.querySelectorAll("button") ?? [])];
    const edge = event.shiftKey ? buttons[0] : buttons[buttons.length - 1];
    if (document.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? buttons[buttons.length - 1] : buttons[0])?.focus();
  };
  return (
    <div class="shade">
      <div
        ref={box}
        class="question"
        role="alertdialog"
        aria-modal="true"
        onKeyDown={keep}
        aria-labelledby="question-text"
      >
        <p id="question-text">{room.t(question.key, { name: question.name ?? "" })}</p>
        <div class="question-buttons">
          <button type="button" onClick={close}>
            {room.t("room.cancel")}
          </button>
          <button
            type="button"
            class="danger"
            data-action="confirm"
            onClick={() => {
              close();
              question.act();
            }}
          >
            {room.t(question.confirm)}
          </button>
        </div>
      </div>
    </div>
  );
}
