/** What a user holds of a pool: its life. The ways to map with it are in operators/Pool.ts. */
import type { Dispatcher } from './Dispatcher.js';

export class PoolHandle implements AsyncDisposable {
  readonly #dispatcher: Dispatcher;
  /** Workers at most, and the default for the `concurrency` of a call. */
  readonly size: number;

  constructor(dispatcher: Dispatcher, size: number) {
    this.#dispatcher = dispatcher;
    this.size = size;
  }

  /** For the faces, which open lanes with it. */
  static dispatcherOf(handle: PoolHandle): Dispatcher {
    return handle.#dispatcher;
  }

  /**
   * Lets the calls that are under way end, then ends the workers. New calls are refused with a
   * PoolClosedError from now on. Can be called any number of times.
   *
   * @returns resolves when nothing of the pool is left; never rejects
   */
  close(): Promise<void> {
    return this.#dispatcher.close();
  }

  /**
   * Ends the workers now. Calls that are under way fail with a PoolClosedError. Can be called any
   * number of times, also after `close`.
   *
   * @returns resolves when nothing of the pool is left; never rejects
   */
  destroy(): Promise<void> {
    return this.#dispatcher.destroy();
  }

  /** `await using pool = createPool()`: destroys the pool at the end of the block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }
}
