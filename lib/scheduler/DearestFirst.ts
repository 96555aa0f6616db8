/** The elements of a lane that knows what each of them costs. */
import type { Range } from './facts.js';
import { Heap } from './Heap.js';
import { indicesIn } from './ranges.js';
import type { Taken, WaitingElements } from './WaitingElements.js';

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

  get width(): number {
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
    this.#takeIn(ranges, costs!);
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
    return { ranges, count: ranges.length, width: ranges.length, costs };
  }

  delay(ranges: readonly Range[], { costs }: Taken): void {
    for (const index of indicesIn(ranges)) this.#delayed.set(index, costs!.get(index)!);
  }

  resume(ranges: readonly Range[]): void {
    this.#takeIn(ranges, this.#delayed);
    for (const index of indicesIn(ranges)) this.#delayed.delete(index);
  }

  settle(): void {
    // Nothing waits for what ends.
  }

  release(): void {
    // Nothing waits for what ends.
  }

  clear(): void {
    this.#waiting.clear();
    this.#delayed.clear();
  }

  #takeIn(ranges: readonly Range[], costs: ReadonlyMap<number, number>): void {
    for (const index of indicesIn(ranges)) {
      this.#waiting.push({ index, cost: costs.get(index)! });
    }
  }
}
