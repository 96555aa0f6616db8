/** What `pool.events$` tells: plain data, without values of the user's. What they threw is told where it ended a worker. */
import type { Millis } from '../../executors/Executor.js';
import type { CallEnd } from './CallAccount.js';
import type { ElementStats } from './PoolStats.js';

/** What happened, and when: in milliseconds since 1970, which never go back. */
export type PoolEvent = { readonly at: number } & Happening;

/** Workers, calls and batches are known by numbers of their own, in each pool from 0. */
export type Happening =
  /** A worker was asked for. */
  | { readonly type: 'workerStarting'; readonly worker: number }
  /** It can run elements. */
  | { readonly type: 'workerOpened'; readonly worker: number }
  /**
   * It was ended. `recycled`: after `maxElementsPerWorker`. `overdue`: an element went on for too long, over its
   * `timeout` or although its call had ended.
   */
  | {
      readonly type: 'workerClosed';
      readonly worker: number;
      readonly reason: 'idle' | 'recycled' | 'overdue' | 'pool closed';
    }
  /** It ended by itself. */
  | { readonly type: 'workerCrashed'; readonly worker: number; readonly reason: string }
  /** It was asked for, and never became ready. No call is told that goes on with others. */
  | { readonly type: 'workerFailed'; readonly worker: number; readonly reason: string }
  /** A call began: of parallelMap (when it was subscribed to), mapArray, mapStream or run. */
  | {
      readonly type: 'callStarted';
      readonly call: number;
      /** The function's name; '' if it has none. */
      readonly name: string;
      readonly concurrency: number;
    }
  /** It has ended, and with it all of its elements. `failed`: it gave an error. */
  | {
      readonly type: 'callEnded';
      readonly call: number;
      readonly how: CallEnd;
      readonly elements: ElementStats;
    }
  /**
   * Elements came, or ended, or are to be tried again. What happens at one moment is told of together. Over all
   * events, the counts are those of `pool.stats()`.
   */
  | {
      readonly type:
        | 'elementsArrived'
        | 'elementsDone'
        | 'elementsFailed'
        | 'elementsRetried'
        | 'elementsDropped'
        | 'elementsCancelled';
      readonly call: number;
      readonly count: number;
    }
  /** Elements were sent to a worker. */
  | {
      readonly type: 'batchStarted';
      readonly batch: number;
      readonly call: number;
      readonly worker: number;
      readonly count: number;
    }
  /** Elements of a batch were taken back which had not started, for another worker. */
  | {
      readonly type: 'batchReclaimed';
      readonly batch: number;
      readonly call: number;
      readonly worker: number;
      readonly count: number;
    }
  /** A batch is over. */
  | {
      readonly type: 'batchReturned';
      readonly batch: number;
      readonly call: number;
      readonly worker: number;
      /** Elements that gave a result or failed, this time. */
      readonly ended: number;
      /** Elements that wait again: the worker is gone, or their call is. */
      readonly unstarted: number;
      /** Milliseconds that the worker was at it; 0 if it died. */
      readonly ran: Millis;
    };
