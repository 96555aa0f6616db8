/** The Pool that comes with threads. Slow with many elements queued, so it is given fewer of them. */
import { createRequire } from 'node:module';
import { WORKERS } from '../works.js';
import { transferListOf, type Contender } from './Contender.js';

/** What we use of it. Its types do not resolve from ES modules. */
interface Threads {
  Pool: (spawnThread: () => Promise<Thread>, options: { size: number }) => ThreadsPool;
  spawn: (worker: object) => Promise<Thread>;
  Worker: new (file: string) => object;
  Transfer: (value: object, transferables: readonly object[]) => unknown;
}
type Thread = Record<string, (value: unknown) => Promise<unknown>>;
interface ThreadsPool {
  queue(task: (thread: Thread) => Promise<unknown>): PromiseLike<unknown>;
  terminate(force: boolean): Promise<void>;
}

export function threadsPool(): Contender {
  const { Pool, spawn, Worker, Transfer } = createRequire(import.meta.url)('threads') as Threads;
  // Relative to this file: it takes nothing else.
  const pool = Pool(() => spawn(new Worker('../workers/threads.mjs')), { size: WORKERS });
  return {
    name: 'threads Pool',
    open: async () => {
      await pool.queue((thread) => thread['trivial']!(1));
    },
    one: async (fn, value) => {
      const list = transferListOf(fn, value);
      const argument = list.length > 0 ? Transfer(value as object, list) : value;
      return pool.queue((thread) => thread[fn]!(argument));
    },
    close: () => pool.terminate(true),
  };
}
