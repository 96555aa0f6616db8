/** Takes in the elements of a lane, and tells of them: of many at once, for the price of one. */
import { quote } from '../errors.js';
import type { ElementStore } from './ElementStore.js';

/** Elements pushed one by one that the scheduler is told of together, at most. */
const TOLD_AT_ONCE = 1024;

/** Elements: enough for the largest batches for some cores, and copied within a millisecond. */
const COPIED_AT_ONCE = 131_072;

export interface ArrivalsOptions {
  /** What an element costs to run; undefined where that does not matter. */
  readonly cost: ((value: unknown) => number) | undefined;
  /** Whether each is told of at once, since there may be too many. */
  readonly oneByOne: boolean;
}

export class Arrivals {
  readonly #elements: ElementStore;
  readonly #options: ArrivalsOptions;
  readonly #tell: (count: number, costs?: readonly number[]) => boolean;
  /** The last of them that were not told of. */
  #untold = 0;
  /** Of elements without costs: how many, from the first on, were given to a slot once. */
  #given = 0;

  /** @param tell says whether more may come */
  constructor(
    elements: ElementStore,
    options: ArrivalsOptions,
    tell: (count: number, costs?: readonly number[]) => boolean,
  ) {
    this.#elements = elements;
    this.#options = options;
    this.#tell = tell;
  }

  /** @throws what `cost` throws, or about what it gives */
  push(value: unknown): void {
    if (this.#options.cost) return this.pushAll([value]);
    this.#elements.push(value);
    this.#untold++;
    // While others wait, no slot idles that could run it, and many are told of for the price of one.
    const noneWaits = this.#given === this.#elements.size - this.#untold;
    if (noneWaits || this.#untold >= TOLD_AT_ONCE || this.#options.oneByOne) {
      this.tellOfAll();
    } else if (this.#untold === 1) {
      queueMicrotask(() => {
        this.tellOfAll();
      });
    }
  }

  /** @throws what `cost` throws, or about what it gives */
  pushAll(values: readonly unknown[]): void {
    this.tellOfAll();
    const { cost } = this.#options;
    const costs = cost && Array.from(values, (value) => checkCost(cost(value)));
    // The workers begin with the first ones while the others are copied; but the dearest of all are
    // known only with the last.
    const step = costs ? values.length : COPIED_AT_ONCE;
    for (let from = 0; from < values.length; from += step) {
      const to = Math.min(from + step, values.length);
      this.#elements.add(values, from, to);
      // Whoever hears of them may end the lane.
      if (!this.#tell(to - from, costs)) return;
    }
  }

  /** All elements before this one were given to a slot. */
  noteGiven(end: number): void {
    this.#given = Math.max(this.#given, end);
  }

  tellOfAll(): void {
    const count = this.#untold;
    this.#untold = 0;
    if (count > 0) this.#tell(count);
  }
}

function checkCost(cost: unknown): number {
  if (typeof cost === 'number' && !Number.isNaN(cost)) return cost;
  throw new TypeError(`cost(value) must give a number, but gave ${quote(cost)}`);
}
