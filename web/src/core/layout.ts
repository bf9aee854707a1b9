// Where the tiles go: pure arithmetic from the number of people and the room on the screen.

export type Box = { left: number; top: number; width: number; height: number };

export type Layout = {
  /** One box per tile, in the order of the tiles. */
  boxes: Box[];
  /** More than the height of the screen when it must be scrolled. */
  height: number;
};

export type LayoutInput = {
  /** Tiles to place, the most important first. */
  count: number;
  width: number;
  height: number;
  /** `stage`: the first tile gets most of the room. `pair`: two people, the second one small. */
  shape: "grid" | "stage" | "pair";
  gap?: number;
};

const RATIO = 16 / 9;
// Narrower than this, a face is not seen and a name not read.
const LEAST_WIDTH = 104;
const LEAST_HEIGHT = 78;

/** So many people are always shown, scrolled where needed; more than these are too small to see. */
const SHOWN_ALWAYS = 12;
const SHOWN_AT_MOST = 24;

/** How many tiles there is room for: each picture costs a phone a decoder. */
export function mostTiles({
  width,
  height,
  gap = 6,
}: Omit<LayoutInput, "count" | "shape">): number {
  const columns = Math.floor((width + gap) / (LEAST_WIDTH + gap));
  const rows = Math.floor((height + gap) / (LEAST_HEIGHT + gap));
  return Math.max(SHOWN_ALWAYS, Math.min(SHOWN_AT_MOST, columns * rows));
}

export function layout(input: LayoutInput): Layout {
  const gap = input.gap ?? 6;
  const area: Box = { left: 0, top: 0, width: input.width, height: input.height };
  if (input.count <= 0 || input.width <= 0 || input.height <= 0) return { boxes: [], height: 0 };
  if (input.count === 1) return { boxes: [area], height: area.height };
  if (input.shape === "pair" && input.count === 2) return pair(area, gap);
  if (input.shape === "stage") return stage(input.count, area, gap);
  return grid(input.count, area, gap);
}

/** The whole area for the other one, and oneself small in a corner. */
function pair(area: Box, gap: number): Layout {
  const width = Math.round(Math.max(96, Math.min(220, area.width * 0.28)));
  const height = Math.round(area.width < area.height ? (width * 4) / 3 : width / RATIO);
  const own = {
    left: area.width - width - gap * 2,
    top: area.height - height - gap * 2,
    width,
    height,
  };
  return { boxes: [area, own], height: area.height };
}

/** The first tile large, the others beside it (wide screens) or below it (narrow ones). */
function stage(count: number, area: Box, gap: number): Layout {
  const others = count - 1;
  if (area.width > area.height * 1.2) {
    const rest = side(others, area, gap);
    const main = { ...area, width: area.width - rest.width - gap };
    const beside = { ...area, left: main.width + gap, width: rest.width, height: rest.height };
    const placed = cells(others, rest.columns, beside, gap);
    return { boxes: [main, ...placed.boxes], height: Math.max(area.height, placed.height) };
  }
  const mainHeight = Math.round(Math.min(area.width / RATIO, area.height * 0.6));
  const main = { ...area, height: mainHeight };
  const below = { ...area, top: mainHeight + gap, height: area.height - mainHeight - gap };
  const rest = grid(others, below, gap);
  return { boxes: [main, ...rest.boxes], height: Math.max(area.height, rest.height) };
}

/** The columns beside the stage: the largest tiles in a quarter of the width, for many in a third. */
function side(
  count: number,
  area: Box,
  gap: number,
): { columns: number; width: number; height: number } {
  const most = count > 4 ? area.width / 3 : area.width / 4;
  let best = { columns: 1, tile: 0 };
  for (let columns = 1; columns <= 3; columns += 1) {
    const rows = Math.ceil(count / columns);
    const fitting = ((area.height - gap * (rows - 1)) / rows) * RATIO;
    const tile = Math.min(fitting, (most - gap * (columns - 1)) / columns);
    if (tile > best.tile) best = { columns, tile };
  }
  // Rather scrolled than unreadable.
  if (best.tile < LEAST_WIDTH) best = { columns: 1, tile: Math.max(LEAST_WIDTH, most * 0.75) };
  const rows = Math.ceil(count / best.columns);
  return {
    columns: best.columns,
    width: Math.floor(best.tile * best.columns + gap * (best.columns - 1)),
    height: (best.tile / RATIO) * rows + gap * (rows - 1),
  };
}

/** The number of columns that gives the largest tiles. */
function grid(count: number, area: Box, gap: number): Layout {
  let best = { columns: 1, worth: -1 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const width = (area.width - gap * (columns - 1)) / columns;
    if (columns > 1 && width < LEAST_WIDTH) break;
    const height = (area.height - gap * (rows - 1)) / rows;
    // What a 4:3 to 16:9 picture can use of the cell; the rest would be cropped or black.
    const size = Math.min(width, height * RATIO) * Math.min(height, (width * 3) / 4);
    // Equal rows look better than a last one with a single tile, and scrolling is the last resort.
    const full = count % columns === 0 ? 1.04 : 1;
    const worth = size * full * (height < LEAST_HEIGHT ? 0.1 : 1);
    if (worth > best.worth) best = { columns, worth };
  }
  const rows = Math.ceil(count / best.columns);
  const least = rows * LEAST_HEIGHT + gap * (rows - 1);
  return cells(count, best.columns, { ...area, height: Math.max(area.height, least) }, gap);
}

function cells(count: number, columns: number, area: Box, gap: number): Layout {
  const rows = Math.ceil(count / columns);
  const height = (area.height - gap * (rows - 1)) / rows;
  const boxes: Box[] = [];
  for (let index = 0; index < count; index += 1) {
    const row = Math.floor(index / columns);
    // The last row shares the width among fewer.
    const inRow = row === rows - 1 ? count - row * columns : columns;
    const whole = (area.width - gap * (columns - 1)) / columns;
    const width =
      inRow < columns ? Math.min((area.width - gap * (inRow - 1)) / inRow, whole) : whole;
    const indent = (area.width - width * inRow - gap * (inRow - 1)) / 2;
    boxes.push({
      left: Math.round(area.left + indent + (index - row * columns) * (width + gap)),
      top: Math.round(area.top + row * (height + gap)),
      width: Math.floor(width),
      height: Math.floor(height),
    });
  }
  return { boxes, height: Math.round(area.top + area.height) };
}
