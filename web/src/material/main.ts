// Makes a form with files resumable: each file with its progress, and a way to stop it. Without this
// the form sends them in one go.

import { keepDraft } from "./draft";
import { shrink } from "./shrink";
import { type Refusal, Upload } from "./tus";

const words: Record<string, string> = JSON.parse(
  document.getElementById("upload-words")?.textContent || "{}",
);

function say(key: string, args: Record<string, string> = {}): string {
  const text = words[key] || words["error.internal"] || key;
  return text.replace(/\{(\w+)\}/g, (hole, name) => args[name] || hole);
}

/** One file's line in the list. */
class Row {
  readonly element = document.createElement("li");
  private readonly bar = document.createElement("progress");
  private readonly state = document.createElement("span");
  private readonly stop = document.createElement("button");

  constructor(
    readonly name: string,
    onStop: () => void,
  ) {
    const title = document.createElement("strong");
    title.textContent = name;
    this.bar.max = 1;
    this.bar.setAttribute("aria-label", name);
    this.state.className = "soft";
    this.state.textContent = say("upload.waits");
    this.stop.type = "button";
    this.stop.className = "quiet";
    this.stop.textContent = say("upload.cancel");
    this.stop.setAttribute("aria-label", `${say("upload.cancel")}: ${name}`);
    this.stop.onclick = onStop;
    this.element.append(title, this.bar, this.state, " ", this.stop);
  }

  progress(share: number): void {
    this.bar.value = share;
    this.state.textContent = say("upload.sending", { percent: String(Math.floor(share * 100)) });
  }

  tell(key: string): void {
    this.state.textContent = say(key);
  }

  end(key: string, refusal?: Refusal): void {
    this.bar.remove();
    this.stop.remove();
    this.state.className = refusal ? "problem" : "soft";
    this.state.textContent = refusal ? say(`error.${refusal.code}`, refusal.args) : say(key);
  }
}

function enhance(form: HTMLFormElement): void {
  const inputs = [...form.querySelectorAll<HTMLInputElement>("input[type=file]")];
  const list = form.querySelector<HTMLElement>("[data-list]");
  const status = form.querySelector<HTMLElement>("[data-status]");
  const button = form.querySelector<HTMLButtonElement>("button[type=submit]");
  const choice = form.querySelector<HTMLInputElement>("input[name=shrink]");
  const endpoint = form.dataset.uploads;
  if (inputs.length === 0 || !list || !status || !button || !choice || !endpoint) return;
  for (const part of form.querySelectorAll<HTMLElement>("[data-scripted]")) part.hidden = false;

  const leave = (event: BeforeUnloadEvent) => event.preventDefault();

  const sendOne = async (file: File, row: Row, stopped: Set<Row>, began: (up: Upload) => void) => {
    if (stopped.has(row)) return "stopped";
    const { content, name } = choice.checked
      ? await shrink(file)
      : { content: file, name: file.name };
    const upload = new Upload(endpoint, content, name, file, {
      sent: (bytes) => row.progress(bytes / content.size),
      waiting: (isWaiting) => row.tell(isWaiting ? "upload.lost" : "upload.found"),
    });
    began(upload);
    const refusal = await upload.run();
    if (stopped.has(row)) return "stopped";
    row.end("upload.done", refusal);
    return refusal ? "refused" : "done";
  };

  const sendAll = async (files: File[]) => {
    list.textContent = "";
    const stopped = new Set<Row>();
    const running = new Map<Row, Upload>();
    const rows = files.map((file) => {
      const row: Row = new Row(file.name, () => {
        stopped.add(row);
        running.get(row)?.cancel();
        row.end("upload.cancelled");
      });
      list.append(row.element);
      return row;
    });
    const ends: string[] = [];
    for (const [at, file] of files.entries()) {
      const row = rows[at];
      if (row) ends.push(await sendOne(file, row, stopped, (upload) => running.set(row, upload)));
    }
    return ends;
  };

  form.addEventListener("submit", (event) => {
    const files: File[] = [];
    for (const input of inputs) files.push(...(input.files || []));
    if (files.length === 0) return;
    event.preventDefault();
    window.addEventListener("beforeunload", leave);
    status.textContent = say("upload.began");
    sendAll(files).then((ends) => {
      window.removeEventListener("beforeunload", leave);
      for (const input of inputs) input.value = "";
      button.disabled = false;
      const isDone = ends.every((end) => end === "done");
      // What else is in the form follows when the files are here.
      if (isDone && form.dataset.then === "submit") form.submit();
      else if (isDone) location.assign(form.dataset.done || "/");
      else
        status.textContent = say(
          ends.includes("refused") ? "upload.some_refused" : "upload.cancelled",
        );
    });
  });
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-uploads]")) enhance(form);
for (const field of document.querySelectorAll<HTMLTextAreaElement>("textarea[data-draft]"))
  keepDraft(field);
