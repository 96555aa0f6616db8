/** Makes the platform's Worker one that `threads` can spawn. */
import type { Transferable, Worker } from 'node:worker_threads';

type MessageListener = (event: { readonly data: unknown }) => void;

/**
 * threads 1.7.0 has a Worker class of its own, but it takes only paths relative to its caller's file
 * and keeps every terminated worker alive for ever. Its `spawn` takes any object with the methods of
 * a browser's Worker, so that is what this is. It wraps, since a user's own Worker is there already.
 */
export class SpawnableWorker {
  /**
   * Resolves when the worker has said hello: not before that should it be spawned. `spawn` waits for the hello with a timer
   * that would keep the process alive, also where nobody waits any more, and after the worker's end.
   */
  readonly greeted: Promise<void>;

  readonly #worker: Worker;
  readonly #listeners = new Set<MessageListener>();
  /** What it said, until somebody listens. */
  #hello: unknown;

  constructor(worker: Worker) {
    this.#worker = worker;
    this.greeted = new Promise((resolve) => {
      // One for all that `threads` adds and removes meanwhile: with each first one, Node would have the worker keep
      // the process alive again.
      worker.on('message', (data: unknown) => {
        if (isHello(data)) {
          this.#hello = data;
          resolve();
        }
        for (const listener of [...this.#listeners]) listener({ data });
      });
    });
  }

  postMessage(message: unknown, transfer?: readonly Transferable[]): void {
    this.#worker.postMessage(message, transfer);
  }

  terminate(): Promise<number> {
    return this.#worker.terminate();
  }

  addEventListener(event: string, listener: MessageListener): void {
    // `spawn` asks for browsers' `unhandledrejection` too; here that is the worker's `error`.
    if (event !== 'message') return;
    this.#listeners.add(listener);
    const data = this.#hello;
    this.#hello = undefined;
    if (data !== undefined) listener({ data });
  }

  removeEventListener(event: string, listener: MessageListener): void {
    if (event === 'message') this.#listeners.delete(listener);
  }
}

/** What `threads` posts first from within a worker: what is exposed, or what kept it from that. A worker file may have posted before. */
function isHello(data: unknown): boolean {
  if (typeof data !== 'object' || data === null || !('type' in data)) return false;
  return data.type === 'init' || data.type === 'uncaughtError';
}
