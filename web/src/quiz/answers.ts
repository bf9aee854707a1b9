// Answers on their way: each is sent as soon as it is given, kept in the browser until the box has it,
// and sent again when the Wi-Fi is back.

export type Reply = { left_ms: number | null; note: string | null };

/** What became of an answer. */
export type Told =
  | { kind: "saving" }
  | { kind: "saved"; reply: Reply; question: string }
  | { kind: "lost" }
  | { kind: "over" };

/** Longest wait between two tries, in milliseconds. */
const PATIENCE_MS = 10_000;

export class Answers {
  private readonly waiting = new Map<string, string[]>();
  private busy = false;
  private tries = 0;

  constructor(
    private readonly address: string,
    private readonly attempt: string,
    private readonly token: string,
    private readonly told: (told: Told) => void,
  ) {}

  /** What an earlier page of this attempt could not send, by question. */
  kept(): [string, string[]][] {
    return Object.entries(this.read());
  }

  /** Sends an answer; `question` is blank to ask for the time alone. */
  send(question: string, values: string[]): void {
    this.waiting.set(question, values);
    if (question) this.write(question, values);
    this.tries = 0;
    void this.work();
  }

  /** Whether everything has arrived. */
  isDone(): boolean {
    return this.waiting.size === 0;
  }

  private async work(): Promise<void> {
    const next = this.waiting.entries().next();
    if (this.busy || next.done) return;
    const [question, values] = next.value;
    this.busy = true;
    if (question) this.told({ kind: "saving" });
    const status = await this.post(question, values);
    this.busy = false;
    if (status === "again") {
      this.told({ kind: "lost" });
      this.tries += 1;
      setTimeout(() => void this.work(), Math.min(PATIENCE_MS, 500 * 2 ** this.tries));
      return;
    }
    // Unless it was changed meanwhile.
    if (this.waiting.get(question) === values) {
      this.waiting.delete(question);
      if (question) this.write(question, null);
    }
    void this.work();
  }

  private async post(question: string, values: string[]): Promise<"done" | "again"> {
    const body = new URLSearchParams({ form_token: this.token, attempt: this.attempt });
    // What no answer is: so it is always written.
    if (question) body.append(`was-${question}`, "\n");
    for (const value of values) body.append(`answer-${question}`, value);
    try {
      const response = await fetch(this.address, {
        method: "POST",
        body,
        headers: { accept: "application/json" },
      });
      if (response.ok) {
        this.told({ kind: "saved", reply: (await response.json()) as Reply, question });
        return "done";
      }
      // Handed in elsewhere, or the time is over: what was saved counts.
      if (response.status === 409 || response.status === 404) {
        this.waiting.clear();
        this.forget();
        this.told({ kind: "over" });
        return "done";
      }
      return "again";
    } catch {
      return "again";
    }
  }

  private read(): Record<string, string[]> {
    try {
      return JSON.parse(localStorage.getItem(this.key()) ?? "{}") as Record<string, string[]>;
    } catch {
      return {};
    }
  }

  // A browser that keeps nothing, as in a private window, has only this page.
  private write(question: string, values: string[] | null): void {
    try {
      const all = this.read();
      if (values) all[question] = values;
      else delete all[question];
      if (Object.keys(all).length > 0) localStorage.setItem(this.key(), JSON.stringify(all));
      else localStorage.removeItem(this.key());
    } catch {
      // As in read().
    }
  }

  private forget(): void {
    for (const [question] of this.kept()) this.write(question, null);
  }

  private key(): string {
    return `kelas.quiz ${this.attempt}`;
  }
}
