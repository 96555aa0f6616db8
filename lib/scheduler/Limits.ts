/** The limits of the lanes that are open. The largest is how many slots are wanted. */
import { Heap } from './Heap.js';

export class Limits {
  /** How many lanes have each. */
  readonly #lanes = new Map<number, number>();
  /** Also those that no lane has any more, until they come first. */
  readonly #largestFirst = new Heap<number>((a, b) => a > b);

  add(limit: number): void {
    const lanes = this.#lanes.get(limit) ?? 0;
    this.#lanes.set(limit, lanes + 1);
    if (lanes === 0) this.#largestFirst.push(limit);
  }

  remove(limit: number): void {
    const others = this.#lanes.get(limit)! - 1;
    if (others > 0) this.#lanes.set(limit, others);
    else this.#lanes.delete(limit);
  }

  /** 0 if no lane is open. */
  get largest(): number {
    for (let limit; (limit = this.#largestFirst.peek()) !== undefined;) {
      if (this.#lanes.has(limit)) return limit;
      this.#largestFirst.pop();
    }
    return 0;
  }
}
