/** `createPool`: a pool of one's own, with the ways to map as its methods. */
import { Observable, type OperatorFunction } from 'rxjs';
import { readCall, type CallOptions, type ResultOf } from '../pool/callOptions.js';
import { CallSite } from '../pool/CallSite.js';
import { checkOptions } from '../checks.js';
import { createDispatcher, type PoolOptions } from '../pool/createDispatcher.js';
import type { Dispatcher } from '../pool/Dispatcher.js';
import { registerPool, type PoolHandle } from '../pool/PoolHandle.js';

import type { PoolEvent } from '../pool/telemetry/PoolEvent.js';
import type { PoolStats } from '../pool/telemetry/PoolStats.js';
import type { Sendable } from '../task/cloneable.js';
import {
  exposedTask,
  type AnyFunction,
  type FunctionsOf,
  type TaskFunction,
} from '../task/task.js';
import { eventsOf } from './eventsOf.js';
import { mapArrayOn } from './mapArray.js';
import type { MapStreamOptions } from './mapStream.js';
import { parallelMapOn, type ParallelMapOptions } from './parallelMap.js';
import type { StreamSource } from './streaming/openSource.js';
import { StreamRun, type ParallelStream } from './streaming/StreamRun.js';

/**
 * A pool of worker threads, made by `createPool`. `PoolShared` is the type of its `shared` option, and what
 * `context.shared` is for calls without one of their own.
 */
export interface Pool<PoolShared = undefined> extends PoolHandle, AsyncDisposable {
  /** `parallelMap` on this pool. */
  parallelMap<T, R, Shared = PoolShared, Settled extends boolean = false>(
    fn: TaskFunction<T, R, Shared> & Sendable<T, 'input'> & Sendable<R, 'result'>,
    concurrencyOrOptions?:
      number | (Here<ParallelMapOptions<T, Shared, Settled>> & Sendable<Shared, 'shared'>),
  ): OperatorFunction<T, ResultOf<R, Settled>>;

  /** `mapArray` on this pool. */
  mapArray<T, R, Shared = PoolShared, Settled extends boolean = false>(
    values: Iterable<T> & Sendable<T, 'input'>,
    fn: TaskFunction<T, R, Shared> & Sendable<R, 'result'>,
    concurrencyOrOptions?:
      number | (Here<CallOptions<T, Shared, Settled>> & Sendable<Shared, 'shared'>),
  ): Promise<ResultOf<R, Settled>[]>;

  /** `mapStream` on this pool. */
  mapStream<T, R, Shared = PoolShared, Settled extends boolean = false>(
    source: StreamSource<T> & Sendable<T, 'input'>,
    fn: TaskFunction<T, R, Shared> & Sendable<R, 'result'>,
    concurrencyOrOptions?:
      number | (Here<MapStreamOptions<T, Shared, Settled>> & Sendable<Shared, 'shared'>),
  ): ParallelStream<ResultOf<R, Settled>>;

  /** Runs a function for one value, with index 0. Rejects as `mapArray` does. */
  run<T, R, Shared = PoolShared>(
    fn: TaskFunction<T, R, Shared> & Sendable<R, 'result'>,
    value: T & Sendable<T, 'input'>,
    options?: Pick<CallOptions, 'signal' | 'timeout' | 'retry' | 'trace'>,
  ): Promise<R>;

  /**
   * Names a function that the worker file exposes, for a pool that was made with `worker`. It is
   * handed to this pool's methods, or to `parallelMap` and `mapArray`, which then run it on this pool.
   *
   * ```ts
   * const std = pool.task<typeof import('./worker.js')>('std');
   * ```
   *
   * Where the file exports several functions, give the name as second type argument too.
   */
  task<M extends object, N extends FunctionsOf<M> = FunctionsOf<M>>(
    name: N,
  ): Extract<M[N], AnyFunction>;

  /** The pool as it is now, and all that it did since it was made. Always on, and of plain data. */
  stats(): PoolStats;

