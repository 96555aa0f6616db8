/** Elements that are next to each other in an input: from `start` up to, not including, `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Elements in all ranges together. */
export function countOf(ranges: readonly Range[]): number {
  let count = 0;
  for (const { start, end } of ranges) count += end - start;
  return count;
}

/** The element at a position, counted from 0 through all ranges in their order. */
export function indexAt(ranges: readonly Range[], position: number): number {
  let left = position;
  for (const { start, end } of ranges) {
    if (left < end - start) return start + left;
    left -= end - start;
  }
  throw new RangeError(`No position ${position} in ${countOf(ranges)} elements`);
}

/** Gives the elements at positions that only go up: one step each, however many ranges there are. */
export class IndexCursor {
  readonly #ranges: readonly Range[];
  #nth = 0;
  /** Elements in the ranges before that one. */
  #before = 0;

  constructor(ranges: readonly Range[]) {
    this.#ranges = ranges;
  }

  /** @param position no lower than at the call before, and below the count of elements */
  at(position: number): number {
    for (;;) {
      const { start, end } = this.#ranges[this.#nth]!;
      const index = start + position - this.#before;
      if (index < end) return index;
      this.#before += end - start;
      this.#nth++;
    }
  }
}

/** The elements at the positions from `from` up to, not including, `to`. */
export function sliceOf(ranges: readonly Range[], from: number, to: number): Range[] {
  const slice: Range[] = [];
  let before = 0;
  for (const { start, end } of ranges) {
    const first = start + Math.max(0, from - before);
    const last = Math.min(end, start + to - before);
    if (first < last) slice.push({ start: first, end: last });
    before += end - start;
  }
  return slice;
}
