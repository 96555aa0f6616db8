/** What `retry` may be, and what it means. */
import { checkOptions, LONGEST_DELAY } from '../checks.js';
import { TaskLoadError, UncloneableError, type ParallelError } from '../errors.js';
import { quote } from '../quote.js';
import type { Millis } from '../executors/Executor.js';

/** How elements that fail are tried again. */
export interface RetryOptions {
  /** Tries after the first one, at most: an integer of at least 0, or Infinity. */
  readonly count: number;
  /**
   * Milliseconds from a failure to the next try, or what gives them: `backoff()`, or a function of the
   * error and of how often the element has been tried by then. Default: 0.
   */
  readonly delay?: Millis | ((error: ParallelError, attempt: number) => Millis) | undefined;
  /**
   * Whether an element is tried again after this error. Default: after all but UncloneableError and
   * TaskLoadError, which would only come again.
   */
  readonly on?: ((error: ParallelError) => boolean) | undefined;
}

/** The same with nothing left open. */
export interface RetryPolicy {
  readonly count: number;
  /** @throws what the user's function throws, or a TypeError about what it gave */
  delayAfter(error: ParallelError, attempt: number): Millis;
  /** @throws what the user's function throws, or a TypeError about what it gave */
  isWorthATry(error: ParallelError): boolean;
}

/**
 * @returns undefined where nothing is tried again
 * @throws TypeError or RangeError naming what is wrong
 */
export function readRetry(caller: string, retry: unknown): RetryPolicy | undefined {
  if (retry === undefined) return undefined;
  if (typeof retry === 'number') return policyOf({ count: checkCount(`${caller}: retry`, retry) });
  if (typeof retry !== 'object' || retry === null) {
    throw new TypeError(
      `${caller}: retry must be how often to try again, or { count, delay, on }, but got ${quote(retry)}`,
    );
  }
  checkOptions(`${caller}: retry`, retry, ['count', 'delay', 'on']);
  const { count, delay, on } = retry as Partial<Record<keyof RetryOptions, unknown>>;
  checkCount(`${caller}: retry.count`, count);
  if (delay !== undefined && typeof delay !== 'function' && !isDelay(delay)) {
    throw new TypeError(
      `${caller}: retry.delay must be milliseconds from 0 to ${LONGEST_DELAY}, or a function that gives them, but got ${quote(delay)}`,
    );
  }
  if (on !== undefined && typeof on !== 'function') {
    throw new TypeError(`${caller}: retry.on must be a function of an error, but got ${quote(on)}`);
  }
  return policyOf(retry as RetryOptions);
}

function policyOf({ count, delay = 0, on }: RetryOptions): RetryPolicy | undefined {
  if (count === 0) return undefined;
  return {
    count,
    delayAfter: (error, attempt) => {
      const given: unknown = typeof delay === 'function' ? delay(error, attempt) : delay;
      if (isDelay(given)) return given;
      throw new TypeError(
        `retry.delay(error, attempt) must give milliseconds from 0 to ${LONGEST_DELAY}, but gave ${quote(given)}`,
      );
    },
    isWorthATry: (error) => {
      if (!on) return !(error instanceof UncloneableError || error instanceof TaskLoadError);
      const given: unknown = on(error);
      if (typeof given === 'boolean') return given;
      throw new TypeError(`retry.on(error) must give true or false, but gave ${quote(given)}`);
    },
  };
}

function checkCount(name: string, count: unknown): number {
  const message = `${name} must be an integer of at least 0, or Infinity, but got ${quote(count)}`;
  if (typeof count !== 'number') throw new TypeError(message);
  if ((Number.isInteger(count) && count >= 0) || count === Infinity) return count;
  throw new RangeError(message);
}

function isDelay(value: unknown): value is Millis {
  return typeof value === 'number' && value >= 0 && value <= LONGEST_DELAY;
}
