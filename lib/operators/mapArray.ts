/** `mapArray`: maps an array on worker threads, and gives the results in the order of the input. */
import { quote } from '../quote.js';
import { readCall, type Call, type CallOptions, type ResultOf } from '../pool/callOptions.js';
import { CallSite } from '../pool/CallSite.js';
import type { Sendable } from '../task/cloneable.js';
import type { TaskFunction } from '../task/task.js';

/**
 * Milliseconds after which results of a batch come while it still runs. Nobody sees them before the last
 * one, so that a message of their own only saves what a worker that is killed would take with it.
 */
const REPORT_AFTER = 100;

/**
 * Like `values.map(fn)`, on a pool of worker threads. The next element goes to whichever worker
 * becomes free; the results are in the order of the input, whoever finished first.
 *
 * ```ts
 * const deviations = await mapArray(jobs, std, 3);
 * ```
 *
 * @param values any iterable; it is read to its end at once
 * @param fn an inline function, which travels as source and so must use nothing from around it, or a
 *   module task made by `task`
 * @param concurrencyOrOptions workers that serve this call, or an object of options
 * @returns rejects with the first failure, which cancels the rest, unless `settled` is set; with a
 *   TypeError, RangeError or TaskCaptureError when the call itself is wrong
 */
export function mapArray<T, R, Shared = undefined, Settled extends boolean = false>(
  values: Iterable<T> & Sendable<T, 'input'>,
  fn: TaskFunction<T, R, Shared> & Sendable<R, 'result'>,
  concurrencyOrOptions?: number | (CallOptions<T, Shared, Settled> & Sendable<Shared, 'shared'>),
): Promise<ResultOf<R, Settled>[]> {
  const calledFrom = CallSite.here('mapArray', mapArray);
  return mapArrayOn(calledFrom, values, () =>
    readCall(calledFrom, fn, concurrencyOrOptions, 'array'),
  );
}

/** Rejects with what `readCall` throws. Its results have the type that was asked for. */
export async function mapArrayOn<T, R>(
  { caller }: CallSite,
  values: Iterable<T>,
  readCall: () => Call,
): Promise<R[]> {
  const call = readCall();
  const elements = readIterable(caller, values);
  return new Promise((resolve, reject) => {
    // Made while the workers begin, since the memory of a large one takes a while to be had.
    let results: R[] | undefined;
    const lane = call.openLane(
      {
        reportAfter: REPORT_AFTER,
        next: (some, from, to, index) => {
          results ??= new Array<R>(elements.length);
          for (let nth = from; nth < to; nth++) results[index + nth - from] = some[nth] as R;
        },
        error: reject,
        complete: () => {
          resolve(results ?? []);
        },
      },
      elements.length,
    );
    lane.pushAll(elements);
    results ??= new Array<R>(elements.length);
    lane.end();
  });
}

function readIterable<T>(caller: string, given: Iterable<T>): readonly T[] {
  const values = given as Partial<Iterable<T>> | string | null | undefined;
  if (typeof values === 'string' || typeof values?.[Symbol.iterator] !== 'function') {
    throw new TypeError(
      `${caller} expects an array or another iterable as its first argument, but got ${quote(values)}. ` +
        'A stream goes through parallelMap',
    );
  }
  // The lane copies what it takes.
  return Array.isArray(given) ? (given as readonly T[]) : Array.from(given);
}
