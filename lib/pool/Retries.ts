/** Decides which of a call's elements that failed are tried again, and when. */
import { TaskTimeoutError, WorkerCrashedError, type ParallelError } from '../errors.js';
import type { Failure, Millis, Settled } from '../executors/Executor.js';
import { countOf, indexAt, sliceOf, type Range } from '../task/ranges.js';
import { crashOf } from './crashOf.js';
import type { RetryPolicy } from './retryOptions.js';
import type { CallAccount } from './telemetry/CallAccount.js';

/**
 * Workers that an element may end while it runs, however often it may be tried. Once may be bad luck; three
 * times is a cause that stays, and each costs others the worker's memory and the time of a start.
 */
const MOST_KILLS = 3;

/** Elements that are tried again after so long. */
export interface Again {
  readonly ranges: readonly Range[];
  readonly after: Millis;
}

/** What has ended for good of some outcomes, and what is tried again. */
export interface Sifted {
  readonly ended: readonly Settled[];
  readonly again: readonly Again[];
}

/** What an element that is tried again has behind it. */
interface Past {
  readonly failures: number;
  /** How many of them ended a worker. */
  readonly kills: number;
}

export class Retries {
  readonly #policy: RetryPolicy;
  readonly #resume: (ranges: readonly Range[]) => void;
  /** By the elements' places in the input. */
  readonly #pasts = new Map<number, Past>();
  readonly #timers = new Set<NodeJS.Timeout>();

  /** @param resume called when the time of elements has come */
  constructor(policy: RetryPolicy, resume: (ranges: readonly Range[]) => void) {
    this.#policy = policy;
    this.#resume = resume;
  }

  /**
   * @param ranges places in the input of the batch's elements
   * @throws what the user's functions throw, or about what they give
   */
  sift(ranges: readonly Range[], settled: readonly Settled[]): Sifted {
    const again = new Map<Millis, Range[]>();
    const ended = settled.flatMap((some) => {
      const final: Failure[] = [];
      const cut: number[] = [];
      for (const { position, reason } of some.failures) {
        const verdict = this.#judge(indexAt(ranges, position), reason);
        if (typeof verdict !== 'number') {
          final.push({ position, reason: verdict });
          continue;
        }
        cut.push(position);
        const others = again.get(verdict);
        const own = sliceOf(ranges, position, position + 1);
        if (others) others.push(...own);
        else again.set(verdict, own);
      }
      return without({ ...some, failures: final }, cut);
    });
    return { ended, again: Array.from(again, ([after, own]) => ({ ranges: own, after })) };
  }

  /** The next try of these elements comes in its time. The process waits for it. */
  schedule(again: readonly Again[], account?: CallAccount): void {
    for (const { ranges, after } of again) {
      account?.retry(countOf(ranges));
      if (after === 0) this.#resume(ranges);
      else this.#resumeLater(ranges, after);
    }
  }

  /** Which try of an element it is, from 1, until the outcome of that is sifted. */
  attemptOf(index: number): number {
    return 1 + (this.#pasts.get(index)?.failures ?? 0);
  }

  /** An element has ended for good. @returns how often it was tried */
  finish(index: number): number {
    const attempts = this.attemptOf(index);
    this.#pasts.delete(index);
    return attempts;
  }

  /** These have ended for good. */
  forget(ended: readonly Range[]): void {
    if (this.#pasts.size === 0) return;
    for (const { start, end } of ended) {
      for (let index = start; index < end; index++) this.#pasts.delete(index);
    }
  }

  /** Nothing is tried any more. */
  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#pasts.clear();
  }

  #resumeLater(ranges: readonly Range[], after: Millis): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#resume(ranges);
    }, after);
    this.#timers.add(timer);
  }

  /** After how long the element is tried again; the error that it fails with if it is not. */
  #judge(index: number, reason: ParallelError): Millis | ParallelError {
    const past = this.#pasts.get(index) ?? { failures: 0, kills: 0 };
    const hasKilled = endedItsWorker(reason);
    const kills = past.kills + Number(hasKilled);
    if (hasKilled && kills >= MOST_KILLS) return quarantined(index, reason);
    const attempt = past.failures + 1;
    const { count } = this.#policy;
    if (attempt > count || !this.#policy.isWorthATry(reason)) return reason;
    const after = this.#policy.delayAfter(reason, attempt);
    this.#pasts.set(index, { failures: attempt, kills });
    return after;
  }
}

function endedItsWorker(reason: ParallelError): reason is TaskTimeoutError | WorkerCrashedError {
  return reason instanceof TaskTimeoutError
    ? reason.workerEnded
    : reason instanceof WorkerCrashedError;
}

/** The same, and that it is not tried again. */
function quarantined(index: number, reason: TaskTimeoutError | WorkerCrashedError): ParallelError {
  return reason instanceof TaskTimeoutError
    ? new TaskTimeoutError(index, reason.timeout, 'quarantined')
    : crashOf(reason, index, 'quarantined');
}

/** What is left of outcomes: in parts, where some are cut out in the middle. */
function without(settled: Settled, cut: readonly number[]): Settled[] {
  if (cut.length === 0) return [settled];
  const { from, values, failures, durations } = settled;
  const to = from + values.length;
  const edges = [...cut].sort((a, b) => a - b);
  return [...edges, to].flatMap((end, nth) => {
    const start = nth === 0 ? from : edges[nth - 1]! + 1;
    if (start === end) return [];
    return {
      from: start,
      values: values.slice(start - from, end - from),
      failures: failures.filter(({ position }) => position >= start && position < end),
      durations: durations?.slice(start - from, end - from),
    };
  });
}
