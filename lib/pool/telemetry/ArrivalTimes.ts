/** Remembers when the elements of a call came, in little memory however many came how often. */
import type { Millis } from '../../executors/Executor.js';
import { countOf, type Range } from '../../task/ranges.js';

/** Moments that are remembered, before some become one: half of them, for any hours. */
const MOST_MOMENTS = 1024;

/** What a wait may be off by then, as a share of it. */
const PRECISION = 0.05;

export class ArrivalTimes {
  /** The elements before `ends[n]`, and from `ends[n - 1]` on, came at `times[n]`. Both only go up. */
  readonly #ends: number[] = [];
  readonly #times: Millis[] = [];
  #most = MOST_MOMENTS;

  /** All elements before `end` are there now. */
  note(end: number, now: Millis): void {
    this.#ends.push(end);
    this.#times.push(now);
    if (this.#ends.length > this.#most) this.#thinOut(now);
  }

  /** When these elements came: the mean. */
  meanOf(ranges: readonly Range[]): Millis {
    let total = 0;
    for (const { start, end } of ranges) {
      for (let from = start, nth = this.#find(start); from < end; nth++) {
        // What was not told of before is coming now.
        const to = Math.min(end, this.#ends[nth] ?? end);
        total += (to - from) * (this.#times[nth] ?? this.#times.at(-1) ?? 0);
        from = to;
      }
    }
    return total / countOf(ranges);
  }

  /** The place of the moment at which an element came. */
  #find(index: number): number {
    let low = 0;
    let high = this.#ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#ends[middle]! > index) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The longer ago they were, the more moments become one: elements of it came at its first, or a little later. */
  #thinOut(now: Millis): void {
    const [ends, times] = [this.#ends, this.#times];
    let last = 0;
    for (let nth = 1; nth < ends.length; nth++) {
      // All that came before the next moment would be one.
      const next = times[nth + 1] ?? now;
      const areOne = next - times[last]! <= PRECISION * (now - next);
      if (!areOne) last++;
      ends[last] = ends[nth]!;
      if (!areOne) times[last] = times[nth]!;
    }
    ends.length = times.length = last + 1;
    // Else this would be done again with each one that comes.
    this.#most = Math.max(MOST_MOMENTS, 2 * ends.length);
  }
}
