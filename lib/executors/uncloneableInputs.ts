/** Tells what of a batch kept it from being sent. */
import { UncloneableError } from '../errors.js';
import { messageOf } from '../quote.js';
import { isDetached } from '../task/detached.js';
import { indexAt } from '../task/ranges.js';
import { whyUncloneable } from '../task/whyUncloneable.js';
import { UNREADABLE } from '../worker/messages.js';
import { failed, type Batch, type Failure, type Settled } from './Executor.js';

/**
 * The elements that cannot be cloned, as failed; the others of the batch count as unstarted. All
 * fail if it is for the shared value.
 *
 * @param cause what the attempt to clone the whole batch threw
 */
export function uncloneableInputs(batch: Batch, cause: unknown): Settled[] {
  const failures = culprits(batch, cause);
  if (failures.length > 0) return failed(failures);
  // Should each be cloneable alone, yet not all together, then all fail: else they would be sent
  // again for ever.
  const why = messageOf(cause);
  return failed(Array.from(batch.values, (_, position) => failure(batch, position, why, cause)));
}

/**
 * The elements of a batch that a worker ended with because it could not read them: there is no use in sending
 * them again.
 *
 * @param cause the uncaught error that ended the worker
 */
export function unreadableInputs(batch: Batch, cause: unknown): Failure[] {
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  return code === UNREADABLE && batch.transfer.length === 0 ? culprits(batch, cause) : [];
}

/** Those that cannot be cloned by themselves. None, where it is for all of them together. */
function culprits(batch: Batch, cause: unknown): Failure[] {
  const { ranges, shared, transfer } = batch;
  const values = Array.from<unknown>(batch.values);
  const whyNotShared = shared && whyUncloneable(shared.value, 'shared');
  if (whyNotShared !== undefined) {
    return values.map((_, position) => {
      const index = indexAt(ranges, position);
      const reason = new UncloneableError(index, 'shared', whyNotShared, { cause });
      return { position, reason };
    });
  }
  const moved = transfer.filter((item) => !isDetached(item));
  return values.flatMap((value, position) => {
    const why = whyUncloneable(value, `input[${indexAt(ranges, position)}]`, moved);
    return why === undefined ? [] : [failure(batch, position, why, cause)];
  });
}

function failure({ ranges }: Batch, position: number, why: string, cause: unknown): Failure {
  return {
    position,
    reason: new UncloneableError(indexAt(ranges, position), 'input', why, { cause }),
  };
}
