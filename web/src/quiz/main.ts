// Help for the page of an attempt, which works without: answers are saved as they are given, the time
// is shown, and at its end the attempt is handed in.

import { Answers, type Told } from "./answers";
import { Countdown, milestone } from "./time";

const page = document.querySelector<HTMLElement>("[data-quiz]");
const form = page?.querySelector<HTMLFormElement>("form");
if (page && form) take(page, form);

function take(page: HTMLElement, form: HTMLFormElement): void {
  const find = (name: string) => page.querySelector<HTMLElement>(`[data-${name}]`);
  const say = (name: string, text: string) => {
    const place = find(name);
    if (place && place.textContent !== text) place.textContent = text;
  };
  const token = form.querySelector<HTMLInputElement>('[name="form_token"]')?.value ?? "";
  const { answers: address = "", attempt = "", over = "/", saving, saved, lost } = page.dataset;
  let countdown: Countdown | undefined;
  const told = (what: Told) => {
    if (what.kind === "over") return location.assign(over);
    if (what.kind === "saving") return say("state", saving ?? "");
    if (what.kind === "lost") {
      say("status", lost ?? "");
      return say("state", lost ?? "");
    }
    const { left_ms, note } = what.reply;
    if (left_ms !== null) countdown?.set(left_ms);
    if (!what.question) return;
    say("state", saved ?? "");
    say("status", "");
    const place = question(what.question)?.querySelector<HTMLElement>("[data-note]");
    if (place) {
      place.textContent = note ?? "";
      place.hidden = !note;
    }
  };
  const answers = new Answers(address, attempt, token, told);
  const question = (id: string) => form.querySelector<HTMLElement>(`[data-question="${id}"]`);
  const send = (section: HTMLElement) => {
    const id = section.dataset.question ?? "";
    // The form says it too from now on, whatever this page showed at first.
    const was = section.querySelector<HTMLInputElement>(`[name="was-${id}"]`);
    if (was) was.value = "\n";
    answers.send(id, values(section, id));
  };

  for (const button of form.querySelectorAll<HTMLElement>("[data-plain]")) button.hidden = true;
  for (const [id, kept] of answers.kept()) {
    const section = question(id);
    if (!section) continue;
    restore(section, id, kept);
    send(section);
  }
  let typing: number | undefined;
  const changed = (event: Event) => {
    const section = (event.target as Element).closest<HTMLElement>("[data-question]");
    window.clearTimeout(typing);
    if (!section) return;
    if (event.type === "change") send(section);
    else typing = window.setTimeout(() => send(section), 1_500);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);

  const left = page.dataset.leftMs;
  if (left !== undefined) {
    let before = Number(left);
    const show = (words: string, now: number) => {
      say("time", words);
      page.querySelector(".quiz-bar")?.classList.toggle("late", now < 60_000);
      const reached = milestone(before, now);
      if (reached) say("status", page.dataset[reached] ?? "");
      before = now;
    };
    countdown = new Countdown(Number(left), show, () => handIn(form));
  }
  // A phone that slept has lost count, and may have missed the end.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) answers.send("", []);
  });
  window.addEventListener("online", () => answers.send("", []));
  // The form takes along what was not sent.
  form.addEventListener("submit", () => form.setAttribute("data-sent", ""));
  window.addEventListener("beforeunload", (event) => {
    if (!answers.isDone() && !form.hasAttribute("data-sent")) event.preventDefault();
  });
}

function fields(section: HTMLElement, id: string): HTMLInputElement[] {
  return [...section.querySelectorAll<HTMLInputElement>(`input[name="answer-${id}"]`)];
}

function values(section: HTMLElement, id: string): string[] {
  const chosen = (field: HTMLInputElement) =>
    field.type === "radio" || field.type === "checkbox" ? field.checked : field.value !== "";
  return fields(section, id)
    .filter(chosen)
    .map((field) => field.value);
}

function restore(section: HTMLElement, id: string, kept: string[]): void {
  for (const field of fields(section, id)) {
    if (field.type === "radio" || field.type === "checkbox")
      field.checked = kept.includes(field.value);
    else field.value = kept[0] ?? "";
  }
}

/** With everything that the page knows: what was not sent before goes along. */
function handIn(form: HTMLFormElement): void {
  const end = document.createElement("input");
  end.type = "hidden";
  end.name = "then";
  end.value = "hand_in";
  form.append(end);
  form.setAttribute("data-sent", "");
  form.submit();
}
