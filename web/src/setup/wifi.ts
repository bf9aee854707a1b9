// The byte counter of the Wi-Fi's name, and countries by their names.

/** Bytes of a text in UTF-8, as they go through the air. */
export function bytes(text: string): number {
  return new TextEncoder().encode(text.trim()).length;
}

export function countBytes(input: HTMLInputElement): void {
  const most = Number(input.dataset.bytes);
  const counter = document.querySelector<HTMLElement>(`[data-counts="${input.id}"]`);
  if (!counter) return;
  const template = counter.dataset.text ?? "";
  const update = () => {
    const count = bytes(input.value);
    counter.textContent = template.replace("{count}", String(count));
    counter.classList.toggle("over", count > most);
    counter.hidden = false;
  };
  input.addEventListener("input", update);
  update();
}

/** Options that are still a bare code get the name that the browser knows, in its order. */
export function nameCountries(select: HTMLSelectElement, language: string): void {
  type Names = { of(code: string): string | undefined };
  type WithNames = { DisplayNames?: new (languages: string[], options: { type: string }) => Names };
  const { DisplayNames } = Intl as unknown as WithNames;
  if (!DisplayNames) return;
  const names = new DisplayNames([language], { type: "region" });
  const bare = [...select.options].filter(({ text, value }) => text === value);
  for (const option of bare) option.text = names.of(option.value) ?? option.value;
  bare.sort((one, other) => one.text.localeCompare(other.text, language));
  for (const option of bare) select.append(option);
}