  /**
   * What happens in the pool from the subscription on: workers, calls, batches and counts of elements, without any
   * values. Told a moment later, on a stack of its own, so an observer may do anything, and nobody waits for it.
   * Completes when the pool is closed. Costs nothing while nobody is subscribed.
   */
  readonly events$: Observable<PoolEvent>;

  /**
   * Lets the calls that are under way end, then ends the workers. New calls are refused with a
   * PoolClosedError from now on. Can be called any number of times.
   *
   * @returns resolves when nothing of the pool is left; never rejects
   */
  close(): Promise<void>;

  /**
   * Ends the workers now. Calls that are under way fail with a PoolClosedError. Can be called any
   * number of times, also after `close`. `await using pool = createPool()` does it at the end of the
   * block.
   *
   * @returns resolves when nothing of the pool is left; never rejects
   */
  destroy(): Promise<void>;
}

/** Options of a call whose pool is given. */
export type Here<Options> = Omit<Options, 'pool'>;

/**
 * Makes a pool of worker threads. Its workers start when they are needed, are replaced when they
 * die, and never keep the process alive while they are idle.
 *
 * Most programs need none: calls without a `pool` share one. Make one to bound the workers of a part
 * of a program, to give them options of their own, or to end them at a moment of your choice.
 *
 * @throws TypeError, RangeError, TaskCaptureError or UncloneableError naming the option that is wrong
 */
export function createPool<Shared = undefined>(
  options?: PoolOptions<Shared> & Sendable<Shared, 'shared'>,
): Pool<Shared> {
  const { dispatcher, size } = createDispatcher(options);
  return new WorkerPool(dispatcher, size);
}

class WorkerPool implements Pool {
  readonly size: number;
  readonly events$: Observable<PoolEvent>;
  readonly #dispatcher: Dispatcher;

  constructor(dispatcher: Dispatcher, size: number) {
    this.size = size;
    this.events$ = eventsOf(dispatcher);
    this.#dispatcher = dispatcher;
    registerPool(this, dispatcher);
  }

  parallelMap<T>(fn: AnyFunction, options?: unknown): OperatorFunction<T, never> {
    const calledFrom = CallSite.here('pool.parallelMap', doors.parallelMap);
    return parallelMapOn(readCall(calledFrom, fn, options, 'push', this));
  }

  mapArray<T>(values: Iterable<T>, fn: AnyFunction, options?: unknown): Promise<never[]> {
    const calledFrom = CallSite.here('pool.mapArray', doors.mapArray);
    return mapArrayOn(calledFrom, values, () => readCall(calledFrom, fn, options, 'array', this));
  }

  mapStream<T>(source: StreamSource<T>, fn: AnyFunction, options?: unknown): ParallelStream<never> {
    const calledFrom = CallSite.here('pool.mapStream', doors.mapStream);
    return new StreamRun(readCall(calledFrom, fn, options, 'pull', this), source);
  }

  async run<R>(fn: AnyFunction, value: unknown, options: object = {}): Promise<R> {
    const calledFrom = new CallSite('pool.run', doors.run);
    try {
      const [result] = await mapArrayOn<unknown, R>(calledFrom, [value], () => {
        checkOptions('pool.run', options, ['signal', 'timeout', 'retry', 'trace']);
        return readCall(calledFrom, fn, options, 'array', this);
      });
      return result as R;
    } catch (error) {
      calledFrom.rememberAwaiting();
      throw error;
    }
  }

  task(name: string): never {
    return exposedTask(name, this) as never;
  }

  stats(): PoolStats {
    return this.#dispatcher.telemetry.read();
  }

  close(): Promise<void> {
    return this.#dispatcher.close();
  }

  destroy(): Promise<void> {
    return this.#dispatcher.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }
}

/** The methods as the functions that a CallSite looks for on the stack. */
const doors = WorkerPool.prototype as unknown as Record<keyof Pool, (...args: never[]) => unknown>;
