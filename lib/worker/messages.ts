/** What the main thread and a worker say to each other over their MessagePort. */
import type { TaskSource } from '../task/task.js';
import type { ThrownWire } from '../task/thrown.js';

/** Told to a worker when it starts, as its `workerData`. */
export interface WorkerStart {
  readonly workerId: number;
  /**
   * One shared counter: how many elements of the worker's batch have been claimed. The worker adds
   * one before it runs an element. The main thread reads it when the worker died, and raises it
   * past the end to stop a batch, which works while the worker is busy, too.
   */
  readonly claims: Int32Array;
}

/** Raises the claim counter past the end of every batch, with room for the claims after it. */
export const ALL_CLAIMED = 2 ** 30;

export type MainMessage =
  | {
      readonly type: 'run';
      readonly batch: number;
      readonly task: number;
      /** Comes with the first batch of a task; the worker keeps it. */
      readonly source?: TaskSource;
      readonly indices: readonly number[];
      readonly values: readonly unknown[];
    }
  | { readonly type: 'abort'; readonly batch: number };

export interface WorkerMessage {
  readonly batch: number;
  readonly settled: readonly SettledWire[];
  /** Whether the batch is over. */
  readonly returned: boolean;
}

export type SettledWire = { readonly position: number; readonly duration: number } & (
  | { readonly status: 'fulfilled'; readonly value: unknown }
  | { readonly status: 'rejected'; readonly failure: FailureWire }
);

export type FailureWire =
  | { readonly kind: 'thrown'; readonly thrown: ThrownWire }
  /** The result cannot be cloned; `reason` names the place in it. */
  | { readonly kind: 'uncloneable'; readonly reason: string }
  /** The function could not be had in the worker. */
  | { readonly kind: 'load'; readonly message: string; readonly cause?: ThrownWire };
