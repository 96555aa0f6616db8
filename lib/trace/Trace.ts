/** What a trace holds: who ran which element from when to when, and why a worker idled. Plain data, without values of the user's. */

/** A span of time, or a time since the trace began, in milliseconds. */
export type Millis = number;

/** One recorded stretch of a pool's life. `JSON.stringify` keeps all of it. */
export interface Trace {
  readonly version: 1;
  /** When it began, in milliseconds since 1970. All other times count from then. */
  readonly startedAt: number;
  readonly duration: Millis;
  readonly calls: readonly TracedCall[];
  readonly workers: readonly TracedWorker[];
  /** One for each try of an element, in the order in which they ended. */
  readonly elements: readonly TracedElement[];
  readonly batches: readonly TracedBatch[];
  readonly reclaims: readonly TracedReclaim[];
  readonly idle: readonly IdleSpan[];
  /** Tries, batches, and ended calls and workers that were not kept, since the trace was full: the oldest go first. */
  readonly omitted: number;
}

/** One call of parallelMap, mapArray, mapStream or run. */
export interface TracedCall {
  readonly id: number;
  /** The function's name; '' if it has none. */
  readonly name: string;
  readonly concurrency: number;
  readonly perWorker: number;
  readonly start: Millis;
  /** Undefined while it goes on. */
  readonly end?: Millis | undefined;
  /** Elements that came, and how each of them ended. What has not ended yet is in none of the others. */
  readonly arrived: number;
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly dropped: number;
  /** Further tries of elements that had failed. */
  readonly retried: number;
}

export interface TracedWorker {
  readonly id: number;
  /** When it was asked for. */
  readonly start: Millis;
  /** When it could take elements; undefined if it cannot yet, or never could. */
  readonly ready?: Millis | undefined;
  readonly end?: Millis | undefined;
  /** `overdue`: it was ended for an element that went on for too long, over its time or after its call. */
  readonly ending?: 'closed' | 'crashed' | 'overdue' | 'failed to start' | undefined;
}

export interface TracedElement {
  readonly call: number;
  /** Place in the call's input, from 0. */
  readonly index: number;
  readonly worker: number;
  readonly batch: number;
  /** Which try it was, from 1. */
  readonly attempt: number;
  readonly start: Millis;
  readonly end: Millis;
  /** `cancelled`: its call had ended before its result was there, whatever that was. */
  readonly outcome: 'done' | 'failed' | 'timed out' | 'crashed' | 'cancelled';
}

export interface TracedBatch {
  readonly id: number;
  readonly call: number;
  readonly worker: number;
  /** Elements that it was sent with. */
  readonly count: number;
  readonly sent: Millis;
  /** Undefined while the worker has it. */
  readonly returned?: Millis | undefined;
  /** Milliseconds that its elements ran, of those between; 0 while it has not returned, and if its worker died. */
  readonly ran: Millis;
}

/** Elements were taken back from a worker that had not started them. */
export interface TracedReclaim {
  readonly batch: number;
  readonly worker: number;
  readonly count: number;
  readonly at: Millis;
}

/** A worker that was ready had nothing to run, or one that was needed was not ready yet. */
export interface IdleSpan {
  readonly worker: number;
  readonly start: Millis;
  readonly end: Millis;
  /**
   * `starting`: it was not ready. `no work`: nothing waited. `window full`: elements waited for an earlier one
   * whose result was missing. `slow consumer`: nobody took the results. `limit`: what waited may not run on
   * more workers, or not beside others of its key. `retry delay`: what had failed waited for its next try.
   */
  readonly cause:
    'starting' | 'no work' | 'window full' | 'slow consumer' | 'limit' | 'retry delay';
}
