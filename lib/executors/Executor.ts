/** The one interface between the pool and the places where elements run. */
import type { ParallelError } from '../errors.js';
import type { PreparedTask } from '../task/prepareTask.js';

export type SlotId = number;
export type BatchId = number;
/** A span of time, in milliseconds. */
export type Millis = number;

/** Elements of one call that go to a slot together, and run there one after the other. */
export interface Batch {
  readonly id: BatchId;
  readonly task: PreparedTask;
  /** Places of the elements in the call's input, from 0. */
  readonly indices: readonly number[];
  /** The elements themselves, in the order of `indices`. */
  readonly values: readonly unknown[];
}

/** How an element ended. `duration` is the time the function took, measured where it ran. */
export type Outcome =
  | { readonly status: 'fulfilled'; readonly value: unknown; readonly duration: Millis }
  | { readonly status: 'rejected'; readonly reason: ParallelError; readonly duration: Millis };

export interface Settled {
  /** Place of the element in the batch, from 0. */
  readonly position: number;
  readonly outcome: Outcome;
}

export function rejected(position: number, reason: ParallelError, duration: Millis = 0): Settled {
  return { position, outcome: { status: 'rejected', reason, duration } };
}

/** Told of a batch's progress: any number of `settled`, then `returned` once. */
export interface BatchObserver {
  settled(settled: readonly Settled[]): void;
  /**
   * The batch is over. The last outcomes come with it, so that the slot can be given its next batch
   * before they are delivered. An element without an outcome was not started.
   */
  returned(settled: readonly Settled[]): void;
}

/**
 * Where batches run. A slot holds batches one after the other: a thread, a cluster job.
 *
 * Every implementation passes spec/executors/contract.ts.
 */
export interface Executor {
  /** Milliseconds that one more batch costs; batches are sized so that this stays a small share. */
  readonly overhead: Millis;

  /**
   * Makes a slot ready. A promise where that takes time; it rejects with the cause if there is no
   * slot to be had, and nothing of it is left behind then.
   *
   * `lost` is called once, with the reason, if the slot is gone later without having been closed.
   * The batch that was on it returns right after: the element that was running with a
   * WorkerCrashedError, the others unstarted.
   */
  open(slot: SlotId, lost: (reason: ParallelError) => void): Promise<void> | undefined;

  /** Runs a batch on an open slot that holds none. It returns in every case. */
  run(slot: SlotId, batch: Batch, observer: BatchObserver): void;

  /**
   * Asks a slot to stop its batch: what has not started never will, and a running function sees
   * `context.signal` aborted. The batch still returns, once the function has; perhaps from within
   * this call.
   */
  abort(slot: SlotId, batch: BatchId): void;

  /**
   * Ends a slot, whatever it does; a batch on it returns as if the slot had crashed, but `lost` is
   * not called. Waits for a pending `open` (which rejects). Afterwards nothing of the slot is left.
   */
  close(slot: SlotId): Promise<void>;
}
