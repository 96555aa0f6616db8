/** The one interface between the pool and the places where elements run. */
import type { Transferable } from 'node:worker_threads';
import type { ParallelError, WorkerCrashedError } from '../errors.js';
import type { PreparedTask } from '../task/prepareTask.js';
import type { Values } from '../task/packing.js';
import type { Range } from '../task/ranges.js';
import { CLAIM_CELLS } from '../worker/claims.js';

export type SlotId = number;
export type BatchId = number;
/** A span of time, in milliseconds. */
export type Millis = number;

/**
 * How long an element may go on after its signal was aborted before its slot is ended, in milliseconds.
 * Starting a worker anew takes 30 to 60, so a function that ends within the grace is cheaper to wait for;
 * and who calls again waits no longer than a person takes for instant.
 */
export const ABORT_GRACE: Millis = 200;

/** Batches that a slot may run beside each other, at most. */
export const MOST_BESIDE = CLAIM_CELLS;

/** What a pool has each of its slots begin with. */
export interface SlotSetup {
  /** Called once in each slot, before its first batch. */
  readonly initializer?: PreparedTask | undefined;
  /** What functions get as `context.shared` where their call has none of its own. It can be cloned. */
  readonly shared?: unknown;
  /** Slots at most, at one time; Infinity where their number follows the calls. Default: Infinity. */
  readonly size?: number;
}

/** Elements of one call that go to a slot together, and run there one after the other. */
export interface Batch {
  readonly id: BatchId;
  readonly task: PreparedTask;
  /** Places of the elements in the call's input. A _position_ counts through them, from 0. */
  readonly ranges: readonly Range[];
  /** The elements themselves, by position; copies of the batch's own, to be sent or given away. */
  readonly values: Values;
  /** Whether the time of each element is wanted; else a failure may end the call, and is told at once. */
  readonly settled: boolean;
  /** Milliseconds after which outcomes are told while others of the batch follow. */
  readonly reportAfter: Millis;
  /** What of the values is to be moved rather than copied. Such a batch cannot run elsewhere. */
  readonly transfer: readonly Transferable[];
  /** Milliseconds that each element may run, from its start; undefined: any time. */
  readonly timeout: Millis | undefined;
  /**
   * Whether it runs beside the batches that the slot holds, which are all of the same call, rather than after
   * them. It has one element.
   */
  readonly isBeside: boolean;
  /** A value that all batches of a call have; it is sent to a slot once. */
  readonly shared: { readonly id: number; readonly value: unknown } | undefined;
  /** Whether it is wanted of each element when it started, and for how long it ran. */
  readonly wantsTimes: boolean;
}

/** How elements of a batch ended that are next to each other. */
export interface Settled {
  /** Position of the first of them. */
  readonly from: number;
  /** A result each; undefined where there is a failure. */
  readonly values: Values;
  readonly failures: readonly Failure[];
  /** The time the function took for each, measured where it ran; undefined if it was not wanted. */
  readonly durations: readonly Millis[] | undefined;
  /** When it started for each, by this thread's `performance.now()`; only if that was wanted. */
  readonly starts?: readonly Millis[] | undefined;
}

export interface Failure {
  readonly position: number;
  readonly reason: ParallelError;
}

/** Told of a batch's progress: any number of `settled`, then `returned` once. */
export interface BatchObserver {
  settled(settled: Settled): void;
  /**
   * Its element is over time and went on for the whole grace, while others run beside it: the slot is lost once none
   * of those runs any more that has time left. Nothing more is to be given to it until then.
   */
  overdue(): void;
  /**
   * The batch is over. The last outcomes come with it, so that the slot can be given its next batch
   * before they are delivered. An element without an outcome was not started.
   *
   * @param busy how long the slot was busy with it
   */
  returned(settled: readonly Settled[], busy: Millis): void;
}

/** What an `open` rejects with where another try would only fail again, for the same reason. */
export class LastingFailure extends Error {
  constructor(readonly reason: WorkerCrashedError) {
    super(reason.message);
  }
}

/**
 * Where batches run. A slot runs batches one after the other, or those of one call beside each other: a thread, a
 * cluster job.
 *
 * An element that is still running when the batch's time-out is over sees its signal aborted, and ends with
 * a TaskTimeoutError whatever it gives. If it has not ended within ABORT_GRACE, its slot is lost: at once, or once
 * what runs beside it has ended.
 *
 * Every implementation passes spec/executors/contract.ts.
 */
export interface Executor {
  /** Milliseconds that one more batch costs; batches are sized so that this stays a small share. */
  readonly overhead: Millis;

  /** Whether functions run with the variables around them; elsewhere only their source arrives. */
  readonly keepsClosures: boolean;

  /** Tells how slots begin. Called at most once, before the first is opened. */
  setUp(setup: SlotSetup): void;

  /**
   * Makes a slot ready. A promise where that takes time; it rejects with a WorkerCrashedError if there is no
   * slot to be had, or with a LastingFailure if there never will be, and nothing of it is left behind then.
   * There is none, either, if the initializer failed in it.
   *
   * `lost` is called once, with the reason, if the slot is gone later without having been closed.
   * The batches that were on it return right after: the element that was running with a
   * WorkerCrashedError, the others unstarted.
   */
  open(slot: SlotId, lost: (reason: WorkerCrashedError) => void): Promise<void> | undefined;

  /**
   * Runs a batch on an open slot, after the one that it holds, if any: two at most. Or beside those that it
   * holds: MOST_BESIDE at most. It returns in every case.
   */
  run(slot: SlotId, batch: Batch, observer: BatchObserver): void;

  /**
   * Takes back what has not started of a batch, now and for good. Absent where that cannot be done.
   * The batch still returns, with the elements that did start.
   *
   * @returns the position of the first element taken back; the batch's count if there is none
   */
  reclaim?(slot: SlotId, batch: BatchId): number;

  /**
   * Whether any call is under way. A slot that opens keeps the process alive only then; one that runs a batch
   * does in any case. Absent where opening keeps nothing alive.
   */
  setAwaited?(isAwaited: boolean): void;

  /** No more batches with this shared value will come: every slot may let it go. */
  forget(shared: number): void;

  /**
   * Asks a slot to stop a batch: what has not started never will, and a running function sees
   * `context.signal` aborted. The batch still returns, once the function has; perhaps from within
   * this call.
   */
  abort(slot: SlotId, batch: BatchId): void;

  /**
   * Ends a slot, whatever it does; its batches return as if the slot had crashed, but `lost` is not
   * called. Waits for a pending `open` (which rejects). Afterwards nothing of the slot is left.
   */
  close(slot: SlotId): Promise<void>;
}

/** Elements that failed without a result, one by one. */
export function failed(failures: readonly Failure[]): Settled[] {
  return failures.map((failure) => ({
    from: failure.position,
    values: [undefined],
    failures: [failure],
    durations: undefined,
  }));
}
