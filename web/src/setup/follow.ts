// Follows a change of the box from the page that waits for it, across the moment in which the
// Wi-Fi falls away and comes back.

type Now = { stage: string; seconds?: number };

const EVERY_MS = 1_500;
const PATIENCE_MS = 4_000;

/** What the box says, or nothing while it cannot be reached. */
async function ask(address: string): Promise<Now | undefined> {
  const impatience = new AbortController();
  const timer = setTimeout(() => impatience.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(address, { signal: impatience.signal, cache: "no-store" });
    return answer.ok ? ((await answer.json()) as Now) : undefined;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** Says in the page's live line what happens; a page that shows a stage is loaded anew when the
 * stage is another. */
export function follow(page: HTMLElement): void {
  const { follow: address, stage: shown, goal } = page.dataset;
  const live = page.querySelector<HTMLElement>("[data-live]");
  const say = (text: string | undefined) => {
    if (!live || !text) return;
    live.hidden = false;
    if (live.textContent !== text) live.textContent = text;
  };
  const look = async () => {
    const now = await ask(address ?? "");
    if (!now) say(live?.dataset.lost);
    else if (shown && now.stage !== shown) return location.reload();
    else if (
      goal &&
      (now.stage === "confirmed" || now.stage === "failed" || now.stage === "rolled_back")
    ) {
      return location.assign("/setup/progress");
    } else if (now.stage === "trial") {
      say(live?.dataset.trial?.replace("{seconds}", String(now.seconds ?? 0)));
    } else say(live?.dataset.waiting);
    setTimeout(look, EVERY_MS);
  };
  setTimeout(look, EVERY_MS);
}
