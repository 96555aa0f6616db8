/** The elements of one lane that wait for a slot, now or later, in the order in which they shall run. */
import type { Range } from './facts.js';
import { Heap } from './Heap.js';

/** Elements that were taken to be run, and what is needed to take them in again. */
export interface Taken {
  readonly ranges: readonly Range[];
  /** What each costs; undefined where that does not matter. */
  readonly costs?: ReadonlyMap<number, number>;
}

/** Takes ranges of elements in and gives them out; says nothing of which element is whose. */
export interface WaitingElements {
  readonly size: number;
  /** Whether some shall run before others that came earlier. */
  readonly isByCost: boolean;
  arrive(count: number, costs?: readonly number[]): void;
  /** Some of what was taken waits again. */
  giveBack(ranges: readonly Range[], taken: Taken): void;
  /** Takes up to `count` elements. */
  take(count: number): Taken;
  /** Elements that are delayed: they are to wait again later. */
  readonly delayed: number;
  /** Some of what was taken is to wait again later. */
  delay(ranges: readonly Range[], taken: Taken): void;
  /** What was delayed waits again. */
  resume(ranges: readonly Range[]): void;
  clear(): void;
}

/** Those given back first, then the input in its order. The work is per range, not per element. */
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
    let left = Math.min(count, this.#size);
    this.#size -= left;
    while (left > 0) {
      const range = this.#takeRange(left);
      ranges.push(range);
      left -= range.end - range.start;
    }
    return { ranges };
  }

  delay(ranges: readonly Range[]): void {
    this.#delayed += countOf(ranges);
  }

  resume(ranges: readonly Range[]): void {
    this.#delayed -= countOf(ranges);
    this.giveBack(ranges);
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

/** The dearest first, and those of equal cost in the order of the input. */
export class DearestFirst implements WaitingElements {
  readonly isByCost = true;
  #arrived = 0;
  /** What those cost that are delayed. */
  readonly #delayed = new Map<number, number>();
  readonly #waiting = new Heap<{ readonly index: number; readonly cost: number }>(
    (a, b) => a.cost > b.cost || (a.cost === b.cost && a.index < b.index),
  );

  get size(): number {
    return this.#waiting.size;
  }

  get delayed(): number {
    return this.#delayed.size;
  }

  arrive(_count: number, costs: readonly number[]): void {
    for (const cost of costs) this.#waiting.push({ index: this.#arrived++, cost });
  }

  giveBack(ranges: readonly Range[], { costs }: Taken): void {
    for (const index of indicesIn(ranges)) {
      this.#waiting.push({ index, cost: costs!.get(index)! });
    }
  }

  take(count: number): Taken {
    const ranges: Range[] = [];
    const costs = new Map<number, number>();
    while (ranges.length < count) {
      const next = this.#waiting.pop();
      if (next === undefined) break;
      ranges.push({ start: next.index, end: next.index + 1 });
      costs.set(next.index, next.cost);
    }
    return { ranges, costs };
  }

  delay(ranges: readonly Range[], { costs }: Taken): void {
    for (const index of indicesIn(ranges)) this.#delayed.set(index, costs!.get(index)!);
  }

  resume(ranges: readonly Range[]): void {
    this.giveBack(ranges, { ranges, costs: this.#delayed });
    for (const index of indicesIn(ranges)) this.#delayed.delete(index);
  }

  clear(): void {
    this.#waiting.clear();
    this.#delayed.clear();
  }
}

function countOf(ranges: readonly Range[]): number {
  let count = 0;
  for (const { start, end } of ranges) count += end - start;
  return count;
}

function* indicesIn(ranges: readonly Range[]): Generator<number> {
  for (const { start, end } of ranges) for (let index = start; index < end; index++) yield index;
}
