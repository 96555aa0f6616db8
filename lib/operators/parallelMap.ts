/** `parallelMap`: maps the elements of a stream on worker threads. */
import { Observable, takeWhile, type OperatorFunction } from 'rxjs';
import { readCall, type Call, type CallOptions, type ResultOf } from '../pool/callOptions.js';
import { CallSite } from '../pool/CallSite.js';
import type { PushOptions } from '../pool/flowOptions.js';
import type { Lane } from '../pool/Lane.js';
import type { Sendable } from '../task/cloneable.js';
import type { TaskFunction } from '../task/task.js';

/**
 * Milliseconds after which results of a batch are given out while it still runs. Shorter ones make more
 * messages, longer ones keep results from whoever waits for them: a blink is some 100.
 */
const REPORT_AFTER = 10;

/** Options of `parallelMap`. */
export type ParallelMapOptions<
  T = never,
  Shared = unknown,
  Settled extends boolean = boolean,
> = CallOptions<T, Shared, Settled> & PushOptions;

/**
 * Maps each element through a function on a pool of worker threads. The next element goes to
 * whichever worker becomes free; results come as workers finish, or in the order of the input with `ordered`.
 *
 * The first failure errors the result and cancels the rest, and so does an error of the source.
 * Unsubscribing cancels: what has not started never will, what runs sees `context.signal` aborted.
 * Elements that come faster than they are mapped are kept in memory, as by `mergeMap`, unless `overflow` says
 * otherwise; a source that can wait goes through `mapStream`.
 *
 * ```ts
 * from(files).pipe(parallelMap(compress, 4)).subscribe(show);
 * ```
 *
 * @param fn an inline function, which travels as source and so must use nothing from around it, or a
 *   module task made by `task`
 * @param concurrencyOrOptions workers that serve this call, or an object of options
 * @throws TypeError, RangeError or TaskCaptureError at once, naming what is wrong
 */
export function parallelMap<T, R, Shared = undefined, Settled extends boolean = false>(
  fn: TaskFunction<T, R, Shared> & Sendable<T, 'input'> & Sendable<R, 'result'>,
  concurrencyOrOptions?:
    number | (ParallelMapOptions<T, Shared, Settled> & Sendable<Shared, 'shared'>),
): OperatorFunction<T, ResultOf<R, Settled>> {
  const calledFrom = CallSite.here('parallelMap', parallelMap);
  return parallelMapOn(readCall(calledFrom, fn, concurrencyOrOptions, 'push'));
}

/** The operator for a call whose options have been read. Its results have the type that was asked for. */
export function parallelMapOn<T, R>(call: Call): OperatorFunction<T, R> {
  return (source) =>
    new Observable((subscriber) => {
      let lane: Lane;
      try {
        lane = call.openLane({
          reportAfter: REPORT_AFTER,
          next: (results, from, to) => {
            for (let nth = from; nth < to && !subscriber.closed; nth++) {
              subscriber.next(results[nth] as R);
            }
          },
          error: (error) => {
            subscriber.error(error);
          },
          complete: () => {
            subscriber.complete();
          },
        });
      } catch (error) {
        subscriber.error(error);
        return;
      }
      subscriber.add(() => {
        lane.cancel();
      });
      if (subscriber.closed) return;
      subscriber.add(
        source
          // A source that emits in its subscription cannot be unsubscribed yet when a result ends it.
          .pipe(takeWhile(() => !subscriber.closed))
          .subscribe({
            next: (value) => {
              lane.push(value);
            },
            error: (error) => {
              lane.cancel('failed');
              subscriber.error(error);
            },
            complete: () => {
              lane.end();
            },
          }),
      );
    });
}
