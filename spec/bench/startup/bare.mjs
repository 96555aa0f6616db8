/** A worker of one's own and a message each way: nothing can be faster. */
import { once } from 'node:events';
import { URL } from 'node:url';
import { Worker } from 'node:worker_threads';
import 'rxjs';

const worker = new Worker(new URL('./bareWorker.cjs', import.meta.url));
worker.postMessage(1);
export const firstResult = once(worker, 'message').then(
  ([result]) => /** @type {unknown} */ (result),
);
