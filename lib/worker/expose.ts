/** `expose`: what a worker file of the user's calls. The door `rxjs-parallel-map/worker`. */
import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';
import { quote } from '../quote.js';
import type { AnyFunction, Runnable } from '../task/task.js';
import { noteListeners } from './noteListeners.js';
import { provideRequire } from './provideRequire.js';
import { serve } from './serve.js';

/**
 * Offers functions of this worker file to the pool that started it. Call it once, at the top level.
 *
 * ```ts
 * // worker.ts
 * import { expose } from 'rxjs-parallel-map/worker';
 * export function std(xs: number[]): number { ... }
 * expose({ std });
 *
 * // elsewhere
 * const pool = createPool({ worker: () => new Worker(new URL('./worker.js', import.meta.url)) });
 * const std = pool.task<typeof import('./worker.js')>('std');
 * await pool.mapArray(jobs, std);
 * ```
 *
 * @param functions called with an element, its index and a context, like every task
 * @throws TypeError when that is no object of functions; Error in the main thread, and the second time
 */
export function expose(functions: Readonly<Record<string, AnyFunction>>): void {
  const exposed = readFunctions(functions);
  if (isMainThread) {
    throw new Error(
      'expose() belongs into a worker file, but was called in the main thread. ' +
        "Do not import that file here: createPool({ worker: () => new Worker(new URL('./worker.js', import.meta.url)) }) starts it",
    );
  }
  const greeting = serve(exposed);
  // Not by `import`: listeners that the user's file adds in the meantime would be taken for its own.
  const undoListeners = noteListeners(['uncaughtException', 'unhandledRejection']);
  const undoRequire = provideRequire();
  const threads = createRequire(import.meta.url)(
    'threads/worker',
  ) as typeof import('threads/worker');
  undoListeners();
  undoRequire();
  threads.expose({ ...greeting });
}

function readFunctions(given: unknown): ReadonlyMap<string, Runnable> {
  const expected = 'expose() expects an object of functions, expose({ std, max }), but ';
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError(`${expected}got ${quote(given)}`);
  }
  const entries = Object.entries(given as Record<string, unknown>);
  if (entries.length === 0) throw new TypeError(`${expected}got one without any`);
  for (const [name, fn] of entries) {
    if (typeof fn !== 'function') throw new TypeError(`${expected}${name} is ${quote(fn)}`);
  }
  return new Map(entries as [string, Runnable][]);
}
