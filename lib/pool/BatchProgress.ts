/** Keeps what of a batch has ended, and tells what has not. */
import type { Settled } from '../executors/Executor.js';
import { countOf, sliceOf, type Range } from '../task/ranges.js';

export class BatchProgress {
  readonly #ranges: readonly Range[];
  /** Elements that are still the batch's: all, or those before what was taken back. */
  #count: number;
  /** Elements that have ended, from the first on without a gap. */
  #endedInOrder = 0;
  /** Positions after them that have ended. */
  readonly #endedAhead = new Set<number>();

  constructor(ranges: readonly Range[]) {
    this.#ranges = ranges;
    this.#count = countOf(ranges);
  }

  get ended(): number {
    return this.#endedInOrder + this.#endedAhead.size;
  }

  note({ from, values }: Settled): void {
    if (from === this.#endedInOrder) this.#endedInOrder += values.length;
    else for (let nth = 0; nth < values.length; nth++) this.#endedAhead.add(from + nth);
  }

  /** Gives up the elements from a position on. */
  takeBackFrom(position: number): Range[] {
    const taken = sliceOf(this.#ranges, position, this.#count);
    this.#count = Math.min(this.#count, position);
    return taken;
  }

  /** The elements that have not ended. */
  unstarted(): Range[] {
    const rest: Range[] = [];
    let from = this.#endedInOrder;
    for (const ended of [...this.#endedAhead].sort((a, b) => a - b)) {
      rest.push(...sliceOf(this.#ranges, from, Math.min(ended, this.#count)));
      from = ended + 1;
    }
    rest.push(...sliceOf(this.#ranges, from, this.#count));
    return rest;
  }
}
