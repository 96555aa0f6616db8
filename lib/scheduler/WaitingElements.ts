/** The elements of one lane that wait for a slot, in the order in which they shall run. */
import type { Range } from './facts.js';
import { Heap } from './Heap.js';

/** Takes ranges of elements in and gives them out; says nothing of which element is whose. */
export interface WaitingElements {
  readonly size: number;
  arrive(count: number, costs?: readonly number[]): void;
  giveBack(ranges: readonly Range[]): void;
  /** Takes up to `count` elements. */
  take(count: number): Range[];
  clear(): void;
}

/** Those given back first, then the input in its order. The work is per range, not per element. */
export class InInputOrder implements WaitingElements {
  /** Given back by a slot, lowest last, so that `pop` takes the oldest. */
  readonly #givenBack: Range[] = [];
  /** First element of the input that no slot has had yet. */
  #next = 0;
  #arrived = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  arrive(count: number): void {
    this.#arrived += count;
    this.#size += count;
  }

  giveBack(ranges: readonly Range[]): void {
    if (ranges.length === 0) return;
    for (const range of ranges) {
      this.#givenBack.push(range);
      this.#size += range.end - range.start;
    }
    this.#givenBack.sort((a, b) => b.start - a.start);
  }

  take(count: number): Range[] {
    const taken: Range[] = [];
    let left = Math.min(count, this.#size);
    this.#size -= left;
    while (left > 0) {
      const range = this.#takeRange(left);
      taken.push(range);
      left -= range.end - range.start;
    }
    return taken;
  }

  clear(): void {
    this.#givenBack.length = 0;
    this.#next = this.#arrived;
    this.#size = 0;
  }

  #takeRange(count: number): Range {
    const range = this.#givenBack.pop();
    if (range === undefined) {
      const start = this.#next;
      this.#next = Math.min(start + count, this.#arrived);
      return { start, end: this.#next };
    }
    const end = Math.min(range.start + count, range.end);
    if (end < range.end) this.#givenBack.push({ start: end, end: range.end });
    return { start: range.start, end };
  }
}

/** The dearest first, and those of equal cost in the order of the input. */
export class DearestFirst implements WaitingElements {
  readonly #costs: number[] = [];
  readonly #waiting = new Heap<number>((a, b) => {
    const difference = this.#costs[b]! - this.#costs[a]!;
    return difference < 0 || (difference === 0 && a < b);
  });

  get size(): number {
    return this.#waiting.size;
  }

  arrive(_count: number, costs: readonly number[]): void {
    for (const cost of costs) this.#waiting.push(this.#costs.push(cost) - 1);
  }

  giveBack(ranges: readonly Range[]): void {
    for (const { start, end } of ranges) {
      for (let index = start; index < end; index++) this.#waiting.push(index);
    }
  }

  take(count: number): Range[] {
    const taken: Range[] = [];
    while (taken.length < count) {
      const index = this.#waiting.pop();
      if (index === undefined) break;
      taken.push({ start: index, end: index + 1 });
    }
    return taken;
  }

  clear(): void {
    this.#waiting.clear();
  }
}
