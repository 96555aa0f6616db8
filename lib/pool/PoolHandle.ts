/** What the faces hold of a pool: its size, and its dispatcher. */
import type { Dispatcher } from './Dispatcher.js';

/** A pool as the options of a call take it: one that `createPool` made. */
export interface PoolHandle {
  /** Workers at most, and the default for the `concurrency` of a call. */
  readonly size: number;
}

const dispatchers = new WeakMap<object, Dispatcher>();

/** Makes an object one that `dispatcherOf` knows. */
export function registerPool(handle: PoolHandle, dispatcher: Dispatcher): void {
  dispatchers.set(handle, dispatcher);
}

/** Undefined for what is no pool of this copy of the package. */
export function dispatcherOf(handle: unknown): Dispatcher | undefined {
  return dispatchers.get(handle as object);
}
