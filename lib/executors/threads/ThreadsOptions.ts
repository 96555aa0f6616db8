import type { WorkerOptions } from 'node:worker_threads';

/** Passed to each worker as they are; see `new Worker` in Node's documentation. */
export interface ThreadsOptions {
  readonly env?: WorkerOptions['env'];
  readonly execArgv?: WorkerOptions['execArgv'];
  readonly resourceLimits?: WorkerOptions['resourceLimits'];
}
