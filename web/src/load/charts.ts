// Draws the charts from the same exports that people download.

import { type Chart, draw, type Line, type Mark } from "./chart";
import { column, parse, type Table } from "./csv";

type Drawn = { destroy(): void };

function marks(scale: number): Mark[] {
  const text = document.getElementById("load-marks")?.textContent ?? "[]";
  const all = JSON.parse(text) as { at: number; text: string }[];
  return all.map(({ at, text }) => ({ at: at * scale, text }));
}

async function load(address: string): Promise<Table> {
  const answer = await fetch(address, { cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  return parse(await answer.text());
}

/** Draws every figure, and all of them anew when the paper, the width or the colours change. */
function keep(part: HTMLElement, chart: (figure: HTMLElement) => Chart | undefined): void {
  const figures = [...part.querySelectorAll<HTMLElement>("figure")];
  let drawn: Drawn[] = [];
  const all = () => {
    for (const one of drawn) one.destroy();
    drawn = [];
    for (const figure of figures) {
      const data = chart(figure);
      if (data) drawn.push(draw(figure, data));
    }
  };
  let width = part.clientWidth;
  window.addEventListener("resize", () => {
    if (part.clientWidth === width) return;
    width = part.clientWidth;
    all();
  });
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  // Safari 13 has no addEventListener here.
  if (dark.addEventListener) dark.addEventListener("change", all);
  window.addEventListener("beforeprint", () => {
    document.documentElement.classList.add("printing");
    all();
  });
  window.addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    all();
  });
  all();
}

function failed(part: HTMLElement): void {
  for (const reading of part.querySelectorAll<HTMLElement>("[data-reading]")) {
    reading.textContent = part.dataset.failed ?? "";
    reading.removeAttribute("aria-hidden");
  }
}

/** From when until when, in seconds. What began before belongs to it with its whole step. */
function asked(part: HTMLElement, xs: number[]): [number, number] {
  const from = Number(part.dataset.from) / 1_000;
  return [Math.min(from, xs[0] ?? from), Number(part.dataset.until) / 1_000];
}

export function drawHistory(part: HTMLElement): void {
  load(part.dataset.charts ?? "").then(
    (table) => {
      const shown = marks(1 / 1_000);
      keep(part, (figure) => {
        const suffix = figure.dataset.suffix ?? "";
        const get = (name: string, what: string) => column(table, `${name}_${what}${suffix}`);
        const lines: Line[] = [];
        for (const name of (figure.dataset.chart ?? "").split(",")) {
          const mean = get(name, "mean");
          if (mean) lines.push({ mean, min: get(name, "min"), max: get(name, "max") });
        }
        const xs = table.columns[0] as number[];
        return { xs, isTime: true, lines, marks: shown, range: asked(part, xs) };
      });
    },
    () => failed(part),
  );
}

export function drawRun(part: HTMLElement): void {
  load(part.dataset.charts ?? "").then(
    (table) => {
      const shown = marks(1);
      keep(part, (figure) => {
        const lines: Line[] = [];
        for (const head of (figure.dataset.runChart ?? "").split(",")) {
          const mean = column(table, head);
          if (mean) lines.push({ mean });
        }
        const xs = table.columns[0] as number[];
        return { xs, isTime: false, lines, marks: shown, isApart: lines.length > 1 };
      });
    },
    () => failed(part),
  );
}
