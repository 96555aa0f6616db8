/** What a worker thread loads: says hello through `threads`, then works over the port it is handed. */
import { noteListeners } from './noteListeners.js';
import { provideRequire } from './provideRequire.js';
import { serve } from './serve.js';

// threads/worker 1.7.0 listens for uncaught errors and turns a crash into a message, after which the
// worker lives on with its element pending for ever. Without its listeners the worker ends, and the
// main thread sees why.
const undoListeners = noteListeners(['uncaughtException', 'unhandledRejection']);

const undoRequire = provideRequire();

void import('threads/worker').then(({ expose }) => {
  undoListeners();
  undoRequire();
  expose({ ...serve() });
});
