/** The elements of a lane in the order of its input. The work is per range, not per element. */
import type { Range } from './facts.js';
import { countOf } from './ranges.js';
import type { Taken, WaitingElements } from './WaitingElements.js';

/** Those given back first, then the input in its order. */
export class InInputOrder implements WaitingElements {
  readonly isByCost = false;
  /** Given back by a slot, lowest last, so that `pop` takes the oldest. */
  readonly #givenBack: Range[] = [];
  /** First element of the input that no slot has had yet. */
  #next = 0;
  #arrived = 0;
  #size = 0;
  #delayed = 0;

  get size(): number {
    return this.#size;
  }

  get width(): number {
    return this.#size;
  }

  get delayed(): number {
    return this.#delayed;
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

  take(count: number): Taken {
    const ranges: Range[] = [];
    const all = Math.min(count, this.#size);
    this.#size -= all;
    let left = all;
    while (left > 0) {
      const range = this.#takeRange(left);
      ranges.push(range);
      left -= range.end - range.start;
    }
    return { ranges, count: all, width: all };
  }

  delay(ranges: readonly Range[]): void {
    this.#delayed += countOf(ranges);
  }

  resume(ranges: readonly Range[]): void {
    this.#delayed -= countOf(ranges);
    this.giveBack(ranges);
  }

  settle(): void {
    // Nothing waits for what ends.
  }

  release(): void {
    // Nothing waits for what ends.
  }

  clear(): void {
    this.#delayed = 0;
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
