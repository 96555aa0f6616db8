/** Makes a function ready to travel: finds its source, and the key by which workers remember it. */
import { quote } from '../quote.js';
import { sourceOf } from './sourceOf.js';
import { originOf, type AnyFunction, type Runnable, type TaskSource } from './task.js';

/** A function together with what a worker needs to have it too. */
export interface PreparedTask {
  /** The same for functions of the same source, so that a worker is sent each only once. */
  readonly key: string;
  readonly source: TaskSource;
  /** The function itself, for executors that run in this thread; undefined where only workers have it. */
  readonly fn: Runnable | undefined;
}

const prepared = new WeakMap<AnyFunction, PreparedTask>();

/**
 * @param caller the name of the public function that was called, for messages
 * @throws TypeError when `fn` is no function
 * @throws TaskCaptureError when it has no source, or one that cannot be a task
 */
export function prepareTask(fn: AnyFunction, caller: string): PreparedTask {
  if (typeof fn !== 'function') {
    throw new TypeError(
      `${caller} expects a function that maps one element, (value, index, context) => result, but got ${quote(fn)}`,
    );
  }
  const known = prepared.get(fn);
  if (known) return known;
  const { source, fn: local } = originOf(fn) ?? {
    source: { kind: 'inline', source: sourceOf(fn, caller) } as const,
    fn,
  };
  const task: PreparedTask = {
    key: JSON.stringify(source),
    source,
    fn: local as Runnable | undefined,
  };
  prepared.set(fn, task);
  return task;
}
