/** What an `open` rejects with where the pool's initializer failed. */
import { TaskLoadError, WorkerCrashedError } from '../errors.js';
import { LastingFailure } from './Executor.js';
import { TooLate } from './inTime.js';

/** @param cause what it threw, or why it could not be had, or that it does not end */
export function initializerFailed(cause: unknown): WorkerCrashedError | LastingFailure {
  const reason = new WorkerCrashedError(undefined, { cause, when: 'initializing' });
  // What it threw may be due to a server that is not there yet; a function that is not there stays so.
  const isLasting = cause instanceof TaskLoadError || cause instanceof TooLate;
  return isLasting ? new LastingFailure(reason) : reason;
}
