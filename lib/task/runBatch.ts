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

export interface BatchRun {
  readonly fn: AnyFunction;
  readonly workerId: number;
  readonly indices: readonly number[];
  readonly values: readonly unknown[];
  /** The position of the next element that is ours to run; undefined when none is left. */
  claim(): number | undefined;
  /** An element ended, and another one follows. */
  settled(ended: Ended): void;
  /** The batch is over. `ended` is its last element, undefined where none was left to run. */
  returned(ended?: Ended): void;
}

/** Lets a caller abort what runs. */
export interface RunningBatch {
  abort(): void;
}

/**
 * Stays synchronous as long as the function does: no promise, no turn of the event loop between two
 * elements. What the function throws ends its element only.
 */
export function runBatch(run: BatchRun): RunningBatch {
  let context = new ElementContext(run.workerId);

  const advance = (from: number | undefined): void => {
    let position = from;
    while (position !== undefined) {
      context = new ElementContext(run.workerId);
      const ended = runElement(run, position, context);
      if (ended instanceof Promise) {
        void ended.then((late) => {
          advance(report(run, late));
        });
        return;
      }
      position = report(run, ended);
    }
  };

  const first = run.claim();
  if (first === undefined) run.returned();
  else advance(first);

  return {
    abort: () => {
      context.abort();
    },
  };
}

/** Claims before it reports, so that the last outcome can travel with the batch's return. */
function report(run: BatchRun, ended: Ended): number | undefined {
  const next = run.claim();
  if (next === undefined) run.returned(ended);
  else run.settled(ended);
  return next;
}

function runElement(
  { fn, indices, values }: BatchRun,
  position: number,
  context: TaskContext,
): Ended | Promise<Ended> {
  const start = performance.now();
  const fulfil = (value: unknown): Ended => ({
    status: 'fulfilled',
    position,
    value,
    duration: performance.now() - start,
  });
  const reject = (thrown: unknown): Ended => ({
    status: 'rejected',
    position,
    thrown,
    duration: performance.now() - start,
  });
  try {
    const result = fn(values[position], indices[position], context);
    return isThenable(result) ? Promise.resolve(result).then(fulfil, reject) : fulfil(result);
  } catch (thrown) {
    return reject(thrown);
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
