/** Bounds how long a slot may take to get ready. */
import type { Millis } from './Executor.js';

/**
 * Milliseconds that a pool's initializer may take. Long enough to load what is large or to wait for a server that
 * starts; what takes longer hangs, as far as anybody who waits for the pool can tell.
 */
const LONGEST: Millis = 60_000;

/** It would only be late once more: another try is not worth the wait. */
export class TooLate extends Error {}

/**
 * Whoever waits keeps the process alive, and not the timer: a slot that nobody waits for any more shall not.
 *
 * @param what has not happened then, for the message
 * @throws TooLate when `pending` has not settled in time
 */
export async function inTime<T>(
  pending: Promise<T>,
  longest = LONGEST,
  what = 'it was not done',
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TooLate(`${what} within ${longest / 1000} seconds`));
    }, longest).unref();
  });
  try {
    return await Promise.race([pending, late]);
  } finally {
    clearTimeout(timer);
  }
}
