/** Looks for failures among the outcomes of a batch. */
import type { Failure } from '../executors/Executor.js';

/** The one that comes first in the batch. */
export function firstOf(failures: readonly Failure[]): Failure | undefined {
  let first: Failure | undefined;
  for (const failure of failures) if (!first || failure.position < first.position) first = failure;
  return first;
}

/** How many have positions from `from` up to, not including, `to`. */
export function countWithin(failures: readonly Failure[], from: number, to: number): number {
  let count = 0;
  for (const { position } of failures) if (position >= from && position < to) count++;
  return count;
}
