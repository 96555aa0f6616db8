/** Turns what a worker posted about an element into its outcome, with errors rebuilt. */
import { TaskError, TaskLoadError, UncloneableError, type ParallelError } from '../../errors.js';
import { fromWire } from '../../task/thrown.js';
import type { FailureWire, SettledWire } from '../../worker/messages.js';
import type { Batch, Settled } from '../Executor.js';

export function readSettled(wire: SettledWire, { indices }: Batch): Settled {
  const { position, duration } = wire;
  if (wire.status === 'fulfilled') {
    return { position, outcome: { status: 'fulfilled', value: wire.value, duration } };
  }
  const reason = readFailure(wire.failure, indices[position]!);
  return { position, outcome: { status: 'rejected', reason, duration } };
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
