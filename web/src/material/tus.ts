// Sends a file so that a lost Wi-Fi, a sleeping phone and a restart of the box only delay it: tus
// 1.0 as far as our page needs it. The page may be loaded anew meanwhile; whoever chooses the same
// file again goes on with it.

/** What the box said no to, in words that `error.<code>` explains. */
export interface Refusal {
  code: string;
  args: Record<string, string>;
}

export interface Hooks {
  /** Bytes that the box has, or that are on their way. */
  sent(bytes: number): void;
  /** Whether the box is out of reach at the moment. */
  waiting(isWaiting: boolean): void;
}

const VERSION = { "Tus-Resumable": "1.0.0" };
/** Longest pause before the box is tried again. */
const LONGEST_PAUSE_MS = 15_000;

/** The box cannot be reached, or asks to be tried again. */
class Unreachable extends Error {}

export class Upload {
  private request: XMLHttpRequest | undefined;
  private isCancelled = false;
  private attempts = 0;
  private wake: (() => void) | undefined;
  private address: string | undefined;
  private readonly key: string;
  private readonly onOnline = () => this.wake?.();

  constructor(
    private readonly endpoint: string,
    private readonly content: Blob,
    private readonly name: string,
    original: File,
    private readonly hooks: Hooks,
  ) {
    const mark = [endpoint, original.name, original.size, original.lastModified, content.size];
    this.key = `kelas.upload ${mark.join(" ")}`;
    this.address = recall(this.key);
  }

  /** Resolves when the box has all of it: with nothing, or with why it does not want it. */
  async run(): Promise<Refusal | undefined> {
    window.addEventListener("online", this.onOnline);
    try {
      while (!this.isCancelled) {
        try {
          const refusal = await this.attempt();
          this.forget();
          return refusal;
        } catch (error) {
          if (!(error instanceof Unreachable)) throw error;
        }
        if (!this.isCancelled) await this.pause();
      }
      return undefined;
    } finally {
      window.removeEventListener("online", this.onOnline);
    }
  }

  /** Ends it, here and on the box. */
  cancel(): void {
    this.isCancelled = true;
    this.request?.abort();
    this.wake?.();
    const address = this.address;
    this.forget();
    if (address) {
      // If the box does not hear it, it gives the upload up by itself after two days.
      fetch(address, { method: "DELETE", headers: VERSION }).catch(() => undefined);
    }
  }

  private async attempt(): Promise<Refusal | undefined> {
    let offset = 0;
    if (this.address) {
      const answer = await reach(this.address, { method: "HEAD", headers: VERSION });
      if (answer.ok) {
        offset = Number(answer.headers.get("Upload-Offset"));
      } else if (isOver(answer.status)) {
        this.address = undefined;
      } else {
        return refusal(answer.status, "");
      }
    }
    if (!this.address) {
      const answer = await reach(this.endpoint, { method: "POST", headers: this.creation() });
      const address = answer.headers.get("Location");
      if (!answer.ok || !address) return refusal(answer.status, await answer.text());
      this.address = address;
      remember(this.key, address);
    }
    this.hooks.waiting(false);
    return offset < this.content.size ? this.send(this.address, offset) : undefined;
  }

  private creation(): Record<string, string> {
    const bytes = unescape(encodeURIComponent(this.name));
    return {
      ...VERSION,
      "Upload-Length": String(this.content.size),
      "Upload-Metadata": `filename ${btoa(bytes)}`,
    };
  }

  private send(address: string, offset: number): Promise<Refusal | undefined> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      this.request = request;
      request.open("PATCH", address);
      request.setRequestHeader("Tus-Resumable", VERSION["Tus-Resumable"]);
      request.setRequestHeader("Upload-Offset", String(offset));
      request.setRequestHeader("Content-Type", "application/offset+octet-stream");
      request.upload.onprogress = (event) => {
        this.attempts = 0;
        this.hooks.sent(offset + event.loaded);
      };
      request.onload = () => {
        if (request.status === 204) return resolve(undefined);
        const told = refusal(request.status, request.responseText);
        const goesOn = told.code === "upload_offset" || isOver(request.status);
        if (goesOn || isPassing(request.status)) reject(new Unreachable());
        else resolve(told);
      };
      request.onerror = () => reject(new Unreachable());
      request.onabort = () => reject(new Unreachable());
      request.send(this.content.slice(offset));
    });
  }

  private pause(): Promise<void> {
    this.hooks.waiting(true);
    const pause = Math.min(500 * 2 ** this.attempts, LONGEST_PAUSE_MS);
    this.attempts += 1;
    return new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, pause);
    });
  }

  private forget(): void {
    this.address = undefined;
    try {
      localStorage.removeItem(this.key);
    } catch {
      // As in recall().
    }
  }
}

async function reach(address: string, request: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(address, request);
  } catch {
    throw new Unreachable();
  }
  if (isPassing(answer.status)) throw new Unreachable();
  return answer;
}

/** The box is busy, or a piece did not come in time: it is worth trying again. */
function isPassing(status: number): boolean {
  return [408, 500, 502, 503, 504].includes(status);
}

/** The box no longer knows it. */
function isOver(status: number): boolean {
  return status === 404 || status === 410;
}

function refusal(status: number, text: string): Refusal {
  try {
    const told = JSON.parse(text) as Partial<Refusal>;
    if (told.code) return { code: told.code, args: told.args || {} };
  } catch {
    // Not our words; the status says enough.
  }
  return { code: status === 401 ? "sign_in_required" : "internal", args: {} };
}

// A browser that keeps nothing, as in a private window, begins anew after a reload.
function recall(key: string): string | undefined {
  try {
    return localStorage.getItem(key) || undefined;
  } catch {
    return undefined;
  }
}

function remember(key: string, address: string): void {
  try {
    localStorage.setItem(key, address);
  } catch {
    // As in recall().
  }
}
