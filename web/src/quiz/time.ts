// The time that is left, by the box: this browser only counts down from what it was told.

const MINUTE_MS = 60_000;

export class Countdown {
  private end = 0;

  constructor(
    left_ms: number,
    private readonly show: (words: string, left_ms: number) => void,
    private readonly over: () => void,
  ) {
    this.set(left_ms);
    const timer = setInterval(() => {
      const left = this.left();
      this.show(written(left), left);
      if (left > 0) return;
      clearInterval(timer);
      this.over();
    }, 500);
  }

  /** What the box says now. */
  set(left_ms: number): void {
    this.end = performance.now() + left_ms;
    this.show(written(left_ms), left_ms);
  }

  private left(): number {
    return Math.max(0, this.end - performance.now());
  }
}

/** Such as "9:05". */
function written(left_ms: number): string {
  const seconds = Math.ceil(left_ms / 1_000);
  return `${Math.floor(seconds / 60)}:${`0${seconds % 60}`.slice(-2)}`;
}

/** What is worth interrupting somebody for: five minutes, and one. */
export function milestone(before_ms: number, now_ms: number): "five" | "little" | null {
  const passed = (minutes: number) =>
    before_ms > minutes * MINUTE_MS && now_ms <= minutes * MINUTE_MS;
  if (passed(1)) return "little";
  return passed(5) ? "five" : null;
}
