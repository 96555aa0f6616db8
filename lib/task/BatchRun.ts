/** Runs the elements of a batch one after the other. The same code serves workers and this thread. */
import type { AnyFunction, TaskContext } from './task.js';

/** How the function ended for one element. */
export type Ended = {
  readonly position: number;
  /** Milliseconds that the function took, until its promise settled if it gave one. */
  readonly duration: number;
} & (
  | { readonly status: 'fulfilled'; readonly value: unknown }
  | { readonly status: 'rejected'; readonly thrown: unknown }
);

export interface BatchRunOptions {
  readonly fn: AnyFunction;
  readonly workerId: number;
  readonly indices: readonly number[];
  readonly values: readonly unknown[];
  /** The position of the next element that is ours to run; undefined when none is left. */
  readonly claim: () => number | undefined;
  /** An element ended, and another one follows. */
  readonly settled: (ended: Ended) => void;
  /** The batch is over. `ended` is its last element, undefined where none was left to run. */
  readonly returned: (ended?: Ended) => void;
}

/**
 * Stays synchronous as long as the function does: no promise, no turn of the event loop between two
 * elements. What the function throws ends its element only.
 */
export class BatchRun {
  readonly #options: BatchRunOptions;
  #context: ElementContext | undefined;

  constructor(options: BatchRunOptions) {
    this.#options = options;
  }

  start(): void {
    const first = this.#options.claim();
    if (first === undefined) this.#options.returned();
    else this.#runFrom(first);
  }

  /** Aborts the signal of the element that is running. */
  abort(): void {
    this.#context?.abort();
  }

  #runFrom(first: number): void {
    let position: number | undefined = first;
    while (position !== undefined) {
      const ended = this.#run(position);
      if (ended instanceof Promise) {
        void ended.then((late) => {
          const next = this.#report(late);
          if (next !== undefined) this.#runFrom(next);
        });
        return;
      }
      position = this.#report(ended);
    }
  }

  /** Never throws, and its promise never rejects. */
  #run(position: number): Ended | Promise<Ended> {
    const { fn, indices, values, workerId } = this.#options;
    this.#context = new ElementContext(workerId);
    const start = performance.now();
    const fulfil = (value: unknown): Ended => {
      return { status: 'fulfilled', position, value, duration: performance.now() - start };
    };
    const reject = (thrown: unknown): Ended => {
      return { status: 'rejected', position, thrown, duration: performance.now() - start };
    };
    try {
      const result = fn(values[position], indices[position], this.#context);
      return isThenable(result) ? Promise.resolve(result).then(fulfil, reject) : fulfil(result);
    } catch (thrown) {
      return reject(thrown);
    }
  }

  /** Claims the next element first, so that the last outcome can travel with the batch's return. */
  #report(ended: Ended): number | undefined {
    const next = this.#options.claim();
    if (next === undefined) this.#options.returned(ended);
    else this.#options.settled(ended);
    return next;
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

/** Makes its AbortController only when the function asks for the signal: most never do. */
class ElementContext implements TaskContext {
  #controller: AbortController | undefined;

  constructor(readonly workerId: number) {}

  get signal(): AbortSignal {
    return (this.#controller ??= new AbortController()).signal;
  }

  abort(): void {
    this.#controller ??= new AbortController();
    this.#controller.abort();
  }
}
