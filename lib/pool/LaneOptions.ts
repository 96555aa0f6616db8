/** What a lane is asked for, and whom it tells. */
import type { Transferable } from 'node:worker_threads';
import type { Millis } from '../executors/Executor.js';
import type { Buffer } from '../scheduler/facts.js';
import type { Values } from '../task/packing.js';
import type { PreparedTask } from '../task/prepareTask.js';
import type { CallSite } from './CallSite.js';
import type { ProgressPlan } from './progress/followCall.js';
import type { RetryPolicy } from './retryOptions.js';
import type { CallView } from './telemetry/idleCause.js';
import type { TraceRecording } from './telemetry/TraceRecording.js';

/** Told of a lane's results, as they come: any number of `next`, then one of the others. */
export interface LaneObserver {
  /** Milliseconds after which it wants results while others of their batch still run. */
  readonly reportAfter: Millis;
  /**
   * Elements that are next to each other in the input have ended. Together, since a call for each takes
   * as long as a trivial element.
   *
   * @param results what the function gave for each, from `from` up to, not including, `to`;
   *   SettledElements if the lane is settled
   * @param index place in the input of the first of them
   */
  next(results: Values, from: number, to: number, index: number): void;
  /** Elements next to each other never ran, since too many waited. Only where the lane is not settled. */
  dropped?(index: number, count: number): void;
  /**
   * Where the observer itself hands in no more elements than `Lane.window` at once: that may be another now.
   * Else an ordered lane holds back what is beyond.
   */
  measured?(): void;
  /**
   * Why it hands in nothing although there is more: since nobody takes the results, or since so many are on their way.
   * For who keeps records.
   */
  pausedBy?(): CallView['pausedBy'];
  error(error: unknown): void;
  complete(): void;
}

export interface LaneOptions {
  readonly task: PreparedTask;
  /** Workers that may serve the lane at once. */
  readonly concurrency: number;
  /** Elements that each of them runs at once. */
  readonly perWorker: number;
  /** Elements of each batch; undefined where the scheduler is to decide. */
  readonly batchSize: number | undefined;
  /** What an element costs to run, in any unit: the dearest go first. */
  readonly cost: ((value: unknown) => number) | undefined;
  /** What an element is about: those of one key run one at a time, in their order. */
  readonly key: ((value: unknown) => unknown) | undefined;
  /** Whether failures are results too; else the first one ends the lane. */
  readonly settled: boolean;
  /** Which elements that failed are tried again; none if undefined. */
  readonly retry: RetryPolicy | undefined;
  /** What of an element is to be moved to the worker rather than copied. */
  readonly transfer: ((value: unknown) => readonly Transferable[]) | undefined;
  /** Milliseconds that each element may run. */
  readonly timeout: Millis | undefined;
  /** What the function gets as `context.shared`. */
  readonly shared: unknown;
  /** Whether results are given out in the order of the input. */
  readonly ordered: boolean;
  /** Elements that may be on their way at most, where it is bounded; undefined: what is of use. */
  readonly atMost: number | undefined;
  /** How many elements may wait for a worker; undefined: any number. */
  readonly buffer: Buffer | undefined;
  /** Ends the lane with the signal's reason. */
  readonly signal: AbortSignal | undefined;
  /** Whom to tell how far it has come. */
  readonly progress: ProgressPlan | undefined;
  /** Records the call. */
  readonly trace: TraceRecording | undefined;
  /** Where the user made the call. */
  readonly calledFrom: CallSite;
}
