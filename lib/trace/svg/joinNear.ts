/** Which of the things on a line are drawn as one, since there is no room for each. */

export interface Stretch<T> {
  /** Pixels. */
  readonly from: number;
  readonly to: number;
  readonly of: readonly T[];
}

/**
 * Joins what is narrower than `apart` pixels to what is as narrow and begins less than that before it: two for each `apart`
 * pixels at most.
 *
 * @param all by where it begins
 */
export function joinNear<T>(
  all: Iterable<{ readonly from: number; readonly to: number; readonly of: T }>,
  apart: number,
): Stretch<T>[] {
  const stretches: { from: number; to: number; of: T[] }[] = [];
  for (const { from, to, of } of all) {
    const last = stretches.at(-1);
    const isNarrow = last && Math.max(last.to - last.from, to - from) < apart;
    if (isNarrow && from - last.from < apart) {
      last.to = Math.max(last.to, to);
      last.of.push(of);
    } else stretches.push({ from, to, of: [of] });
  }
  return stretches;
}
