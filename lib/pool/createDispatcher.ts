/** Makes pools, and the one that calls share. The only file that names a concrete executor. */
import { availableParallelism } from 'node:os';
import { quote } from '../errors.js';
import type { Executor, Millis } from '../executors/Executor.js';
import { threads } from '../executors/threads/threads.js';
import type { ThreadsOptions } from '../executors/threads/ThreadsOptions.js';
import { checkDelay, checkOptions, checkPositiveInteger } from '../checks.js';
import { Dispatcher } from './Dispatcher.js';

export interface PoolOptions extends ThreadsOptions {
  /** Workers at most: an integer of at least 1. They start when they are needed. Default: one per core. */
  readonly size?: number | undefined;
  /**
   * Milliseconds that a worker may be idle before it is ended, at least 1; it takes up to twice as
   * long. Infinity keeps workers until the pool is closed. Default: 30,000.
   */
  readonly idleTimeout?: Millis | undefined;
  /**
   * Elements after which a worker is replaced: an integer of at least 1. The next worker starts while
   * the last elements run. For functions that leak memory. Default: workers are kept.
   */
  readonly maxElementsPerWorker?: number | undefined;
  /** Where elements run: `threads()`, the default, or `inline()` for tests and debugging. */
  readonly executor?: Executor | undefined;
}

/**
 * Long enough for a service that is called now and then to find its workers warm (a start takes
 * 30 to 60 ms), short enough to give back their memory (some 5 MB each) when a job is over.
 */
const IDLE_TIMEOUT: Millis = 30_000;

const THREADS_OPTIONS = ['env', 'execArgv', 'resourceLimits', 'worker'] as const;
const KNOWN = ['size', 'idleTimeout', 'maxElementsPerWorker', 'executor', ...THREADS_OPTIONS];

/** Two pools on one executor would mix up their slots. */
const taken = new WeakSet<Executor>();

let shared: Dispatcher | undefined;

/** The pool of all calls that name none. It grows to what the largest call asks for. */
export function defaultDispatcher(): Dispatcher {
  shared ??= new Dispatcher({ executor: threads(), size: Infinity, idleTimeout: IDLE_TIMEOUT });
  return shared;
}

/** @throws TypeError or RangeError naming the option that is wrong */
export function createDispatcher(options: PoolOptions): { dispatcher: Dispatcher; size: number } {
  checkOptions('createPool', options, KNOWN);
  const { size = availableParallelism(), idleTimeout = IDLE_TIMEOUT } = options;
  const { maxElementsPerWorker: elementsPerSlot } = options;
  checkPositiveInteger('createPool: size', size, 'Leave it out for one worker per core');
  checkDelay('createPool: idleTimeout', idleTimeout);
  if (elementsPerSlot !== undefined) {
    const hint = 'Leave it out to keep workers';
    checkPositiveInteger('createPool: maxElementsPerWorker', elementsPerSlot, hint);
  }
  const executor = readExecutor(options);
  return { dispatcher: new Dispatcher({ executor, size, idleTimeout, elementsPerSlot }), size };
}

function readExecutor(options: PoolOptions): Executor {
  const given = THREADS_OPTIONS.filter((key) => options[key] !== undefined);
  if (options.executor === undefined) {
    return threads(Object.fromEntries(given.map((key) => [key, options[key]])));
  }
  checkExecutor(options.executor);
  const [misplaced] = given;
  if (misplaced === undefined) return take(options.executor);
  throw new TypeError(
    `createPool: ${misplaced} belongs to the executor where one is given: threads({ ${misplaced} })`,
  );
}

function checkExecutor(executor: unknown): void {
  if (typeof executor === 'object' && executor !== null && 'run' in executor) return;
  throw new TypeError(
    `createPool: executor must be threads() or inline(), but got ${quote(executor)}`,
  );
}

function take(executor: Executor): Executor {
  if (taken.has(executor)) {
    throw new TypeError(
      'createPool: this executor belongs to another pool. Make one for each: threads() or inline()',
    );
  }
  taken.add(executor);
  return executor;
}
