/** Makes pools, and the one that calls share. The only file that names a concrete executor. */
import { ownCores } from '../cores.js';
import { quote } from '../quote.js';
import type { Executor, Millis } from '../executors/Executor.js';
import { threads } from '../executors/threads/threads.js';
import type { ThreadsOptions } from '../executors/threads/ThreadsOptions.js';
import { checkDelay, checkOptions, checkPositiveInteger } from '../checks.js';
import type { InitializerContext } from '../task/task.js';
import { Dispatcher } from './Dispatcher.js';
import { readSetup } from './readSetup.js';
import { checkRecording } from './telemetry/trace.js';
import type { Recording } from './telemetry/TraceRecording.js';

/** `Shared` is the type of the value that its workers share. */
export interface PoolOptions<Shared = unknown> extends ThreadsOptions {
  /** Workers at most: an integer of at least 1. They start when they are needed. Default: one per core; in
   * a worker of ours, one per core of its share. */
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
  /**
   * Run once in each new worker, before its first element: to connect, to load, to fill what is on
   * `globalThis`. An inline function, or a task of a module, whose state it can fill. A promise is awaited,
   * for a minute at most. Where it fails in three workers in a row, the calls that wait fail with its error.
   */
  readonly initializer?: ((context: InitializerContext<Shared>) => unknown) | undefined;
  /**
   * Copied at once, sent to each worker as it starts, and handed to functions as `context.shared` by calls
   * that have no `shared` of their own. For tables that every call needs.
   */
  readonly shared?: Shared | undefined;
  /** Records all calls of the pool: what `trace()` gives. Default: nothing is recorded. */
  readonly trace?: Recording | undefined;
  /** Where elements run: `threads()`, the default, or `inline()` for tests and debugging. */
  readonly executor?: Executor | undefined;
}

/**
 * Long enough for a service that is called now and then to find its workers warm (a start takes
 * 30 to 60 ms), short enough to give back their memory (some 5 MB each) when a job is over.
 */
const IDLE_TIMEOUT: Millis = 30_000;

const THREADS_OPTIONS = ['env', 'execArgv', 'resourceLimits', 'worker'] as const;
const KNOWN = [
  ...['size', 'idleTimeout', 'maxElementsPerWorker', 'initializer', 'shared', 'trace'],
  'executor',
  ...THREADS_OPTIONS,
];

/** Two pools on one executor would mix up their slots. */
const taken = new WeakSet<Executor>();

let shared: Dispatcher | undefined;

/** The pool of all calls that name none. It grows to what the largest call asks for. */
export function defaultDispatcher(): Dispatcher {
  shared ??= new Dispatcher({ executor: threads(), size: Infinity, idleTimeout: IDLE_TIMEOUT });
  return shared;
}

/** @throws TypeError or RangeError naming the option that is wrong */
export function createDispatcher<Shared>(options: PoolOptions<Shared> = {}): {
  readonly dispatcher: Dispatcher;
  readonly size: number;
} {
  checkOptions('createPool', options, KNOWN);
  const { size = ownCores(), idleTimeout = IDLE_TIMEOUT } = options;
  const { maxElementsPerWorker: elementsPerSlot } = options;
  checkPositiveInteger('createPool: size', size, 'Leave it out for one worker per core');
  checkDelay('createPool: idleTimeout', idleTimeout);
  if (elementsPerSlot !== undefined) {
    const hint = 'Leave it out to keep workers';
    checkPositiveInteger('createPool: maxElementsPerWorker', elementsPerSlot, hint);
  }
  const trace = checkRecording('createPool: trace', options.trace);
  const executor = readExecutor(options);
  executor.setUp({ ...readSetup(options, executor), size });
  const dispatcher = new Dispatcher({ executor, size, idleTimeout, elementsPerSlot, trace });
  trace?.belongTo('createPool', dispatcher);
  // Last, since one that was refused for something else is still to be had.
  taken.add(executor);
  return { dispatcher, size };
}

function readExecutor(options: ThreadsOptions & Pick<PoolOptions, 'executor'>): Executor {
  const given = THREADS_OPTIONS.filter((key) => options[key] !== undefined);
  if (options.executor === undefined) {
    return threads(Object.fromEntries(given.map((key) => [key, options[key]])));
  }
  checkExecutor(options.executor);
  const [misplaced] = given;
  if (misplaced === undefined) return options.executor;
  throw new TypeError(
    `createPool: ${misplaced} belongs to the executor where one is given: threads({ ${misplaced} })`,
  );
}

function checkExecutor(executor: unknown): void {
  const { setUp, open, run, close } = (executor ?? {}) as Partial<Record<keyof Executor, unknown>>;
  if (![setUp, open, run, close].every((method) => typeof method === 'function')) {
    throw new TypeError(
      `createPool: executor must be threads() or inline(), but got ${quote(executor)}`,
    );
  }
  if (!taken.has(executor as Executor)) return;
  throw new TypeError(
    'createPool: this executor belongs to another pool. Make one for each: threads() or inline()',
  );
}
