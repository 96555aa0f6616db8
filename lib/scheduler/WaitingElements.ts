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
  /** All that no slot has, but for those that are delayed. */
  readonly backlog: number;
  /** Takes elements out that are not to run, up to `count`: those that came first, or last. */
  drop(count: number, which: 'oldest' | 'newest'): readonly Range[];
  /** Elements that are delayed: they are to wait again later. */
  readonly delayed: number;
  /** Some of what was taken is to wait again later. */
  delay(ranges: readonly Range[], taken: Taken): void;
  /** What was delayed waits again. */
  resume(ranges: readonly Range[]): void;
  /** Where only some may run: those before `end` may, from now on. */
  moveTo?(end: number): void;
  clear(): void;
}

/** Those given back first, then the input in its order. The work is per range, not per element. */
export class InInputOrder implements WaitingElements {
  readonly isByCost = false;
  /** Given back by a slot, lowest last, so that `pop` takes the oldest. */
  readonly #givenBack: Range[] = [];
  /** Those that no slot has had yet, in order: one range, perhaps empty, unless some between were dropped. */
  readonly #fresh: Range[] = [];
  #arrived = 0;
  #size = 0;
  #delayed = 0;

  get size(): number {
    return this.#size;
  }

  get backlog(): number {
    return this.#size;
  }

  get delayed(): number {
    return this.#delayed;
  }

  arrive(count: number): void {
    const last = this.#fresh.at(-1);
    const follows = last?.end === this.#arrived;
    const start = follows ? last.start : this.#arrived;
    this.#arrived += count;
    this.#size += count;
    this.#fresh[this.#fresh.length - Number(follows)] = { start, end: this.#arrived };
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

  drop(count: number, which: 'oldest' | 'newest'): readonly Range[] {
    return which === 'oldest' ? this.take(count).ranges : this.#dropNewest(count);
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
    this.#fresh.length = 0;
    this.#size = 0;
  }

  #takeRange(count: number): Range {
    const givenBack = this.#givenBack.pop();
    const { start, end } = givenBack ?? this.#fresh[0]!;
    const cut = Math.min(start + count, end);
    const rest = { start: cut, end };
    if (givenBack) {
      if (cut < end) this.#givenBack.push(rest);
    } else if (cut < end || this.#fresh.length === 1) {
      this.#fresh[0] = rest; // which may be empty, and grows again
    } else {
      this.#fresh.shift();
    }
    return { start, end: cut };
  }

  #dropNewest(count: number): readonly Range[] {
    const dropped: Range[] = [];
    let left = Math.min(count, this.#size);
    this.#size -= left;
    while (left > 0) {
      const fresh = this.#fresh.pop();
      const { start, end } = fresh ?? this.#givenBack.shift()!;
      const cut = Math.max(start, end - left);
      if (start < cut) {
        if (fresh) this.#fresh.push({ start, end: cut });
        else this.#givenBack.unshift({ start, end: cut });
      }
      if (cut < end) dropped.push({ start: cut, end });
      left -= end - cut;
    }
    return dropped;
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

  get backlog(): number {
    return this.#waiting.size;
  }

  /** Which came first is not known any more: calls with costs drop nothing. */
  drop(): readonly Range[] {
    return [];
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

export function countOf(ranges: readonly Range[]): number {
  let count = 0;
  for (const { start, end } of ranges) count += end - start;
  return count;
}

function* indicesIn(ranges: readonly Range[]): Generator<number> {
  for (const { start, end } of ranges) for (let index = start; index < end; index++) yield index;
}
