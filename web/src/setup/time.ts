// The box's clock beside this device's, and this device's in the form.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** Closer than a person can set a clock. */
const SAME = 5 * SECOND;

/** How far two clocks are apart, in the largest unit that says it. */
export function difference(milliseconds: number, language: string): string {
  const apart = Math.abs(milliseconds);
  const units: [string, number][] = [
    ["day", 24 * 60 * MINUTE],
    ["hour", 60 * MINUTE],
    ["minute", MINUTE],
    ["second", SECOND],
  ];
  const [unit, size] = units.find(([, size]) => apart >= size) ?? ["second", SECOND];
  const options = { style: "unit", unit, unitDisplay: "long" } as Intl.NumberFormatOptions;
  return new Intl.NumberFormat(language, options).format(Math.round(apart / size));
}

export function compareClocks(card: HTMLElement): void {
  const find = (name: string) => card.querySelector<HTMLElement>(`[${name}]`);
  const [own, row, time] = [find("data-box-time"), find("data-device"), find("data-device-time")];
  const sentence = find("data-difference");
  if (!own || !row || !time || !sentence) return;
  const language = card.dataset.language ?? "id";
  const ahead = Number(card.dataset.clock) - Date.now();
  const format = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "medium" });
  const update = () => {
    time.textContent = format.format(Date.now());
    own.textContent = format.format(Date.now() + ahead);
  };
  const differs = (card.dataset.differs ?? "").replace("{difference}", () =>
    difference(ahead, language),
  );
  sentence.textContent = Math.abs(ahead) < SAME ? (card.dataset.same ?? "") : differs;
  row.hidden = false;
  sentence.hidden = false;
  update();
  setInterval(update, SECOND);
  const field = card.querySelector<HTMLInputElement>('input[name="device_ms"]');
  card.closest("form")?.addEventListener("submit", () => {
    if (field) field.value = String(Date.now());
  });
}
