/** A batch that a worker holds, and what of it is lost when the worker ends. */
import type { TimeoutWatch } from '../TimeoutWatch.js';
import { WorkerCrashedError, type CrashDetails } from '../../errors.js';
import { indexAt } from '../../task/ranges.js';
import { withUserStack } from '../../task/withUserStack.js';
import type { Batch, BatchObserver, Failure } from '../Executor.js';
import { unread } from './unread.js';

export interface InFlight {
  readonly batch: Batch;
  /** Elements in it. Its values are gone once they are sent. */
  readonly count: number;
  readonly observer: BatchObserver;
  /** Which of the worker's claim counters is the batch's. */
  readonly cell: number;
  /** Outcomes received; elements run in order, so it is the position of the first without one. */
  settled: number;
  /** Where its elements may run for some time only. */
  watch?: TimeoutWatch;
  /** Whether its element went on for the grace after its time. */
  isOverdue?: boolean;
  /** How many elements were claimed when nothing more of the batch might be. */
  stoppedAt?: number;
}

/** Whether one of its elements runs, of so many that were claimed: the last one, unless it has ended. */
export function isRunning({ settled }: InFlight, claimed: number): boolean {
  return claimed > settled;
}

/** The elements that cannot be had back from a worker that ended. */
export function lost(
  inFlight: InFlight,
  claimed: number,
  details: CrashDetails,
  unreadable: unknown,
): Failure[] {
  const { batch, count, settled } = inFlight;
  // The last one claimed was running. What ended before it without being reported runs again: a
  // worker that is killed reports no more.
  const running = claimed - 1;
  const crashed = (position: number): Failure => {
    if ('cause' in details) withUserStack(details.cause, batch.task);
    const when = position === running ? 'running' : 'moved';
    const reason = new WorkerCrashedError(indexAt(batch.ranges, position), { ...details, when });
    return { position, reason };
  };
  // What was transferred is gone with the worker.
  if (batch.transfer.length > 0) {
    return Array.from({ length: count - settled }, (_, nth) => crashed(settled + nth));
  }
  if (!isRunning(inFlight, claimed)) return [];
  const before = unreadable === undefined ? [] : unread(batch, settled, running, unreadable);
  return [...before, crashed(running)];
}
