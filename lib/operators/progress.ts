/** `progress`: tells how far the results of a stream have come, in their place. */
import { Observable, type OperatorFunction, type SchedulerLike } from 'rxjs';
import { checkDelay, checkNatural, checkOptions } from '../checks.js';
import { quote } from '../quote.js';
import type { Progress } from '../pool/progress/ProgressMeter.js';
import {
  ProgressReporter,
  realClock,
  USUAL_PERIOD,
  type Clock,
} from '../pool/progress/ProgressReporter.js';
import type { SettledElement } from '../pool/SettledElement.js';

export interface ProgressOptions {
  /** Milliseconds between two reports, at least: from 1. Default: 100. */
  readonly every?: number | undefined;
  /** Where the time comes from: a TestScheduler, say. Default: the clock. */
  readonly scheduler?: SchedulerLike | undefined;
}

/**
 * Counts results, and emits how far they have come instead of them: with the first one, then every 100 ms at most
 * while more come, and at the end. An error comes behind the last report. Of settled elements, those that failed are
 * counted apart.
 *
 * ```ts
 * const results$ = from(files).pipe(parallelMap(compress, 4), share());
 * results$.pipe(progress(files.length)).subscribe(({ done, eta }) => show(done, eta));
 * ```
 *
 * Where the results are wanted as well and nothing is to be shared, the option `onProgress` of the call is simpler.
 *
 * @param total results that are expected: an integer of at least 0. Default: not known, and so is `eta`
 * @throws TypeError or RangeError naming what is wrong
 */
export function progress(
  total?: number,
  options: ProgressOptions = {},
): OperatorFunction<unknown, Progress> {
  if (total !== undefined)
    checkNatural('progress: total', total, 'Leave it out if it is not known');
  checkOptions('progress', options, ['every', 'scheduler']);
  const { every = USUAL_PERIOD, scheduler } = options;
  checkDelay('progress: every', every);
  if (scheduler !== undefined) checkScheduler(scheduler);
  const clock = scheduler ? clockOf(scheduler) : realClock;
  return (source) =>
    new Observable((subscriber) => {
      let [done, failed] = [0, 0];
      const reporter = new ProgressReporter(
        (figures) => {
          subscriber.next(figures);
        },
        total,
        { period: every, clock },
      );
      subscriber.add(() => {
        reporter.stop();
      });
      subscriber.add(
        source.subscribe({
          next: (result) => {
            if (isFailure(result)) failed++;
            else done++;
            reporter.note({ done, failed, total: atLeast(total, done + failed) });
          },
          error: (error) => {
            reporter.end();
            subscriber.error(error);
          },
          complete: () => {
            // What has ended is all there is.
            reporter.note({ done, failed, total: done + failed });
            reporter.end();
            subscriber.complete();
          },
        }),
      );
    });
}

function checkScheduler(given: unknown): void {
  const { now, schedule } = (given ?? {}) as Partial<Record<keyof SchedulerLike, unknown>>;
  if (typeof now === 'function' && typeof schedule === 'function') return;
  throw new TypeError(
    `progress: scheduler must be one of RxJS, such as asyncScheduler, but got ${quote(given)}`,
  );
}

/** There may be more than was said. */
function atLeast(total: number | undefined, ended: number): number | undefined {
  return total === undefined ? undefined : Math.max(total, ended);
}

function clockOf(scheduler: SchedulerLike): Clock {
  return {
    now: () => scheduler.now(),
    later: (callBack, after) => {
      const scheduled = scheduler.schedule(callBack, after);
      return () => {
        scheduled.unsubscribe();
      };
    },
  };
}

function isFailure(result: unknown): boolean {
  const element = result as Partial<SettledElement<unknown>> | null | undefined;
  return (
    typeof element === 'object' &&
    element?.status === 'rejected' &&
    typeof element.attempts === 'number'
  );
}
