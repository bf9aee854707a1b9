// What a student types outlives a phone that closes the page, a Wi-Fi that is gone and a session that
// is over: it is kept in the browser until the box has it.

const PREFIX = "kelas.draft ";

/** Keeps what is typed into a field with `data-draft`, and brings it back. */
export function keepDraft(field: HTMLTextAreaElement): void {
  const key = PREFIX + field.dataset.draft;
  const kept = read(key);
  if (kept !== null && plain(kept) !== plain(field.defaultValue)) {
    field.value = kept;
    for (const note of document.querySelectorAll<HTMLElement>("[data-restored]"))
      note.hidden = false;
  } else {
    write(key, null);
  }
  field.addEventListener("input", () => write(key, field.value));
}

/** As the box keeps it. */
function plain(text: string): string {
  return text.replace(/\r\n/g, "\n").trim();
}

// A browser that keeps nothing, as in a private window, has no draft.
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // As in read().
  }
}
