/** Starts a worker with the `threads` package and hands it the port that batches travel over. */
import { createRequire } from 'node:module';
import type { MessagePort } from 'node:worker_threads';
import { workerFile } from '../../builtFiles.js';
import { noteListeners } from '../../worker/noteListeners.js';
import type { NodeWorker } from './NodeWorker.js';

/**
 * How long a worker may take to say hello, in milliseconds. It takes 30 to 150 here, so a machine that
 * is busy for many others still makes it, and what hangs in a preloaded module is told of.
 */
const HELLO_TIMEOUT = 10_000;

type Threads = typeof import('threads');

interface Exposed {
  connect(port: unknown): Promise<void>;
}

let loaded: Threads | undefined;

/**
 * The hand-shake with a worker that was just made: it gets its end of the channel.
 *
 * Stays pending when the worker ends before it is through: the caller watches for that.
 *
 * @returns ends the worker
 */
export async function spawnWorker(
  worker: NodeWorker,
  port: MessagePort,
): Promise<() => Promise<void>> {
  const { spawn, Transfer, Thread } = loadThreads();
  const thread = await spawn<Exposed>(worker, { timeout: HELLO_TIMEOUT });
  await thread.connect(Transfer(port, [port]));
  return () => Thread.terminate(thread);
}

/**
 * Loads the package at the first worker, while that one starts: both take about as long.
 *
 * threads 1.7.0 installs handlers for SIGINT and SIGTERM that end the process with code 0 after
 * 3 ms, which would cut off a user's own shutdown; so they are removed.
 */
function loadThreads(): Threads {
  if (loaded) return loaded;
  const undoListeners = noteListeners(['SIGINT', 'SIGTERM']);
  loaded = createRequire(workerFile)('threads') as Threads;
  undoListeners();
  return loaded;
}
