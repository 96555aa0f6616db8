/** Elements of a lane that ran beside others when their slot was lost: tried again, each runs alone, to find the guilty. */
import type { Range } from './facts.js';

export class Suspects {
  /** Those that are to wait again later. */
  readonly #delayed = new Set<number>();
  readonly #waiting = new Set<number>();

  /** Whether some wait for a slot of their own. */
  get areWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  add(ranges: readonly Range[]): void {
    for (const { start, end } of ranges) {
      for (let index = start; index < end; index++) this.#delayed.add(index);
    }
  }

  /** Those of these that are suspects wait now. */
  resume(ranges: readonly Range[]): void {
    if (this.#delayed.size === 0) return;
    for (const { start, end } of ranges) {
      for (let index = start; index < end; index++) {
        if (this.#delayed.delete(index)) this.#waiting.add(index);
      }
    }
  }

  /** An element is started. @returns whether it must run alone */
  take(index: number): boolean {
    return this.#waiting.delete(index);
  }

  /** They were given back unstarted. */
  giveBack(ranges: readonly Range[]): void {
    for (const { start, end } of ranges) {
      for (let index = start; index < end; index++) this.#waiting.add(index);
    }
  }

  clear(): void {
    this.#delayed.clear();
    this.#waiting.clear();
  }
}
