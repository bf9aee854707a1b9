// The numbers of /load, as the box sends them each second.

type Card = { key: string; value: string; hint: string };
type Verdict = { level: string; text: string; hint: string };
type Now = { at: string; cost: string; verdict: Verdict | null; cards: Card[] };

export function follow(page: HTMLElement): void {
  const find = (name: string) => page.querySelector<HTMLElement>(`[data-load="${name}"]`);
  const state = find("state");
  const set = (element: Element | null | undefined, text: string) => {
    // A screen reader must not be told what did not change.
    if (element && element.textContent !== text) element.textContent = text;
  };
  const show = (now: Now) => {
    for (const { key, value, hint } of now.cards) {
      const card = page.querySelector(`[data-card="${key}"]`);
      // The first sample, or a value that has just appeared: the server writes the card.
      if (!card) return location.reload();
      set(card.querySelector("[data-value]"), value);
      set(card.querySelector("[data-hint]"), hint);
    }
    const verdict = find("verdict");
    if (verdict && now.verdict) {
      verdict.dataset.level = now.verdict.level;
      set(find("verdict-text"), now.verdict.text);
      set(find("verdict-hint"), now.verdict.hint);
    }
    set(find("at"), now.at);
    set(find("cost"), now.cost);
    set(state, "");
  };
  let events: EventSource | undefined;
  const open = () => {
    if (events || document.hidden) return;
    events = new EventSource(page.dataset.loadEvents ?? "");
    events.onmessage = ({ data }) => show(JSON.parse(data) as Now);
    events.onerror = () => {
      set(state, page.dataset.lost ?? "");
      // Refused, such as after signing out, the browser does not try again by itself.
      if (events && events.readyState === EventSource.CLOSED) close();
    };
  };
  const close = () => {
    if (events) events.close();
    events = undefined;
  };
  // A page that nobody sees costs the box nothing.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  open();
}
