/** Tells what of a batch kept it from being sent. */
import { messageOf, UncloneableError } from '../errors.js';
import { isDetached } from '../task/detached.js';
import { indexAt } from '../task/ranges.js';
import { whyUncloneable } from '../task/whyUncloneable.js';
import { failed, type Batch, type Settled } from './Executor.js';

/**
 * The elements that cannot be cloned, as failed; the others of the batch count as unstarted. All
 * fail if it is for the shared value.
 *
 * @param cause what the attempt to clone the whole batch threw
 */
export function uncloneableInputs(batch: Batch, cause: unknown): Settled[] {
  const { ranges, shared, transfer } = batch;
  const values = Array.from<unknown>(batch.values);
  const moved = transfer.filter((item) => !isDetached(item));
  const whyNotShared = shared && whyUncloneable(shared.value, 'shared');
  if (whyNotShared !== undefined) {
    return failed(
      values.map((_, position) => {
        const index = indexAt(ranges, position);
        const reason = new UncloneableError(index, 'shared', whyNotShared, { cause });
        return { position, reason };
      }),
    );
  }
  const reasons = values.map((value, position) => {
    return whyUncloneable(value, `input[${indexAt(ranges, position)}]`, moved);
  });
  // Should each be cloneable alone, yet not all together, then all fail: else they would be sent
  // again for ever.
  const noneIsToBlame = reasons.every((reason) => reason === undefined);
  const failures = reasons.flatMap((own, position) => {
    const why = own ?? (noneIsToBlame ? messageOf(cause) : undefined);
    if (why === undefined) return [];
    const reason = new UncloneableError(indexAt(ranges, position), 'input', why, { cause });
    return [{ position, reason }];
  });
  return failed(failures);
}
