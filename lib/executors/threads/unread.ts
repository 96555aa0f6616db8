/** What becomes of outcomes that a worker could write, but that this thread cannot read. */
import { UncloneableError } from '../../errors.js';
import { messageOf } from '../../quote.js';
import { indexAt } from '../../task/ranges.js';
import type { Batch, Failure } from '../Executor.js';

/** The elements from position `from` up to, not including, `to`, as failed. */
export function unread({ ranges }: Batch, from: number, to: number, cause: unknown): Failure[] {
  const why = `result was sent but cannot be read here (${messageOf(cause)}): it, or one that was sent with it, is nested too deeply or is an error that is its own cause`;
  return Array.from({ length: to - from }, (_, nth) => {
    const position = from + nth;
    const index = indexAt(ranges, position);
    return { position, reason: new UncloneableError(index, 'result', why, { cause }) };
  });
}
