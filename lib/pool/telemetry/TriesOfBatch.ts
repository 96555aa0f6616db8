/** Works out when the elements of a batch ran, and how each of them ended. */
import { TaskTimeoutError, WorkerCrashedError, type ParallelError } from '../../errors.js';
import type { Millis, Settled } from '../../executors/Executor.js';
import { IndexCursor } from '../../task/ranges.js';
import type { TracedElement } from '../../trace/Trace.js';
import type { Sent } from './BatchAccount.js';

/** One try of an element, by the clock of this thread: `performance.now()`. */
export interface Try extends TracedElement {
  /** Why it failed, if it did while its call was open. */
  readonly reason: ParallelError | undefined;
}

export interface BatchOfCall extends Sent {
  readonly call: number;
  /** Which try of an element it is, from 1. */
  readonly attemptOf: (index: number) => number;
}

export class TriesOfBatch {
  readonly #batch: BatchOfCall;
  /** Which try it is of each element, by its place: asked for now, since a call that ends forgets. */
  readonly #attempts = new Map<number, number>();
  /** When the last of its elements ended, or its worker had time for the first. */
  #free: Millis;

  /** @param free when its worker can begin with it, at the earliest */
  constructor(batch: BatchOfCall, free: Millis) {
    this.#batch = batch;
    this.#free = free;
    for (const { start, end } of batch.ranges) {
      for (let index = start; index < end; index++) {
        const attempt = batch.attemptOf(index);
        if (attempt > 1) this.#attempts.set(index, attempt);
      }
    }
  }

  /**
   * What a worker says is taken as it is. One that died says nothing of its last element: it ran since the one
   * before, and until now.
   *
   * @param isOver whether the call has ended: whatever became of them, nobody is told
   */
  read(
    { from, values, failures, durations, starts }: Settled,
    now: Millis,
    isOver: boolean,
  ): Try[] {
    const { batch, slot: worker, call, ranges } = this.#batch;
    const indices = new IndexCursor(ranges);
    const reasons = new Map(failures.map(({ position, reason }) => [position, reason]));
    const tries: Try[] = [];
    for (let nth = 0; nth < values.length; nth++) {
      const index = indices.at(from + nth);
      const failure = reasons.size === 0 ? undefined : reasons.get(from + nth);
      const start = starts?.[nth] ?? (isLost(failure) ? Math.min(this.#free, now) : now);
      const end = starts ? start + (durations?.[nth] ?? 0) : now;
      if (end > this.#free) this.#free = end;
      const outcome = isOver ? 'cancelled' : outcomeOf(failure);
      const reason = isOver ? undefined : failure;
      const attempt = this.#attempts.get(index) ?? 1;
      tries.push({ call, index, worker, batch, attempt, start, end, outcome, reason });
    }
    return tries;
  }

  /** The worker was at another batch until then. */
  waitUntil(free: Millis): void {
    this.#free = Math.max(this.#free, free);
  }
}

/** Whether the worker died with it. */
function isLost(reason: ParallelError | undefined): boolean {
  return reason instanceof WorkerCrashedError || reason instanceof TaskTimeoutError;
}

function outcomeOf(reason: ParallelError | undefined): TracedElement['outcome'] {
  if (reason === undefined) return 'done';
  if (reason instanceof TaskTimeoutError) return 'timed out';
  return reason instanceof WorkerCrashedError ? 'crashed' : 'failed';
}
