/** Turns what a worker posted about elements into their outcomes, with errors rebuilt. */
import { TaskError, TaskLoadError, UncloneableError, type ParallelError } from '../../errors.js';
import { indexAt } from '../../task/ranges.js';
import { fromWire } from '../../task/thrown.js';
import type { FailureWire, WorkerMessage } from '../../worker/messages.js';
import type { Batch, Settled } from '../Executor.js';

export function readMessage(message: WorkerMessage, { ranges }: Batch): Settled {
  const { from, values, failures = [], durations } = message;
  return {
    from,
    values,
    failures: failures.map(({ position, failure }) => {
      return { position, reason: readFailure(failure, indexAt(ranges, position)) };
    }),
    durations,
  };
}

function readFailure(failure: FailureWire, index: number): ParallelError {
  switch (failure.kind) {
    case 'thrown':
      return new TaskError(index, fromWire(failure.thrown));
    case 'uncloneable':
      return new UncloneableError(index, 'result', failure.reason);
    case 'load':
      return new TaskLoadError(
        failure.message,
        failure.cause && { cause: fromWire(failure.cause) },
      );
  }
}
