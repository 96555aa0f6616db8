/** Tells the end of a worker anew: of an element, for another call, or for the records. */
import { describeCrash, WorkerCrashedError } from '../errors.js';
import type { Ending } from './telemetry/WorkerTimes.js';

export function crashOf(
  { exitCode, cause, when: before }: WorkerCrashedError,
  index?: number,
  when: WorkerCrashedError['when'] = before,
): WorkerCrashedError {
  return new WorkerCrashedError(index, { exitCode, when, ...(cause !== undefined && { cause }) });
}

/**
 * How a worker ended that was lost, and why. It was ended from here if it has no exit code and no cause: an element of it
 * went on for too long over its time.
 */
export function endingOf(loss: WorkerCrashedError): { how: Ending; why: string } {
  const { exitCode, cause } = loss;
  const how = exitCode === undefined && cause === undefined ? 'overdue' : 'crashed';
  return { how, why: describeCrash(loss) };
}
