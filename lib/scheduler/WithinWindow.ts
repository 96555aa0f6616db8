/** Lets only elements wait for a slot that are near enough to the first one that has not been given out. */
import type { Range } from './facts.js';
import { countOf } from './ranges.js';
import type { Taken, WaitingElements } from './WaitingElements.js';

/** Those beyond the window are held back, in the order of the input; the others wait as another kind has it. */
export class WithinWindow implements WaitingElements {
  readonly isByCost: boolean;
  readonly #inner: WaitingElements;
  /** The first element that is beyond it. */
  #end: number;
  #arrived = 0;
  /** Those beyond it: one range, unless some between were dropped. */
  #held: Range[] = [];
  #heldCount = 0;
  /** What each costs, or its key, where they come with that; also of those that were dropped. */
  #figures: number[] = [];
  /** The first element that the others do not know of. */
  #next = 0;

  constructor(inner: WaitingElements, end: number) {
    this.#inner = inner;
    this.isByCost = inner.isByCost;
    this.#end = end;
  }

  get size(): number {
    return this.#inner.size;
  }

  get width(): number {
    return this.#inner.width;
  }

  /** Elements that are held back are to wait for a slot later, too. */
  get delayed(): number {
    return this.#inner.delayed + this.#heldCount;
  }

  get held(): number {
    return this.#heldCount;
  }

  get backlog(): number {
    return this.#inner.backlog + this.#heldCount;
  }

  arrive(count: number, figures?: readonly number[]): void {
    const start = this.#arrived;
    this.#arrived += count;
    this.#heldCount += count;
    const last = this.#held.at(-1);
    const follows = last?.end === start;
    this.#held[this.#held.length - Number(follows)] = {
      start: follows ? last.start : start,
      end: this.#arrived,
    };
    if (figures) for (const figure of figures) this.#figures.push(figure);
    this.#admit();
  }

  /** Elements before `end` are within it from now on. */
  moveTo(end: number): void {
    this.#end = Math.max(this.#end, end);
    this.#admit();
  }

  giveBack(ranges: readonly Range[], taken: Taken): void {
    this.#inner.giveBack(ranges, taken);
  }

  take(count: number, slots: number): Taken {
    return this.#inner.take(count, slots);
  }

  settle(ranges: readonly Range[], taken: Taken): void {
    this.#inner.settle(ranges, taken);
  }

  release(taken: Taken): void {
    this.#inner.release(taken);
  }

  drop(count: number, which: 'oldest' | 'newest'): readonly Range[] {
    const held = Math.min(count, this.#heldCount);
    if (which === 'newest') {
      return [...this.#dropHeld(held, which), ...this.#inner.drop(count - held, which)];
    }
    const admitted = Math.min(count, this.#inner.backlog);
    return [...this.#inner.drop(admitted, which), ...this.#dropHeld(count - admitted, which)];
  }

  delay(ranges: readonly Range[], taken: Taken): void {
    this.#inner.delay(ranges, taken);
  }

  resume(ranges: readonly Range[]): void {
    this.#inner.resume(ranges);
  }

  clear(): void {
    this.#inner.clear();
    this.#held = [];
    this.#heldCount = 0;
    this.#figures = [];
  }

  #admit(): void {
    for (let first; (first = this.#held[0]) && first.start < this.#end;) {
      const { start, end } = first;
      const cut = Math.min(end, this.#end);
      if (cut < end) this.#held[0] = { start: cut, end };
      else this.#held.shift();
      this.#heldCount -= cut - start;
      this.#letIn(start, cut);
    }
  }

  #letIn(start: number, end: number): void {
    const dropped = start - this.#next;
    this.#next = end;
    // Elements are known by how many came before.
    if (dropped > 0) {
      this.#inner.arrive(dropped, this.#figures.splice(0, dropped));
      this.#inner.drop(dropped, 'newest');
    }
    const count = end - start;
    this.#inner.arrive(count, this.#figures.splice(0, count));
  }

  #dropHeld(count: number, which: 'oldest' | 'newest'): Range[] {
    const dropped: Range[] = [];
    for (let left = Math.min(count, this.#heldCount); left > 0;) {
      const isOldest = which === 'oldest';
      const { start, end } = isOldest ? this.#held.shift()! : this.#held.pop()!;
      const taken = Math.min(left, end - start);
      const cut = isOldest ? start + taken : end - taken;
      if (isOldest && cut < end) this.#held.unshift({ start: cut, end });
      if (!isOldest && start < cut) this.#held.push({ start, end: cut });
      dropped.push(isOldest ? { start, end: cut } : { start: cut, end });
      left -= taken;
    }
    this.#heldCount -= countOf(dropped);
    return dropped;
  }
}
