/** Takes in the elements of a lane, and tells of them: of many at once, for the price of one. */
import { quote } from '../quote.js';
import type { ElementStore } from './ElementStore.js';
import type { Keys } from './Keys.js';

/** Elements pushed one by one that the scheduler is told of together, at most. */
const TOLD_AT_ONCE = 1024;

/** Elements: enough for the largest batches for some cores, and copied within a millisecond. */
const COPIED_AT_ONCE = 131_072;

export interface ArrivalsOptions {
  /** What an element costs to run; undefined where that does not matter. */
  readonly cost: ((value: unknown) => number) | undefined;
  /** Of what keys elements are; undefined where they have none. */
  readonly keys: Keys | undefined;
  /** Whether each is told of at once, since there may be too many. */
  readonly oneByOne: boolean;
}

/** Elements that are next in the input, with the cost or the key of each where they have that. */
export interface Arrived {
  readonly count: number;
  readonly costs?: readonly number[] | undefined;
  readonly keys?: readonly number[] | undefined;
}

export class Arrivals {
  readonly #elements: ElementStore;
  readonly #options: ArrivalsOptions;
  readonly #tell: (arrived: Arrived) => boolean;
  /** The last of them that were not told of. */
  #untold = 0;
  /** What each of those costs, or its key. */
  #figures: number[] = [];
  /** Of elements without costs: how many, from the first on, were given to a slot once. */
  #given = 0;

  /** @param tell says whether more may come */
  constructor(
    elements: ElementStore,
    options: ArrivalsOptions,
    tell: (arrived: Arrived) => boolean,
  ) {
    this.#elements = elements;
    this.#options = options;
    this.#tell = tell;
  }

  /** @throws what `cost` or `key` throws, or about what it gives */
  push(value: unknown): void {
    const { cost, keys, oneByOne } = this.#options;
    if (cost) return this.pushAll([value]);
    const given = keys?.keysOf([value]);
    this.#elements.push(value);
    this.#note(1, given && keys!.add(given));
    // While others wait, no slot idles that could run it, and many are told of for the price of one.
    const noneWaits = this.#given === this.#elements.size - this.#untold;
    if (noneWaits || this.#untold >= TOLD_AT_ONCE || oneByOne) {
      this.tellOfAll();
    } else if (this.#untold === 1) {
      queueMicrotask(() => {
        this.tellOfAll();
      });
    }
  }

  /** @throws what `cost` or `key` throws, or about what it gives */
  pushAll(values: readonly unknown[]): void {
    this.tellOfAll();
    const { cost, keys } = this.#options;
    const costs = cost && Array.from(values, (value) => checkCost(cost(value)));
    // The workers begin with the first ones while the others are copied; but the dearest of all are
    // known only with the last.
    const step = costs ? values.length : COPIED_AT_ONCE;
    for (let from = 0; from < values.length; from += step) {
      const to = Math.min(from + step, values.length);
      // Before anything is added, since the user's function may push others.
      const given = keys?.keysOf(values, from, to);
      this.#elements.add(values, from, to);
      this.#note(to - from, costs ?? (given && keys!.add(given)));
      // Whoever hears of them may end the lane.
      if (!this.tellOfAll()) return;
    }
  }

  /** All elements before this one were given to a slot. */
  noteGiven(end: number): void {
    this.#given = Math.max(this.#given, end);
  }

  /** @returns whether more may come */
  tellOfAll(): boolean {
    const count = this.#untold;
    if (count === 0) return true;
    const { cost, keys } = this.#options;
    const figures = this.#figures;
    this.#untold = 0;
    this.#figures = [];
    return this.#tell({ count, costs: cost && figures, keys: keys && figures });
  }

  /** Elements were added, and are to be told of. */
  #note(count: number, figures: readonly number[] | undefined): void {
    this.#untold += count;
    if (figures) for (const figure of figures) this.#figures.push(figure);
  }
}

function checkCost(cost: unknown): number {
  if (typeof cost === 'number' && !Number.isNaN(cost)) return cost;
  throw new TypeError(`cost(value) must give a number, but gave ${quote(cost)}`);
}
