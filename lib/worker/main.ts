/** What a worker thread loads: says hello through `threads`, then works over the port it is handed. */
import { workerData, type MessagePort } from 'node:worker_threads';
import { BatchRunner } from './BatchRunner.js';
import type { WorkerStart } from './messages.js';
import { noteListeners } from './noteListeners.js';

// threads/worker 1.7.0 listens for uncaught errors and turns a crash into a message, after which the
// worker lives on with its element pending for ever. Without its listeners the worker ends, and the
// main thread sees why.
const undoListeners = noteListeners(['uncaughtException', 'unhandledRejection']);

void import('threads/worker').then(({ expose }) => {
  undoListeners();
  expose({
    connect: (port: MessagePort) => {
      new BatchRunner(port, workerData as WorkerStart);
    },
  });
});
