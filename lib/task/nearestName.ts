/** Finds the name that was probably meant. */

/** As far apart as a slip of the fingers, or of the shift key; undefined where nothing is. */
export function nearestName(name: string, there: readonly string[]): string | undefined {
  const distances = there.map((other) => ({ other, distance: distanceOf(name, other) }));
  const [nearest] = distances.sort((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= Math.max(1, name.length / 3) ? nearest.other : undefined;
}

/** Levenshtein's: letters to add, leave out or change. The case of a letter does not count. */
function distanceOf(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: to.length + 1 }, (_, nth) => nth);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
