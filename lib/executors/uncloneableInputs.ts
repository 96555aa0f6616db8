/** Tells which elements of a batch kept it from being sent. */
import { messageOf, UncloneableError } from '../errors.js';
import { whyUncloneable } from '../task/whyUncloneable.js';
import { rejected, type Batch, type Settled } from './Executor.js';

/**
 * The elements that cannot be cloned, as failed; the others of the batch count as unstarted.
 *
 * @param cause what the attempt to clone the whole batch threw
 */
export function uncloneableInputs({ indices, values }: Batch, cause: unknown): Settled[] {
  const reasons = values.map((value) => whyUncloneable(value, 'input'));
  // Should each be cloneable alone, yet not all together, then all fail: else they would be sent
  // again for ever.
  const noneIsToBlame = reasons.every((reason) => reason === undefined);
  return indices.flatMap((index, position) => {
    const reason = reasons[position] ?? (noneIsToBlame ? messageOf(cause) : undefined);
    if (reason === undefined) return [];
    return [rejected(position, new UncloneableError(index, 'input', reason, { cause }))];
  });
}
