/** Runs the elements of a batch one after the other. The same code serves workers and this thread. */
import type { Transferable } from 'node:worker_threads';
import { ElementContext } from './ElementContext.js';
import type { Values } from './packing.js';
import { IndexCursor, type Range } from './ranges.js';
import type { Runnable } from './task.js';

/**
 * Looking at the clock takes as long as a trivial element. So it is looked at after as many elements
 * as took about this long, in milliseconds, but at least after so many elements: what has ended may have
 * to wait for as many that have become slow. With 64 rather than 8, trivial elements were no faster.
 */
const CLOCK_EVERY = 0.1;
const MOST_BETWEEN_CLOCKS = 8;

/** How the function ended for elements that are next to each other in the batch. */
export interface Ended {
  /** Position of the first of them. */
  readonly from: number;
  /** A result each; undefined where the function threw. */
  readonly values: unknown[];
  readonly thrown: { readonly position: number; readonly thrown: unknown }[];
  /** Milliseconds that the function took for each, where that was asked for. */
  readonly durations: number[] | undefined;
  /** When it started for each, by the batch's clock, where that was asked for. */
  readonly starts: number[] | undefined;
  /** What of the results is to be moved rather than copied. */
  readonly transfer: Transferable[];
}

export interface BatchRunOptions {
  readonly fn: Runnable;
  readonly workerId: number;
  readonly shared: unknown;
  readonly ranges: readonly Range[];
  readonly values: Values;
  /** Whether the time of each element is wanted; else a failure ends the call, and is reported at once. */
  readonly settled: boolean;
  /** Whether it is wanted when each element starts, and its time as well. */
  readonly wantsTimes: boolean;
  /** Milliseconds after which outcomes are reported while others follow. */
  readonly reportAfter: number;
  /** Milliseconds since some moment, which never go back. */
  readonly now: () => number;
  /** The position of the next element that is ours to run; undefined when none is left. */
  readonly claim: () => number | undefined;
  /** Elements ended, and others follow. */
  readonly onSettled: (ended: Ended) => void;
  /** The batch is over, with these elements and after so many milliseconds. */
  readonly onReturned: (ended: Ended, busy: number) => void;
}

/**
 * Stays synchronous as long as the function does: no promise, no turn of the event loop between two
 * elements. What the function throws ends its element only.
 */
export class BatchRun {
  readonly #options: BatchRunOptions;
  readonly #now: () => number;
  readonly #began: number;
  readonly #indices: IndexCursor;
  /** Else no element can keep the context, but for what takes it by `arguments` or the like. */
  readonly #takesContext: boolean;
  /** Whether the time of each element is measured. */
  readonly #isTimed: boolean;
  #context: ElementContext | undefined;
  #ended: Ended;
  #reported: number;
  /** When the clock was last looked at, how many elements ended since, and after how many it is again. */
  #looked: number;
  #sinceLook = 0;
  #lookAfter = 1;
  #reportIsDue = false;
  /** It is time to report, should another element follow: the last outcomes go with the return. */
  #isLate = false;

  constructor(options: BatchRunOptions) {
    this.#options = options;
    this.#now = options.now;
    this.#began = this.#reported = this.#looked = this.#now();
    this.#isTimed = options.settled || options.wantsTimes;
    this.#takesContext = options.fn.length > 2;
    this.#indices = new IndexCursor(options.ranges);
    this.#ended = this.#collect(0);
  }

  start(): void {
    this.#runOn();
  }

  /** Aborts the signal of the element that is running. @param reason an AbortError by default */
  abort(reason?: unknown): void {
    this.#context?.abort(reason);
  }

  /** Reports what has ended and was not reported yet. */
  flush(): void {
    if (this.#ended.values.length === 0) return;
    const ended = this.#ended;
    this.#ended = this.#collect(ended.from + ended.values.length);
    this.#options.onSettled(ended);
  }

  #collect(from: number): Ended {
    const { wantsTimes } = this.#options;
    return {
      from,
      values: [],
      thrown: [],
      durations: this.#isTimed ? [] : undefined,
      starts: wantsTimes ? [] : undefined,
      transfer: [],
    };
  }

  #runOn(): void {
    const { fn, values, claim, onReturned } = this.#options;
    const isTimed = this.#isTimed;
    for (let position; (position = claim()) !== undefined;) {
      if (this.#isLate) this.#report();
      const start = isTimed ? this.#now() : 0;
      try {
        const result = fn(values[position], this.#indices.at(position), this.#nextContext());
        if (isThenable(result)) return this.#wait(result, position, start);
        this.#resolve(result);
      } catch (thrown) {
        this.#reject(position, thrown);
      }
      this.#end(start);
    }
    onReturned(this.#ended, this.#now() - this.#began);
  }

  /** The one before serves again, unless its element may still hold it, or what is its own. */
  #nextContext(): ElementContext {
    if (this.#context && !this.#takesContext && !this.#context.isItsOwn) return this.#context;
    const { workerId, shared } = this.#options;
    return (this.#context = new ElementContext(workerId, shared));
  }

  #wait(result: PromiseLike<unknown>, position: number, start: number): void {
    this.#reportSoon();
    void Promise.resolve(result).then(
      (value) => {
        this.#resolve(value);
        this.#goOn(start);
      },
      (thrown: unknown) => {
        this.#reject(position, thrown);
        this.#goOn(start);
      },
    );
  }

  /** What was awaited has ended. */
  #goOn(start: number): void {
    this.#context = undefined;
    this.#end(start);
    this.#runOn();
  }

  #resolve(value: unknown): void {
    this.#ended.values.push(value);
    // Not before: outcomes of others may be posted while it runs, and would take its memory along.
    const moved = this.#context?.moved;
    if (moved) this.#ended.transfer.push(...moved);
  }

  #reject(position: number, thrown: unknown): void {
    this.#ended.values.push(undefined);
    this.#ended.thrown.push({ position, thrown });
    if (!this.#options.settled) this.#isLate = true;
  }

  /** An element has ended: now and then, looks whether it is time to report. */
  #end(start: number): void {
    if (this.#isTimed) this.#noteTime(start);
    if (this.#options.reportAfter === 0) return void (this.#isLate = true);
    if (++this.#sinceLook < this.#lookAfter) return;
    const now = this.#now();
    const isEarly = now - this.#looked < CLOCK_EVERY;
    this.#lookAfter = isEarly ? Math.min(this.#lookAfter * 2, MOST_BETWEEN_CLOCKS) : 1;
    this.#looked = now;
    this.#sinceLook = 0;
    if (now - this.#reported >= this.#options.reportAfter) this.#isLate = true;
  }

  #noteTime(start: number): void {
    this.#ended.durations?.push(this.#now() - start);
    this.#ended.starts?.push(start);
  }

  #report(): void {
    this.#isLate = false;
    this.#reported = this.#looked;
    this.flush();
  }

  /** A promise may take any time, so what has ended before is not held back by it. */
  #reportSoon(): void {
    if (this.#reportIsDue || this.#ended.values.length === 0) return;
    this.#reportIsDue = true;
    setImmediate(() => {
      this.#reportIsDue = false;
      this.flush();
    });
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}
