/** Keeps a module that a worker loads, to get a task from it, from starting workers of its own. */
import { TaskLoadError } from '../errors.js';

/** On the global object, since the worker's file and the package that the module imports are two. */
const key = Symbol.for('rxjs-parallel-map.loading');

const state = globalThis as { [key]?: string | undefined };

/** Loads the module at `url`; meanwhile, `refuseWhileLoading` refuses. */
export async function whileLoading<T>(url: string, load: () => Promise<T>): Promise<T> {
  state[key] = url;
  try {
    return await load();
  } finally {
    state[key] = undefined;
  }
}

/**
 * A program that defines a task and uses it at its top level is run again by each worker that loads
 * the task; were the call let through there, each worker would start workers, and so on without end.
 *
 * @throws TaskLoadError that says what to do
 */
export function refuseWhileLoading(caller: string): void {
  const url = state[key];
  if (url === undefined) return;
  throw new TaskLoadError(
    `${caller} was called while a worker loaded ${url} to get a task from it: the module's top level runs in every worker. ` +
      'Move the task to a module of its own, or make the call only if isMainThread (from node:worker_threads)',
  );
}
