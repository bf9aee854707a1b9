// A part of a page that is asked for anew while it changes on the server.

const PATIENCE_MS = 10_000;

async function ask(): Promise<Document | undefined> {
  const impatience = new AbortController();
  const timer = setTimeout(() => impatience.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(location.href, {
      signal: impatience.signal,
      cache: "no-store",
      headers: { accept: "text/html" },
    });
    if (!answer.ok || answer.redirected) return undefined;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

export function keepFresh(part: HTMLElement): void {
  const every = Number(part.dataset.fresh);
  const look = async () => {
    const page = document.hidden ? undefined : await ask();
    const fresh = page?.querySelector<HTMLElement>("main h1 + div");
    // It has ended: the page that the server writes now is another.
    if (fresh && !fresh.dataset.fresh) return location.reload();
    const busy = part.contains(document.activeElement);
    if (fresh && !busy && fresh.innerHTML !== part.innerHTML) {
      part.textContent = "";
      for (const child of [...fresh.childNodes]) part.append(document.importNode(child, true));
    }
    setTimeout(look, every);
  };
  setTimeout(look, every);
}
