/** Makes the platform's Worker one that `threads` can spawn. */
import { Worker, type WorkerOptions } from 'node:worker_threads';

type MessageListener = (event: { readonly data: unknown }) => void;

/**
 * threads 1.7.0 has a Worker class of its own, but it takes only paths relative to its caller's file
 * and keeps every terminated worker alive for ever. Its `spawn` takes any object with the listener
 * methods of a browser's Worker, so those are all that we add.
 */
export class NodeWorker extends Worker {
  readonly #listeners = new Map<MessageListener, (data: unknown) => void>();

  constructor(file: string, options: WorkerOptions) {
    super(file, options);
    // `spawn` waits for a hello with a timer that only the hello clears. A worker that ends before
    // would keep the process alive until then, so its end says hello too. Not by an event: Node takes
    // the listeners for messages off before it tells of the exit.
    this.once('exit', () => {
      for (const listener of this.#listeners.keys()) listener({ data: HELLO });
    });
  }

  addEventListener(event: string, listener: MessageListener): void {
    // `spawn` asks for browsers' `unhandledrejection` too; here that is the worker's `error`.
    if (event !== 'message' || this.#listeners.has(listener)) return;
    const onMessage = (data: unknown): void => {
      listener({ data });
    };
    this.#listeners.set(listener, onMessage);
    this.on('message', onMessage);
  }

  removeEventListener(event: string, listener: MessageListener): void {
    const onMessage = this.#listeners.get(listener);
    if (event !== 'message' || !onMessage) return;
    this.#listeners.delete(listener);
    this.off('message', onMessage);
  }
}

/** What `expose({ connect })` posts from within a worker. */
const HELLO = { type: 'init', exposed: { type: 'module', methods: ['connect'] } };
