import type { Worker, WorkerOptions } from 'node:worker_threads';

/** How workers are made. */
export interface ThreadsOptions {
  /** Passed to each worker as it is; see `new Worker` in Node's documentation. */
  readonly env?: WorkerOptions['env'];
  /** Passed to each worker as it is; see `new Worker` in Node's documentation. */
  readonly execArgv?: WorkerOptions['execArgv'];
  /** Passed to each worker as they are; see `new Worker` in Node's documentation. */
  readonly resourceLimits?: WorkerOptions['resourceLimits'];
  /**
   * Makes each worker from a file of your own, which calls `expose` of `rxjs-parallel-map/worker`
   * within ten seconds. The options above are then those that you give to `new Worker`.
   *
   * ```ts
   * worker: () => new Worker(new URL('./worker.js', import.meta.url))
   * ```
   */
  readonly worker?: (() => Worker) | undefined;
}
