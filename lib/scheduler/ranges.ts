/** What there is to ask of ranges of elements. */
import type { Range } from './facts.js';

export function countOf(ranges: readonly Range[]): number {
  let count = 0;
  for (const { start, end } of ranges) count += end - start;
  return count;
}

export function* indicesIn(ranges: readonly Range[]): Generator<number> {
  for (const { start, end } of ranges) for (let index = start; index < end; index++) yield index;
}
