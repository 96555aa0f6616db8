/** `backoff`: longer and longer delays between the tries of an element. */
import { checkOptions, LONGEST_DELAY } from '../checks.js';
import { quote } from '../quote.js';
import type { Millis } from '../executors/Executor.js';

export interface BackoffOptions {
  /** Milliseconds after the first failure, from 1. Default: 100. */
  readonly initial?: Millis | undefined;
  /** Milliseconds at most. Default: 30,000. */
  readonly max?: Millis | undefined;
  /** How many times longer each delay is than the one before, from 1. Default: 2. */
  readonly factor?: number | undefined;
  /**
   * Part of each delay that is left to chance, from 0 to 1, so that elements which failed together do not
   * all come back together. Default: 0.5, between half of the delay and all of it.
   */
  readonly jitter?: number | undefined;
}

/**
 * Delays for `retry` that grow from one failure to the next, up to a limit:
 * `retry: { count: 5, delay: backoff() }`.
 *
 * @throws TypeError or RangeError naming the option that is wrong
 */
export function backoff(options: BackoffOptions = {}): (error: unknown, attempt: number) => Millis {
  checkOptions('backoff', options, ['initial', 'max', 'factor', 'jitter']);
  const { initial = 100, max = 30_000, factor = 2, jitter = 0.5 } = options;
  checkRange('initial', initial, 1, LONGEST_DELAY);
  checkRange('max', max, 1, LONGEST_DELAY);
  checkRange('factor', factor, 1, Number.MAX_VALUE);
  checkRange('jitter', jitter, 0, 1);
  return (_error, attempt) => {
    const delay = Math.min(max, initial * factor ** (attempt - 1));
    return delay * (1 - jitter * Math.random());
  };
}

function checkRange(name: string, value: unknown, least: number, most: number): void {
  const range = most === Number.MAX_VALUE ? `of at least ${least}` : `from ${least} to ${most}`;
  const message = `backoff: ${name} must be a number ${range}, but got ${quote(value)}`;
  if (typeof value !== 'number') throw new TypeError(message);
  if (!(value >= least && value <= most)) throw new RangeError(message);
}
