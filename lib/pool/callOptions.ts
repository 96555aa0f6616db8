/** Reads the options of one call, and finds the pool that serves it. */
import { availableParallelism } from 'node:os';
import { quote } from '../errors.js';
import { refuseWhileLoading } from '../task/loading.js';
import { prepareTask } from '../task/prepareTask.js';
import type { AnyFunction } from '../task/task.js';
import { checkOptions, checkPositiveInteger } from '../checks.js';
import { defaultDispatcher } from './createDispatcher.js';
import type { Lane, LaneObserver, LaneOptions } from './Lane.js';
import { dispatcherOf, type PoolHandle } from './PoolHandle.js';

export interface CallOptions {
  /**
   * Workers that serve this call, one element at a time each: an integer of at least 1. Default:
   * the size of `pool`, or one worker per core. More than there are cores helps only functions that
   * wait.
   */
  readonly concurrency?: number | undefined;
  /**
   * Whether failures are results as well: each element then gives a SettledElement, and no failure
   * of an element ends the call. Default: false, the first failure ends the call and cancels the rest.
   */
  readonly settled?: boolean | undefined;
  /** Ends the call with the signal's reason when it is aborted, and cancels the rest. */
  readonly signal?: AbortSignal | undefined;
  /** The pool to run on, from `createPool`. Default: one that all calls of the process share. */
  readonly pool?: PoolHandle | undefined;
}

/** The options of a call that gives results as they are. */
export type PlainOptions = CallOptions & { readonly settled?: false | undefined };
/** The options of a call that gives a SettledElement for each element. */
export type SettledOptions = CallOptions & { readonly settled: true };

const KNOWN = ['concurrency', 'settled', 'signal', 'pool'];

/** A call whose options have been checked. */
export interface Call {
  /** @throws PoolClosedError when its pool was closed */
  openLane(observer: LaneObserver): Lane;
}

/**
 * @param caller the name of the public function that was called, for messages
 * @param here the pool that the call was made on; it may name no other
 * @throws TypeError, RangeError or TaskCaptureError naming what is wrong
 */
export function readCall(
  caller: string,
  fn: AnyFunction,
  concurrencyOrOptions: unknown,
  here?: PoolHandle,
): Call {
  refuseWhileLoading(caller);
  const task = prepareTask(fn, caller);
  const {
    concurrency,
    settled = false,
    signal,
    ...given
  } = readOptions(
    caller,
    concurrencyOrOptions,
    here ? KNOWN.filter((name) => name !== 'pool') : KNOWN,
  );
  const pool = here ?? given.pool;
  const options: LaneOptions = {
    task,
    concurrency: concurrency ?? pool?.size ?? availableParallelism(),
    settled,
    signal,
  };
  return {
    // The pool is only looked up now, so that none is started for a call that never comes.
    openLane: (observer) => {
      const dispatcher = dispatcherOf(pool) ?? defaultDispatcher();
      return dispatcher.openLane(options, observer);
    },
  };
}

/** What comes from JavaScript is checked, whatever the types promise. */
function readOptions(caller: string, given: unknown, known: readonly string[]): CallOptions {
  const options: Partial<Record<keyof CallOptions, unknown>> =
    typeof given === 'object' && given !== null ? given : { concurrency: given };
  checkOptions(caller, options, known);
  const { concurrency, settled, signal, pool } = options;
  if (concurrency !== undefined) {
    const hint = 'Leave it out for one worker per core';
    checkPositiveInteger(`${caller}: concurrency`, concurrency, hint);
  }
  if (settled !== undefined && typeof settled !== 'boolean') {
    throw new TypeError(`${caller}: settled must be true or false, but got ${quote(settled)}`);
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
