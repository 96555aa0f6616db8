/** Finds the name that was probably meant. */

/** Undefined where nothing is near: as far apart as a slip of the fingers, or less than half of the letters. */
export function nearestName(name: string, there: readonly string[]): string | undefined {
  const distances = there.map((other) => ({ other, distance: distanceOf(name, other) }));
  const [nearest] = distances.sort((a, b) => a.distance - b.distance);
  if (!nearest) return undefined;
  const isNear = nearest.distance <= 1 || nearest.distance < name.length / 2;
  return isNear ? nearest.other : undefined;
}

/** Letters to add, leave out, change or swap. The case of a letter does not count. */
function distanceOf(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  const rows = [Array.from({ length: to.length + 1 }, (_, nth) => nth)];
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const above = rows[i - 1]!;
      const change = above[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swap = isSwap ? rows[i - 2]![j - 2]! + 1 : Infinity;
      row.push(Math.min(change, above[j]! + 1, row[j - 1]! + 1, swap));
    }
    rows.push(row);
  }
  return rows[from.length]![to.length]!;
}
