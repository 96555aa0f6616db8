/** What every worker does once it is greeted: it runs batches, with what it can load and exposes. */
import { loadTask, type Exposed } from '../task/loadTask.js';
import { BatchRunner } from './BatchRunner.js';
import { importModule } from './importModule.js';
import type { Connection } from './messages.js';

/** The functions that a worker shows to `threads`; the main thread calls `connect` once. */
export interface Greeting {
  connect(connection: Connection): readonly string[] | undefined;
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
  return {
    connect: ({ port, ...start }) => {
      new BatchRunner(port, start, (source) => loadTask(source, importModule, exposed));
      return exposed && [...exposed.keys()];
    },
  };
}
