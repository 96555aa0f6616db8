/** Turns what a worker posted about elements into their outcomes, with errors rebuilt. */
import { dirname } from 'node:path';
import { workerFile } from '../../builtFiles.js';
import { TaskError, TaskLoadError, UncloneableError, type ParallelError } from '../../errors.js';
import type { PreparedTask } from '../../task/prepareTask.js';
import { indexAt } from '../../task/ranges.js';
import { fromWire } from '../../task/thrown.js';
import { withUserStack } from '../../task/withUserStack.js';
import { aheadOfOwn } from '../../worker/sharedClock.js';
import type { CallFailureWire, FailureWire, WorkerMessage } from '../../worker/messages.js';
import type { Batch, Settled } from '../Executor.js';

export function readMessage(message: WorkerMessage, { ranges, task }: Batch): Settled {
  const { from, values, failures = [], durations, starts } = message;
  return {
    from,
    values,
    failures: failures.map(({ position, failure }) => {
      return { position, reason: readFailure(failure, indexAt(ranges, position), task) };
    }),
    durations,
    starts: starts?.map((start) => start - aheadOfOwn()),
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

/** For what an inline function misses in a worker, and what could not be found before it was sent. */
function remedyFor(thrown: unknown, { source }: PreparedTask): string | undefined {
  if (source.kind !== 'inline' || !(thrown instanceof Error)) return undefined;
  // In an `eval`, or behind a `typeof`. What else is a ReferenceError is a variable before its declaration.
  if (thrown instanceof ReferenceError && thrown.message.endsWith(' is not defined')) {
    return (
      'An inline function travels to the worker as source, without the variables around it: declare what it needs ' +
      'inside it, hand values over with the option shared, or make it a module task with task(import.meta.url, ...)'
    );
  }
  if (thrown.message.includes(` imported from ${dirname(workerFile)}`)) {
    return (
      'In an inline function, import() looks for packages and relative paths from a file of this library: ' +
      "hand the full address over with the option shared, import.meta.resolve('package') or new URL('./file.js', import.meta.url).href, " +
      'or make it a module task with task(import.meta.url, ...)'
    );
  }
  return undefined;
}
