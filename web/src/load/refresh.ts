// Parts of a page that are asked for anew while they change on the server.

const PATIENCE_MS = 10_000;

/** The page's own address: behind a refused form stands that of the form, which only takes forms. */
function address(): string {
  return document.querySelector<HTMLAnchorElement>("a[data-load-refresh]")?.href ?? location.href;
}

async function ask(): Promise<Document | undefined> {
  const impatience = new AbortController();
  const timer = setTimeout(() => impatience.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(address(), {
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

const parts = (page: Document) => [...page.querySelectorAll<HTMLElement>("[data-fresh]")];

/** Whether somebody is at work in it, or has filled in what would be lost. */
function isBusy(part: HTMLElement): boolean {
  if (part.contains(document.activeElement)) return true;
  const inputs = [...part.querySelectorAll("input")];
  return inputs.some(({ value, defaultValue }) => value !== defaultValue);
}

function replace(part: HTMLElement, fresh: HTMLElement): void {
  if (isBusy(part) || fresh.innerHTML === part.innerHTML) return;
  part.textContent = "";
  for (const child of [...fresh.childNodes]) part.append(document.importNode(child, true));
}

export function keepFresh(): void {
  const old = parts(document);
  if (old.length === 0) return;
  const every = Number(old[0]?.dataset.fresh);
  const look = async () => {
    const page = document.hidden ? undefined : await ask();
    const fresh = page && parts(page);
    // It has ended: the page that the server writes now is another.
    if (fresh && fresh.length !== old.length) return location.replace(address());
    fresh?.forEach((part, place) => {
      const before = old[place];
      if (before) replace(before, part);
    });
    setTimeout(look, every);
  };
  setTimeout(look, every);
}
