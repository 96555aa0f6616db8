/** Tells why elements failed whose outcomes a worker did not bring here. */
import {
  messageOf,
  UncloneableError,
  WorkerCrashedError,
  type CrashDetails,
} from '../../errors.js';
import { indexAt } from '../../task/ranges.js';
import type { Batch, Failure } from '../Executor.js';

/** A batch whose worker has ended. */
interface Lost {
  readonly batch: Batch;
  /** Elements in it. */
  readonly count: number;
  /** Outcomes received. */
  readonly settled: number;
}

/** Elements whose outcomes came in a form that can be written, but not read. */
export function unread({ ranges }: Batch, from: number, to: number, cause: unknown): Failure[] {
  const why = `result was sent but cannot be read here (${messageOf(cause)}): it, or one that was sent with it, is nested too deeply or is an error that is its own cause`;
  return Array.from({ length: to - from }, (_, nth) => {
    const position = from + nth;
    const index = indexAt(ranges, position);
    return { position, reason: new UncloneableError(index, 'result', why, { cause }) };
  });
}

/** The elements that cannot be had back from a worker that ended. */
export function lost(
  { batch, count, settled }: Lost,
  claimed: number,
  details: CrashDetails,
  unreadable: unknown,
): Failure[] {
  const crashed = (position: number): Failure => {
    const reason = new WorkerCrashedError(indexAt(batch.ranges, position), details);
    return { position, reason };
  };
  // What was transferred is gone with the worker.
  if (batch.transfer.length > 0) {
    return Array.from({ length: count - settled }, (_, nth) => crashed(settled + nth));
  }
  if (claimed <= settled) return [];
  // The last one claimed was running. What ended before it without being reported runs again: a
  // worker that is killed reports no more.
  const running = claimed - 1;
  const before = unreadable === undefined ? [] : unread(batch, settled, running, unreadable);
  return [...before, crashed(running)];
}
