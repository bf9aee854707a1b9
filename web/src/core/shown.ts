// Which of many are shown where there is no room for all.

/** The most important ones, in their order; of equal ones those that come first. */
export function shown<Tile>(
  tiles: readonly Tile[],
  most: number,
  importance: (tile: Tile) => number,
): Tile[] {
  const ranked = tiles.map((tile, place) => ({ tile, place, rank: importance(tile) }));
  ranked.sort((one, other) => one.rank - other.rank || one.place - other.place);
  const kept = ranked.slice(0, most).sort((one, other) => one.place - other.place);
  return kept.map(({ tile }) => tile);
}
