/** What `pool.stats()` gives: plain data, in counts and milliseconds. */
import type { Millis } from '../../executors/Executor.js';

/** How many elements came to a pool, and what became of them. Each that came is in one of the others. */
export interface ElementStats {
  readonly arrived: number;
  /** Not on a worker: they wait for one, for the window of their call, or for the next try. */
  readonly waiting: number;
  /** On a worker: one runs, others are behind it. */
  readonly inFlight: number;
  /** Gave a result. */
  readonly done: number;
  /** Failed for good. */
  readonly failed: number;
  /** Their call ended before they had. */
  readonly cancelled: number;
  /** Never ran, since too many waited (`overflow`). */
  readonly dropped: number;
  /** Further tries of elements that had failed. These are in none of the others. */
  readonly retried: number;
}

export interface WorkerStats {
  /** Asked for, and not ready yet. */
  readonly starting: number;
  /** Ready, or at work. */
  readonly alive: number;
  /** Of those, how many have something to run. */
  readonly busy: number;
  /** Workers that were ready so far, these included. */
  readonly opened: number;
  /** How many of them ended by themselves. */
  readonly crashed: number;
  /** How many were ended since an element of theirs would not end: over its time, or after its call. */
  readonly overdue: number;
  /** Workers that could not be had. Those that are ended while they start are in none of these. */
  readonly failedToStart: number;
  /** Ended after `maxElementsPerWorker`. */
  readonly recycled: number;
  /** Milliseconds that workers were ready, all of them together. */
  readonly aliveTime: Millis;
  /** Of those, how many they had something to run. */
  readonly busyTime: Millis;
  /** `busyTime` by `aliveTime`, from 0 to 1, since the pool began; 0 if no worker was ready yet. */
  readonly utilisation: number;
}

/** A distribution of times. The quantiles are off by 2.2 % at most; count, mean and maximum are exact. */
export interface TimeStats {
  readonly count: number;
  readonly mean: Millis;
  readonly p50: Millis;
  readonly p90: Millis;
  readonly p99: Millis;
  readonly max: Millis;
}

/** A pool as it is now, and all that it did since it was made. */
export interface PoolStats {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Milliseconds since the pool was made. */
  readonly age: Millis;
  readonly workers: WorkerStats;
  /** Calls of parallelMap, mapArray, mapStream and run. */
  readonly calls: { readonly open: number; readonly ended: number };
  readonly elements: ElementStats;
  readonly batches: {
    readonly started: number;
    /** Elements that were taken back from a worker which had not started them, for another one. */
    readonly reclaimed: number;
  };
  readonly times: {
    /** Of each try: from the element's arrival until its worker began with its batch. */
    readonly wait: TimeStats;
    /** Of each try: how long the function took. Without `settled`, the mean of the batch. */
    readonly run: TimeStats;
    /** Of each batch: what its round took beside the functions, to copy and send values and results. */
    readonly transfer: TimeStats;
  };
  /**
   * How often, and how long, elements of calls with `ordered` had to wait beside a worker that might have run
   * them, since the result of an earlier one was missing and the `reorderWindow` was full.
   */
  readonly windowFull: { readonly count: number; readonly time: Millis };
}
