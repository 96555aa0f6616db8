/** What a task is: the function that users give us, and how a function says in which module it lives. */
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Transferable } from 'node:worker_threads';
import { quote } from '../quote.js';

/** What a task is told beside its element. `Shared` is the type of the `shared` option of its call or pool. */
export interface TaskContext<Shared = undefined> {
  /** Aborted when nobody wants the result any more. Hand it to `fetch`, timers, streams. */
  readonly signal: AbortSignal;
  /** Which worker of the pool runs the element: an integer from 0, never used for another worker. */
  readonly workerId: number;
  /** The `shared` option of the call, or else of its pool, as it arrived in this worker: once, not with each element. */
  readonly shared: Shared;
  /**
   * Has parts of the result moved to the caller rather than copied.
   *
   * ```ts
   * return transfer(pixels, [pixels.buffer]);
   * ```
   *
   * @param list what is in the result and can be transferred: ArrayBuffer, MessagePort, streams. It
   *   can be used here no more.
   * @returns the result, so that it can be returned
   */
  readonly transfer: <Result>(result: Result, list: readonly Transferable[]) => Result;
}

/** What a pool's initializer is told. `Shared` is the type of the pool's `shared` option. */
export type InitializerContext<Shared = undefined> = Pick<
  TaskContext<Shared>,
  'workerId' | 'shared'
>;

/**
 * The function that is mapped over the elements.
 *
 * @param value the element; a copy, as structured clone makes it
 * @param index the element's place in the input, from 0
 */
export type TaskFunction<T, R, Shared = undefined> = (
  value: T,
  index: number,
  context: TaskContext<Shared>,
) => R | PromiseLike<R>;

/** Any function at all, for types that only pass it on: it cannot be called. */
export type AnyFunction = (...args: never[]) => unknown;

/**
 * A function as it is called where elements run: with what comes, whatever it was made for. In JavaScript, also the type of
 * a task that is only named: it is taken wherever a function is.
 */
export type Runnable = (...args: readonly unknown[]) => unknown;

/** Where a worker finds a function: its source, the module that exports it, or its own worker file. */
export type TaskSource =
  | { readonly kind: 'inline'; readonly source: string }
  | { readonly kind: 'module'; readonly url: string; readonly name: string }
  | { readonly kind: 'exposed'; readonly name: string };

export type ModuleSource = Extract<TaskSource, { kind: 'module' }>;

/** What a task carries: where it lives, and the function if it is at hand here, too. */
interface Origin {
  readonly source: TaskSource;
  readonly fn: AnyFunction | undefined;
  /** The pool that it runs on where a call names none. */
  readonly home?: object;
}

const origin = Symbol.for('rxjs-parallel-map.origin');

/** A function that workers import by name from its module. It can be called like any other. */
export type ModuleTask<F extends AnyFunction> = F & { readonly [origin]: Origin };

/**
 * Names a function that lives in a module, so that workers import it rather than receive its source:
 * its imports and the module's state work as usual. It may be TypeScript if the project runs that.
 *
 * ```ts
 * export const std = task(import.meta.url, 'std', (xs: number[]) => ...);   // in std.ts
 * from(jobs).pipe(parallelMap(std, 4));                                     // anywhere
 * ```
 *
 * @param module the module's own URL (`import.meta.url`) or absolute path (`__filename`)
 * @param name the name under which the module exports the task
 * @param fn the function itself; calling the task here calls it directly
 * @throws TypeError when `module` is neither an absolute path nor a file URL, `name` no text, or `fn` no function
 */
export function task<F extends AnyFunction = Runnable>(
  module: string | URL,
  name: string,
  fn: F,
): ModuleTask<F>;
/**
 * Names a function in a module that knows nothing of this library. Such a task can be handed to
 * `parallelMap` and its like, but not called here: its module is only loaded in the workers.
 *
 * ```ts
 * const std = task<typeof import('./std.js')>(new URL('./std.js', import.meta.url), 'std');
 * ```
 *
 * Where the module exports several functions, give the name as second type argument too.
 */
export function task<M extends object, N extends FunctionsOf<M> = FunctionsOf<M>>(
  module: string | URL,
  name: N,
): ModuleTask<Extract<M[N], AnyFunction>>;
export function task(module: string | URL, name: string, fn?: AnyFunction): AnyFunction {
  checkName('task()', name, 'an export');
  if (fn !== undefined && typeof fn !== 'function') {
    throw new TypeError(`task() expects a function as its third argument, but got ${quote(fn)}`);
  }
  const source: ModuleSource = { kind: 'module', url: urlOf(module), name };
  // A function of our own, so that the user's stays untouched and may be named twice.
  const callable: AnyFunction = fn
    ? function (this: unknown, ...args: never[]) {
        return fn.apply(this, args);
      }
    : () => {
        throw new TypeError(
          `The task ${quote(name)} of ${source.url} runs in workers only: hand it to parallelMap or mapArray, or import the module to call it here`,
        );
      };
  return withOrigin(callable, name, { source, fn });
}

/**
 * A function of a worker file's, by the name under which `expose` was given it.
 *
 * @param home the pool whose workers have it
 */
export function exposedTask(name: string, home: object): AnyFunction {
  checkName('pool.task()', name, 'a function that the worker file exposes');
  const callable = (): never => {
    throw new TypeError(
      `The task ${quote(name)} runs in the pool's workers only: hand it to pool.mapArray, pool.parallelMap or pool.run`,
    );
  };
  return withOrigin(callable, name, { source: { kind: 'exposed', name }, fn: undefined, home });
}

function checkName(caller: string, name: unknown, ofWhat: string): void {
  if (typeof name === 'string' && name !== '') return;
  throw new TypeError(`${caller} expects the name of ${ofWhat}, but got ${quote(name)}`);
}

function withOrigin(callable: AnyFunction, name: string, value: Origin): AnyFunction {
  return Object.defineProperties(callable, {
    name: { value: name },
    length: { value: value.fn?.length ?? 0 },
    [origin]: { value },
  });
}

/** The names under which a module has functions. */
export type FunctionsOf<M> = {
  [K in keyof M]: M[K] extends AnyFunction ? K : never;
}[keyof M] &
  string;

/** Where a module task lives; undefined for a plain function. */
export function originOf(fn: AnyFunction): Origin | undefined {
  try {
    return (fn as Partial<ModuleTask<AnyFunction>>)[origin];
  } catch {
    return undefined; // A Proxy of the user's, which sourceOf refuses with the remedy.
  }
}

function urlOf(module: string | URL): string {
  if (module instanceof URL) return fileUrl(module.href, module);
  if (typeof module !== 'string') return fileUrl('', module);
  return isAbsolute(module) ? pathToFileURL(module).href : fileUrl(module, module);
}

function fileUrl(href: string, given: unknown): string {
  if (href.startsWith('file:')) return href;
  throw new TypeError(
    `task() expects its module as import.meta.url, __filename or new URL('./module.js', import.meta.url), but got ${quote(given instanceof URL ? given.href : given)}`,
  );
}
