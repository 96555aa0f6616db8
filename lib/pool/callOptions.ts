/** Reads the options of one call, and finds the pool that serves it. */
import type { Transferable } from 'node:worker_threads';
import { ownCores } from '../cores.js';
import { quote } from '../quote.js';
import { refuseWhileLoading } from '../task/loading.js';
import { prepareTask } from '../task/prepareTask.js';
import { prepareToTravel } from '../task/prepareToTravel.js';
import { originOf, type AnyFunction } from '../task/task.js';
import { checkBoolean, checkDelay, checkOptions, checkPositiveInteger } from '../checks.js';
import type { CallSite } from './CallSite.js';
import { FLOW_OPTIONS, readFlow, readTotal, type Face } from './flowOptions.js';
import { defaultDispatcher } from './createDispatcher.js';
import { MOST_BESIDE, type Millis } from '../executors/Executor.js';
import type { Lane } from './Lane.js';
import type { LaneObserver, LaneOptions } from './LaneOptions.js';
import { dispatcherOf, type PoolHandle } from './PoolHandle.js';
import type { Progress } from './progress/ProgressMeter.js';
import { readRetry, type RetryOptions } from './retryOptions.js';
import type { SettledElement } from './SettledElement.js';
import { checkRecording } from './telemetry/trace.js';
import type { Recording } from './telemetry/TraceRecording.js';

/**
 * `T` is the type of the elements, `Shared` that of the shared value, `Settled` whether failures are
 * results as well.
 */
export interface CallOptions<T = never, Shared = unknown, Settled extends boolean = boolean> {
  /**
   * Workers that serve this call, one element at a time each: an integer of at least 1. Default:
   * the size of `pool`, or one worker per core (in a worker of ours: per core of its share). More than there are cores helps only functions that
   * wait.
   */
  readonly concurrency?: number | undefined;
  /**
   * Elements that each of these workers runs at once, for functions that wait (for the network, a disk, a timer):
   * an integer from 1 to 1,024. They share the worker's thread, so that it helps none that computes; and if the
   * worker ends, all that it ran fail. Not together with `batchSize`. Default: 1.
   */
  readonly perWorker?: number | undefined;
  /**
   * Whether failures are results as well: each element then gives a SettledElement, and no failure
   * of an element ends the call. Default: false, the first failure ends the call and cancels the rest.
   */
  readonly settled?: Settled | undefined;
  /**
   * How often an element that fails is tried again, on whichever worker is free: an integer of at least 0,
   * Infinity, or a RetryOptions. Its last failure is the one that counts. What crashes its worker, or is over
   * its `timeout`, is tried again as well; but an element with which three workers ended is not. Default: 0.
   */
  readonly retry?: number | RetryOptions | undefined;
  /**
   * Elements that go to a worker in one message: an integer of at least 1. Default: `'auto'`, as many
   * as take a few milliseconds by the time that they are measured to take. Set it only where that
   * goes wrong.
   */
  readonly batchSize?: number | 'auto' | undefined;
  /**
   * What an element costs to run, in any unit: of those that wait, the dearest start first, so that
   * no long one is left for the end. Worth giving where a few elements take much longer than others.
   */
  readonly cost?: ((value: T) => number) | undefined;
  /**
   * What an element is about, by any value that a Map tells from others: elements of one key run one at a time
   * and in the order of the input, those of different keys in parallel. Not together with `cost`.
   */
  readonly key?: ((value: T) => unknown) | undefined;
  /**
   * What of an element is moved to the worker rather than copied: `(pixels) => [pixels.buffer]`. It
   * can be used here no more. Such an element cannot go to another worker: if its own dies, it fails.
   */
  readonly transfer?: ((value: T) => readonly Transferable[]) | undefined;
  /**
   * Sent to each worker once, and handed to the function as `context.shared`. Large tables that each
   * element needs belong here. A SharedArrayBuffer in it is the same memory everywhere.
   */
  readonly shared?: Shared | undefined;
  /**
   * Milliseconds that an element may run, from 1, counted from its start in the worker. One that is over
   * time sees `context.signal` aborted, and fails with a TaskTimeoutError; if it goes on for 200 ms more, its
   * worker is replaced. Default: Infinity.
   */
  readonly timeout?: Millis | undefined;
  /** Ends the call with the signal's reason when it is aborted, and cancels the rest. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Told how far the call has come: with its first elements, then every 100 ms at most while more end, and at the end,
   * unless that is a cancel. What it throws fails the call.
   */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Records the call: what `trace()` gives. Default: nothing is recorded. */
  readonly trace?: Recording | undefined;
  /** The pool to run on, from `createPool`. Default: one that all calls of the process share. */
  readonly pool?: PoolHandle | undefined;
}

/** What a call gives for an element: the result as it is, or a SettledElement where it is settled. */
export type ResultOf<R, Settled extends boolean> = Settled extends true ? SettledElement<R> : R;

const KNOWN = [
  'concurrency',
  'perWorker',
  'settled',
  'retry',
  'batchSize',
  'cost',
  'key',
  'transfer',
  'timeout',
  'shared',
  'signal',
  'onProgress',
  'trace',
  'pool',
];

/** A call whose options have been checked. */
export interface Call {
  /** The name of the public function, for messages. */
  readonly caller: string;
  /**
   * @param count elements that will come, where that is known
   * @throws PoolClosedError when its pool was closed
   */
  openLane(observer: LaneObserver, count?: number): Lane;
}

