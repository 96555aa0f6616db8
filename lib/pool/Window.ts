/** Decides how many elements of a call may be on their way at once: handed in, and not given out. */
import type { Millis } from '../executors/Executor.js';
import type { LaneOptions } from './LaneOptions.js';

/**
 * Milliseconds of work that each worker has ahead, for each element that it runs at once: two batches of 3 ms, as the scheduler makes them, and six times
 * that, since batches shrink with what waits, and what has ended may wait for its reader.
 */
const WORK_AHEAD: Millis = 24;

/**
 * Elements for each worker at most, however short they are. More are no faster: 10 million small objects took as
 * long with four times as many, and three times as much memory beside that of the program (docs/benchmarks).
 */
export const MOST_PER_WORKER = 2_048;

/** Batches for each worker: one that runs, one behind it, and two whose elements wait here or have ended. */
const BATCHES = 4;

/**
 * Elements for each worker in order, however long they take: one may take so many times longer than the others
 * before any worker has to wait for it.
 */
export const LEAST_IN_ORDER = 256;

export interface WindowOptions {
  /** Workers that serve the call. */
  readonly workers: number;
  /** Elements that each of them runs at once. */
  readonly perWorker: number;
  /** Elements of a batch, where the call says so. */
  readonly batchSize: number | undefined;
  readonly ordered: boolean;
  /** Elements at most, whatever is of use; undefined: what the longest batches need. */
  readonly atMost: number | undefined;
}

export class Window {
  readonly #options: WindowOptions;
  #size: number;
  /** The first element that was said to be beyond it. */
  #end: number;

  constructor(options: WindowOptions, pace: Millis | undefined) {
    this.#options = options;
    this.#size = sizeFor(options, pace);
    this.#end = this.#size;
  }

  get end(): number {
    return this.#end;
  }

  /** Elements, at least 1. */
  get size(): number {
    return this.#size;
  }

  measured(pace: Millis): void {
    this.#size = sizeFor(this.#options, pace);
  }

  /**
   * All elements before `next` were given out. @returns the first one that is beyond the window now; undefined
   * where that is hardly another than was said before
   */
  moveTo(next: number): number | undefined {
    const end = next + this.#size;
    // An eighth: what is given out one by one shall not be told of one by one.
    if (end - this.#end < Math.max(1, this.#size / 8)) return undefined;
    this.#end = end;
    return end;
  }
}

/** What is said of it by the options of a lane. */
export function windowOf(options: LaneOptions): WindowOptions {
  const { concurrency, perWorker, batchSize, ordered, atMost } = options;
  return { workers: concurrency, perWorker, batchSize, ordered, atMost };
}

/** @param pace what an element takes, as far as that is known */
function sizeFor(
  { workers, perWorker, batchSize, ordered, atMost = Infinity }: WindowOptions,
  pace: Millis | undefined,
): number {
  const batches = BATCHES * Math.max(perWorker, batchSize ?? 1);
  const least = ordered ? Math.max(batches, LEAST_IN_ORDER) : batches;
  const working = pace === undefined ? 0 : Math.ceil((WORK_AHEAD / pace) * perWorker);
  return Math.min(atMost, workers * Math.max(least, Math.min(working, MOST_PER_WORKER)));
}
