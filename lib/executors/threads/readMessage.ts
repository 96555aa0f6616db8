/** Turns what a worker posted about elements into their outcomes, with errors rebuilt. */
import { TaskError, TaskLoadError, UncloneableError, type ParallelError } from '../../errors.js';
import type { PreparedTask } from '../../task/prepareTask.js';
import { indexAt } from '../../task/ranges.js';
import { fromWire } from '../../task/thrown.js';
import { withUserStack } from '../../task/withUserStack.js';
import type { CallFailureWire, FailureWire, WorkerMessage } from '../../worker/messages.js';
import type { Batch, Settled } from '../Executor.js';

export function readMessage(message: WorkerMessage, { ranges, task }: Batch): Settled {
  const { from, values, failures = [], durations } = message;
  return {
    from,
    values,
    failures: failures.map(({ position, failure }) => {
      return { position, reason: readFailure(failure, indexAt(ranges, position), task) };
    }),
    durations,
  };
}

function readFailure(failure: FailureWire, index: number, task: PreparedTask): ParallelError {
  switch (failure.kind) {
    case 'thrown': {
      const thrown = readThrown(failure, task);
      return new TaskError(index, thrown, remedyFor(thrown, task));
    }
    case 'uncloneable':
      return new UncloneableError(index, 'result', failure.reason);
    case 'load':
      return readThrown(failure, task) as TaskLoadError;
  }
}

/** What a function threw; a TaskLoadError if it could not be had. */
export function readThrown(failure: CallFailureWire, task: PreparedTask): unknown {
  if (failure.kind === 'thrown') return withUserStack(fromWire(failure.thrown), task);
  const { message, cause } = failure;
  return new TaskLoadError(message, cause && { cause: fromWire(cause) });
}

/** A free variable that could not be found before: in an `eval`, or behind a `typeof`. */
function remedyFor(thrown: unknown, { source }: PreparedTask): string | undefined {
  if (source.kind !== 'inline' || !(thrown instanceof ReferenceError)) return undefined;
  return (
    'An inline function travels to the worker as source, without the variables around it: declare what it needs ' +
    'inside it, hand values over with the option shared, or make it a module task with task(import.meta.url, ...)'
  );
}
