/** Makes a worker: from our own file, or by the user's function. */
import { Worker } from 'node:worker_threads';
import { quote } from '../../quote.js';
import type { SlotId } from '../Executor.js';
import type { ThreadsOptions } from './ThreadsOptions.js';
import { workerFile } from '../../builtFiles.js';

/** Workers that were handed to us: each serves one slot. */
const taken = new WeakSet<Worker>();

/** @throws what the platform or the user's function throws, or a TypeError about what that returned */
export function startWorker(slot: SlotId, { worker, ...options }: ThreadsOptions): Worker {
  if (!worker) {
    return new Worker(workerFile, { ...options, name: `rxjs-parallel-map ${slot}` });
  }
  const made = worker();
  checkWorker(made);
  taken.add(made);
  return made;
}

function checkWorker(made: unknown): asserts made is Worker {
  const expected =
    'the function `worker` must return a new Worker of node:worker_threads each time';
  if (!(made instanceof Worker)) {
    endPromised(made);
    throw new TypeError(`${expected}, but it returned ${quote(made)}`);
  }
  if (taken.has(made)) throw new TypeError(`${expected}, but it returned the same one twice`);
  // Node's mark of a worker that is gone.
  if (made.threadId === -1) throw new TypeError(`${expected}, but it returned one that has ended`);
}

/** Nobody else would end the worker of an `async` function, and it would keep the process alive. */
function endPromised(made: unknown): void {
  if (!(made instanceof Promise)) return;
  const end = (worker: unknown): unknown => worker instanceof Worker && worker.terminate();
  // That it may reject instead is told of already: there must be no promise.
  void made.then(end, () => undefined);
}
