// An export of the box: plain numbers, comma-separated, with a head. An empty cell is nothing.

export type Table = { heads: string[]; columns: (number | null)[][] };

/** The first column may be a time in ISO 8601, which becomes seconds since 1970. */
export function parse(text: string): Table {
  const lines = text.split("\r\n").filter((line) => line !== "");
  const heads = (lines[0] ?? "").split(",");
  const columns: (number | null)[][] = heads.map(() => []);
  for (const line of lines.slice(1)) {
    line.split(",").forEach((cell, place) => {
      columns[place]?.push(number(cell));
    });
  }
  return { heads, columns };
}

function number(cell: string): number | null {
  if (cell === "") return null;
  return /T.*Z$/.test(cell) ? Date.parse(cell) / 1_000 : Number(cell);
}

/** The column under `head`, or nothing if the box had nothing to say. */
export function column(table: Table, head: string): (number | null)[] | undefined {
  const place = table.heads.indexOf(head);
  return place < 0 ? undefined : table.columns[place];
}
