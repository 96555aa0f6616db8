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
  readonly #listeners = new Map<MessageListener, (data: unknown) => void>();

  constructor(worker: Worker) {
    this.#worker = worker;
    // `spawn` waits for a hello with a timer that only the hello clears. A worker that ends before
    // would keep the process alive until then, so its end says hello too. Not by an event: Node takes
    // the listeners for messages off before it tells of the exit.
    worker.once('exit', () => {
      for (const listener of this.#listeners.keys()) listener({ data: HELLO });
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
    if (event !== 'message' || this.#listeners.has(listener)) return;
    const onMessage = (data: unknown): void => {
      listener({ data });
    };
    this.#listeners.set(listener, onMessage);
    this.#worker.on('message', onMessage);
  }

  removeEventListener(event: string, listener: MessageListener): void {
    const onMessage = this.#listeners.get(listener);
    if (event !== 'message' || !onMessage) return;
    this.#listeners.delete(listener);
    this.#worker.off('message', onMessage);
  }
}

/** What `expose({ connect })` posts from within a worker. */
const HELLO = { type: 'init', exposed: { type: 'module', methods: ['connect'] } };
