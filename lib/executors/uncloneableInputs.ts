/** Tells which elements of a batch kept it from being sent. */
import { messageOf, UncloneableError } from '../errors.js';
import { indexAt } from '../task/ranges.js';
import { whyUncloneable } from '../task/whyUncloneable.js';
import { failed, type Batch, type Settled } from './Executor.js';

/**
 * The elements that cannot be cloned, as failed; the others of the batch count as unstarted.
 *
 * @param cause what the attempt to clone the whole batch threw
 */
export function uncloneableInputs({ ranges, values }: Batch, cause: unknown): Settled[] {
  const reasons = values.map((value) => whyUncloneable(value, 'input'));
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
