/** What every worker does once it is greeted: it runs batches, with what it can load and exposes. */
import { parentPort } from 'node:worker_threads';
import { loadTask, type Exposed } from '../task/loadTask.js';
import type { Runnable, InitializerContext, TaskSource } from '../task/task.js';
import { BatchRunner, failureOf } from './BatchRunner.js';
import { importModule } from './importModule.js';
import type { CallFailureWire, Connected, Connection, WorkerStart } from './messages.js';

/** The functions that a worker shows to `threads`; the main thread calls `connect` once. */
export interface Greeting {
  connect(connection: Connection): Promise<Connected>;
}

/** A worker serves one pool. On the global object, since a worker can load two copies of this. */
const key = Symbol.for('rxjs-parallel-map.serves');

const state = globalThis as { [key]?: boolean };

/** @throws Error when this worker serves already */
export function serve(exposed?: Exposed): Greeting {
  if (state[key]) {
    throw new Error(
      'expose() was called in a worker that serves already. Call it once, at the top level of the worker file, with all functions: expose({ std, max })',
    );
  }
  state[key] = true;
  // A connection that cannot be read would be waited for in vain; as a crash, it is told of.
  parentPort?.once('messageerror', (error) => {
    throw error;
  });
  const load = (source: TaskSource): Promise<Runnable> => loadTask(source, importModule, exposed);
  return {
    connect: async ({ port, initializer, ...start }) => {
      new BatchRunner(port, start, load);
      const failure = initializer && (await initialize(load(initializer), start));
      return { exposed: exposed && [...exposed.keys()], failure };
    },
  };
}

async function initialize(
  loading: Promise<Runnable>,
  { workerId, shared }: WorkerStart,
): Promise<CallFailureWire | undefined> {
  try {
    const fn = await loading;
    await fn({ workerId, shared } satisfies InitializerContext<unknown>);
    return undefined;
  } catch (thrown) {
    return failureOf(thrown);
  }
}
