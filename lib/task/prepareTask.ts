/** Makes a function ready to travel: finds its source, and the key by which workers remember it. */
import { quote, TaskCaptureError } from '../errors.js';
import { originOf, type AnyFunction, type TaskSource } from './task.js';

/** A function together with what a worker needs to have it too. */
export interface PreparedTask {
  /** The same for functions of the same source, so that a worker is sent each only once. */
  readonly key: string;
  readonly source: TaskSource;
  /** The function itself, for executors that run in this thread; undefined where only workers have it. */
  readonly fn: AnyFunction | undefined;
}

const prepared = new WeakMap<AnyFunction, PreparedTask>();

/**
 * @param caller the name of the public function that was called, for messages
 * @throws TypeError when `fn` is no function
 * @throws TaskCaptureError when its source cannot be had
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
    source: { kind: 'inline', source: sourceOf(fn) } as const,
    fn,
  };
  const task: PreparedTask = { key: JSON.stringify(source), source, fn: local };
  prepared.set(fn, task);
  return task;
}

function sourceOf(fn: AnyFunction): string {
  const source = Function.prototype.toString.call(fn);
  if (source.endsWith('{ [native code] }')) {
    throw new TaskCaptureError(
      `${quote(fn)} is native, bound or a Proxy, so it has no source that could travel to a worker. ` +
        'Wrap it in a function, (value) => Math.sqrt(value), or make it a module task with task(import.meta.url, ...).',
    );
  }
  return source;
}
