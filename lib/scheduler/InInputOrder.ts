/** The elements of a lane in the order of its input. The work is per range, not per element. */
import type { Range } from './facts.js';
import { countOf } from './ranges.js';
import type { Taken, WaitingElements } from './WaitingElements.js';

/** Those given back first, then the input in its order. */
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

  get width(): number {
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

  settle(): void {
    // Nothing waits for what ends.
  }

  release(): void {
    // Nothing waits for what ends.
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