/**
 * @param calledFrom where the user made the call
 * @param face who hands elements in, and takes results
 * @param here the pool that the call was made on; it may name no other
 * @throws TypeError, RangeError or TaskCaptureError naming what is wrong
 */
export function readCall(
  calledFrom: CallSite,
  fn: AnyFunction,
  concurrencyOrOptions: unknown,
  face: Face,
  here?: PoolHandle,
): Call {
  const { caller } = calledFrom;
  refuseWhileLoading(caller);
  const prepared = prepareTask(fn, caller);
  const known = [...KNOWN, ...FLOW_OPTIONS[face]].filter((name) => !here || name !== 'pool');
  const read = readOptions(caller, concurrencyOrOptions, known);
  const {
    concurrency,
    perWorker = 1,
    settled = false,
    retry,
    signal,
    batchSize,
    cost,
    key,
    transfer,
    timeout = Infinity,
    shared,
    onProgress,
    ...given
  } = read;
  const total = readTotal(caller, read as { readonly total?: unknown });
  const pool = here ?? given.pool ?? (originOf(fn)?.home as PoolHandle | undefined);
  // Before anything is started. The pool of calls that name none is on threads.
  const keepsClosures = dispatcherOf(pool)?.keepsClosures ?? false;
  const options = {
    task: keepsClosures ? prepared : prepareToTravel(prepared, caller),
    concurrency: concurrency ?? pool?.size ?? ownCores(),
    perWorker,
    batchSize: batchSize === 'auto' ? undefined : batchSize,
    cost: cost as LaneOptions['cost'],
    key: key as LaneOptions['key'],
    transfer: transfer as LaneOptions['transfer'],
    timeout: timeout === Infinity ? undefined : timeout,
    shared,
    settled,
    retry: readRetry(caller, retry),
    signal,
    trace: checkRecording(`${caller}: trace`, read.trace),
    ...readFlow(caller, face, read),
    progress: onProgress && { report: onProgress, total },
    calledFrom,
  };
  // Last, since a call that was refused for something else has nothing recorded.
  options.trace?.belongTo(caller, dispatcherOf(pool) ?? defaultDispatcher());
  return {
    caller,
    // The pool is only looked up now, so that none is started for a call that never comes.
    openLane: (observer, count) => {
      const dispatcher = dispatcherOf(pool) ?? defaultDispatcher();
      return dispatcher.openLane(options, observer, count);
    },
  };
}

/** What comes from JavaScript is checked, whatever the types promise. */
function readOptions(caller: string, given: unknown, known: readonly string[]): CallOptions {
  const options: Partial<Record<keyof CallOptions, unknown>> =
    typeof given === 'object' && given !== null ? given : { concurrency: given };
  checkOptions(caller, options, known);
  const { concurrency, perWorker, settled, retry, batchSize, cost, key, transfer } = options;
  const { timeout, signal, pool, onProgress } = options;
  if (concurrency !== undefined) {
    const hint = 'Leave it out for one worker per core';
    checkPositiveInteger(`${caller}: concurrency`, concurrency, hint);
  }
  if (batchSize !== undefined && batchSize !== 'auto') {
    checkPositiveInteger(`${caller}: batchSize`, batchSize, "Leave it out, or say 'auto'");
  }
  if (perWorker !== undefined) checkPerWorker(caller, perWorker, batchSize);
  checkFunction(`${caller}: cost`, cost);
  checkFunction(`${caller}: key`, key);
  if (key !== undefined && cost !== undefined) {
    throw new TypeError(
      `${caller}: key does not go together with cost, since elements of one key run in the order of the input, and not the dearest first. Leave one of them out`,
    );
  }
  checkFunction(`${caller}: transfer`, transfer);
  checkFunction(`${caller}: onProgress`, onProgress, 'the progress');
  if (timeout !== undefined) checkDelay(`${caller}: timeout`, timeout);
  if (settled !== undefined) checkBoolean(`${caller}: settled`, settled);
  if (readRetry(caller, retry) && transfer !== undefined) {
    throw new TypeError(
      `${caller}: retry does not go together with transfer, since what was moved to a worker is gone when the element fails there. Leave one of them out`,
    );
  }
  if (signal !== undefined && !isAbortSignal(signal)) {
    throw new TypeError(`${caller}: signal must be an AbortSignal, but got ${quote(signal)}`);
  }
  if (pool !== undefined && !dispatcherOf(pool)) {
    throw new TypeError(
      `${caller}: pool must come from createPool() of the same copy of this package, but got ${quote(pool)}`,
    );
  }
  return options as CallOptions;
}

function checkPerWorker(caller: string, perWorker: unknown, batchSize: unknown): void {
  const hint = 'Leave it out for functions that compute';
  checkPositiveInteger(`${caller}: perWorker`, perWorker, hint);
  if ((perWorker as number) > MOST_BESIDE) {
    throw new RangeError(
      `${caller}: perWorker must be at most ${MOST_BESIDE}, but got ${quote(perWorker)}. Use more workers`,
    );
  }
  if (perWorker !== 1 && typeof batchSize === 'number') {
    throw new TypeError(
      `${caller}: batchSize does not go together with perWorker, where each element goes to its worker on its own, so that none waits behind another. Leave one of them out`,
    );
  }
}

function checkFunction(name: string, given: unknown, of = 'an element'): void {
  if (given === undefined || typeof given === 'function') return;
  throw new TypeError(`${name} must be a function of ${of}, but got ${quote(given)}`);
}

/** Also true for one of another realm, such as a test runner's. */
function isAbortSignal(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'aborted' in value &&
    'addEventListener' in value &&
    typeof value.addEventListener === 'function'
  );
}
