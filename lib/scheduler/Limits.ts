/** The limits of the lanes that are open. The largest is how many slots are wanted. */
import { Heap } from './Heap.js';

export class Limits {
  /** How many lanes have each of those in the heap. */
  readonly #lanes = new Map<number, number>();
  /** Each once; also those that no lane has any more, until they come first. */
  readonly #largestFirst = new Heap<number>((a, b) => a > b);

  add(limit: number): void {
    const lanes = this.#lanes.get(limit);
    this.#lanes.set(limit, (lanes ?? 0) + 1);
    if (lanes === undefined) this.#largestFirst.push(limit);
  }

  remove(limit: number): void {
    this.#lanes.set(limit, this.#lanes.get(limit)! - 1);
  }

  /** 0 if no lane is open. */
  get largest(): number {
    for (let limit; (limit = this.#largestFirst.peek()) !== undefined;) {
      if (this.#lanes.get(limit)! > 0) return limit;
      this.#lanes.delete(limit);
      this.#largestFirst.pop();
    }
    return 0;
  }
}
