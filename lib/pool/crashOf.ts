/** Tells the end of a worker anew: of an element, or for another call. */
import { WorkerCrashedError } from '../errors.js';

export function crashOf(
  { exitCode, cause, when: before }: WorkerCrashedError,
  index?: number,
  when: WorkerCrashedError['when'] = before,
): WorkerCrashedError {
  return new WorkerCrashedError(index, { exitCode, when, ...(cause !== undefined && { cause }) });
}
