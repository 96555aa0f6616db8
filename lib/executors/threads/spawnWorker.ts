/** Greets a worker with the `threads` package and hands it the port that batches travel over. */
import { createRequire } from 'node:module';
import type { Worker } from 'node:worker_threads';
import { workerFile } from '../../builtFiles.js';
import type { Connected, Connection } from '../../worker/messages.js';
import { noteListeners } from '../../worker/noteListeners.js';
import { provideRequire } from '../../worker/provideRequire.js';
import { inTime } from '../inTime.js';
import { SpawnableWorker } from './SpawnableWorker.js';

/**
 * How long a worker may take to say hello, in milliseconds. It takes 30 to 150 here, so a machine that
 * is busy for many others still makes it, and what hangs in a preloaded module is told of.
 */
const HELLO_TIMEOUT = 10_000;

type Threads = typeof import('threads');

interface Exposed {
  /** Absent where the worker calls the `expose` of `threads` instead of ours. */
  connect?(connection: unknown): Promise<Connected>;
}

/** A worker that has said hello. */
export interface Spawned {
  /** Gives it its end of the channel, and waits until it is ready for batches. */
  readonly connect: (connection: Connection) => Promise<Connected>;
  /** Ends the worker. */
  readonly terminate: () => Promise<void>;
}

let loaded: Threads | undefined;

/**
 * The hand-shake with a worker that was just made.
 *
 * @param end rejects when the worker has ended. What `connect` gives stays pending then: the caller watches for that
 */
export async function spawnWorker(worker: Worker, end: Promise<never>): Promise<Spawned> {
  const { spawn, Transfer, Thread } = loadThreads();
  const spawnable = new SpawnableWorker(worker);
  await inTime(Promise.race([spawnable.greeted, end]), HELLO_TIMEOUT, 'it did not say hello');
  // What it waits for is there. Its timer would go on where that was an error.
  const thread = await spawn<Exposed>(spawnable, { timeout: 1 });
  if (!thread.connect) throw new Error('it calls the expose() of another package');
  const connect = thread.connect.bind(thread);
  return {
    connect: (connection) => connect(Transfer(connection, [connection.port])),
    terminate: () => Thread.terminate(thread),
  };
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
  const undoRequire = provideRequire();
  loaded = createRequire(workerFile)('threads') as Threads;
  undoListeners();
  undoRequire();
  return loaded;
}
