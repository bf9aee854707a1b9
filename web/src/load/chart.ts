// One chart: a line for each mean with the band from least to most, gaps left open, and the events
// of the room on the axis.

import uPlot from "uplot";

export type Line = {
  mean: (number | null)[];
  min?: (number | null)[] | undefined;
  max?: (number | null)[] | undefined;
};

/** Something that happened at one place of the axis. */
export type Mark = { at: number; text: string };

export type Chart = {
  xs: number[];
  isTime: boolean;
  lines: Line[];
  marks: Mark[];
  /** What the axis shows, where that is more than there are numbers of. */
  range?: [number, number] | undefined;
  /** The second line has its axis on the right: next to the whole box, one program is flat. */
  isApart?: boolean | undefined;
};

const HEIGHT = 230;
/** Two lines in one chart are told apart by colour and by dashes. */
const DASHES = [[], [7, 4]];
const RIGHT = "right";

type Colours = {
  ink: string;
  soft: string;
  grid: string;
  lines: [string, string];
  bands: [string, string];
};

function colours(): Colours {
  const light: Colours = {
    ink: "#16202c",
    soft: "#4a5868",
    grid: "#dfe5eb",
    lines: ["#0b5fb0", "#a3470a"],
    bands: ["rgba(11, 95, 176, 0.18)", "rgba(163, 71, 10, 0.16)"],
  };
  const dark: Colours = {
    ink: "#eef2f6",
    soft: "#b3bfcc",
    grid: "#33404d",
    lines: ["#7cb8ff", "#ffb27a"],
    bands: ["rgba(124, 184, 255, 0.2)", "rgba(255, 178, 122, 0.18)"],
  };
  // Paper is white.
  const printing = document.documentElement.classList.contains("printing");
  return !printing && window.matchMedia("(prefers-color-scheme: dark)").matches ? dark : light;
}

const language = document.documentElement.lang;
const plain = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });

function clockText(seconds: number, step: number): string {
  const options: Intl.DateTimeFormatOptions =
    step < 86_400
      ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
      : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(language, options).format(seconds * 1_000);
}

function minutesText(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Series and data in uPlot's order: for each line its most and least, then its mean. */
function series(chart: Chart, { lines, bands }: Colours) {
  const all: uPlot.Series[] = [{}];
  const data: (number | null)[][] = [chart.xs];
  const areas: uPlot.Band[] = [];
  chart.lines.forEach(({ mean, min, max }, place) => {
    const which = place % 2;
    if (min && max) {
      const edge: uPlot.Series = { stroke: "transparent", width: 0, points: { show: false } };
      areas.push({ series: [all.length, all.length + 1], fill: bands[which] ?? "" });
      all.push({ ...edge }, { ...edge });
      data.push(max, min);
    }
    all.push({
      scale: chart.isApart && which === 1 ? RIGHT : "y",
      stroke: lines[which] ?? "",
      width: 2,
      dash: DASHES[which] ?? [],
      // Two samples with a gap on both sides are still seen.
      points: { size: 4 },
    });
    data.push(mean);
  });
  return { all, data, areas };
}

function drawMarks(plot: uPlot, marks: Mark[], colour: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.strokeStyle = colour;
  ctx.globalAlpha = 0.7;
  ctx.lineWidth = 1;
  ctx.setLineDash([2, 3]);
  for (const { at } of marks) {
    const x = Math.round(plot.valToPos(at, "x", true)) + 0.5;
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
  }
  ctx.stroke();
  ctx.restore();
}

/** What stands under the pointer, in a line: the time, each line's numbers, who came or went. */
function reading(plot: uPlot, chart: Chart, figure: HTMLElement): string {
  const place = plot.cursor.idx;
  if (place === null || place === undefined) return "\u00a0";
  const at = chart.xs[place] ?? 0;
  const unit = figure.dataset.unit ?? "";
  const step = (chart.xs[place + 1] ?? at) - at || at - (chart.xs[place - 1] ?? at);
  const long = { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" } as const;
  const time = chart.isTime
    ? new Intl.DateTimeFormat(language, long).format(at * 1_000)
    : minutesText(at);
  const values = chart.lines.map(({ mean, min, max }) => {
    const [value, least, most] = [mean[place], min?.[place], max?.[place]];
    if (value === null || value === undefined) return "–";
    const spread =
      least !== null && least !== undefined && most !== null && most !== undefined
        ? ` (${plain.format(least)}–${plain.format(most)})`
        : "";
    return `${plain.format(value)}${spread}`;
  });
  const events = chart.marks.filter((mark) => Math.abs(mark.at - at) <= Math.max(step, 1) / 2);
  const told = events.slice(0, 3).map(({ text }) => text);
  return [time, `${values.join(" / ")} ${unit}`.trim(), ...told].join(" · ");
}

function fromNought(_: uPlot, least: number, most: number): [number, number] {
  return [Math.min(0, least), most > 0 ? most * 1.08 : 1];
}

/** As wide as its longest number. */
function axisSize(_: uPlot, values: string[] | null): number {
  return 18 + 7 * Math.max(3, ...(values ?? []).map((value) => value.length));
}

/** One point alone would have no width. */
function axisRange(
  wanted: [number, number] | undefined,
  least: number,
  most: number,
): [number, number] {
  return wanted ?? (most > least ? [least, most] : [least, least + 1]);
}

export function draw(figure: HTMLElement, chart: Chart): { destroy(): void } {
  const place = figure.querySelector<HTMLElement>("[data-canvas]") as HTMLElement;
  const line = figure.querySelector<HTMLElement>("[data-reading]") as HTMLElement;
  const colour = colours();
  const { all, data, areas } = series(chart, colour);
  const axis: uPlot.Axis = {
    stroke: colour.ink,
    grid: { stroke: colour.grid, width: 1 },
    ticks: { stroke: colour.grid, width: 1 },
    font: "12px system-ui, sans-serif",
  };
  const numbers: uPlot.Axis = {
    ...axis,
    size: axisSize,
    values: (_, splits) => splits.map((value) => plain.format(value)),
  };
  const options: uPlot.Options = {
    width: place.clientWidth || 300,
    height: HEIGHT,
    series: all,
    bands: areas,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { time: chart.isTime, range: (_, least, most) => axisRange(chart.range, least, most) },
      y: { range: fromNought },
      ...(chart.isApart ? { [RIGHT]: { range: fromNought } } : {}),
    },
    axes: [
      {
        ...axis,
        space: 60,
        values: (_, splits, __, ___, step) =>
          splits.map((at) => (chart.isTime ? clockText(at, step) : minutesText(at))),
      },
      { ...numbers, stroke: chart.isApart ? colour.lines[0] : colour.ink },
      ...(chart.isApart
        ? [
            {
              ...numbers,
              scale: RIGHT,
              side: 1 as const,
              stroke: colour.lines[1],
              grid: { show: false },
            },
          ]
        : []),
    ],
    hooks: {
      draw: [(plot) => drawMarks(plot, chart.marks, colour.soft)],
      setCursor: [
        (plot) => {
          line.textContent = reading(plot, chart, figure);
        },
      ],
    },
  };
  place.textContent = "";
  const plot = new uPlot(options, data as uPlot.AlignedData, place);
  return plot;
}
