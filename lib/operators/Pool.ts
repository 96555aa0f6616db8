/** `createPool`: a pool of one's own, with the ways to map as its methods. */
import type { OperatorFunction } from 'rxjs';
import type { CallOptions, PlainOptions, SettledOptions } from '../pool/callOptions.js';
import { createDispatcher, type PoolOptions } from '../pool/createDispatcher.js';
import type { SettledElement } from '../pool/Lane.js';
import { PoolHandle } from '../pool/PoolHandle.js';
import type { TaskFunction } from '../task/task.js';
import { mapArray } from './mapArray.js';
import { parallelMap } from './parallelMap.js';

/**
 * Makes a pool of worker threads. Its workers start when they are needed, are replaced when they
 * die, and never keep the process alive while they are idle.
 *
 * Most programs need none: calls without a `pool` share one. Make one to bound the workers of a part
 * of a program, to give them options of their own, or to end them at a moment of your choice.
 *
 * @throws TypeError or RangeError naming the option that is wrong
 */
export function createPool(options: PoolOptions = {}): Pool {
  const { dispatcher, size } = createDispatcher(options);
  return new Pool(dispatcher, size);
}

/** A pool of worker threads, made by `createPool`. */
export class Pool extends PoolHandle {
  /** `parallelMap` on this pool. */
  parallelMap<T, R>(
    fn: TaskFunction<T, R>,
    concurrencyOrOptions?: number | Omit<PlainOptions, 'pool'>,
  ): OperatorFunction<T, R>;
  parallelMap<T, R>(
    fn: TaskFunction<T, R>,
    options: Omit<SettledOptions, 'pool'>,
  ): OperatorFunction<T, SettledElement<R>>;
  parallelMap<T, R>(
    fn: TaskFunction<T, R>,
    concurrencyOrOptions?: number | CallOptions,
  ): OperatorFunction<T, R | SettledElement<R>> {
    return parallelMap(fn, this.#here(concurrencyOrOptions));
  }

  /** `mapArray` on this pool. */
  mapArray<T, R>(
    values: Iterable<T>,
    fn: TaskFunction<T, R>,
    concurrencyOrOptions?: number | Omit<PlainOptions, 'pool'>,
  ): Promise<R[]>;
  mapArray<T, R>(
    values: Iterable<T>,
    fn: TaskFunction<T, R>,
    options: Omit<SettledOptions, 'pool'>,
  ): Promise<SettledElement<R>[]>;
  mapArray<T, R>(
    values: Iterable<T>,
    fn: TaskFunction<T, R>,
    concurrencyOrOptions?: number | CallOptions,
  ): Promise<(R | SettledElement<R>)[]> {
    return mapArray(values, fn, this.#here(concurrencyOrOptions));
  }

  /**
   * Runs a function for one value, with index 0.
   *
   * @param options as for `mapArray`; rejects as it does
   */
  async run<T, R>(
    fn: TaskFunction<T, R>,
    value: T,
    options?: Omit<PlainOptions, 'pool' | 'concurrency'>,
  ): Promise<R> {
    const [result] = await this.mapArray([value], fn, options);
    return result as R;
  }

  /** The same call, on this pool. What is wrong with it is left for the call to tell. */
  #here(given: unknown): PlainOptions {
    const options = typeof given === 'object' && given !== null ? given : { concurrency: given };
    return { ...options, pool: this };
  }
}
