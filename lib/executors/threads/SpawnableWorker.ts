/** Makes the platform's Worker one that `threads` can spawn. */
import type { Transferable, Worker } from 'node:worker_threads';

type MessageListener = (event: { readonly data: unknown }) => void;

/**
 * threads 1.7.0 has a Worker class of its own, but it takes only paths relative to its caller's file
 * and keeps every terminated worker alive for ever. Its `spawn` takes any object with the methods of
 * a browser's Worker, so that is what this is. It wraps, since a user's own Worker is there already.
 */
export class SpawnableWorker {
  readonly #worker: Worker;
  readonly #listeners = new Set<MessageListener>();

  constructor(worker: Worker) {
    this.#worker = worker;
    // One for all that `threads` adds and removes meanwhile: with each first one, Node would have the worker keep
    // the process alive again.
    worker.on('message', (data: unknown) => {
      this.#tell(data);
    });
    // `spawn` waits for a hello with a timer that only the hello clears. A worker that ends before
    // would keep the process alive until then, so its end says hello too. Not by an event: Node takes
    // the listeners for messages off before it tells of the exit.
    worker.once('exit', () => {
      this.#tell(HELLO);
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
    if (event === 'message') this.#listeners.add(listener);
  }

  removeEventListener(event: string, listener: MessageListener): void {
    if (event === 'message') this.#listeners.delete(listener);
  }

  #tell(data: unknown): void {
    for (const listener of [...this.#listeners]) listener({ data });
  }
}

/** What `expose({ connect })` posts from within a worker. */
const HELLO = { type: 'init', exposed: { type: 'module', methods: ['connect'] } };
