/** A batch on a slot in this thread: copies what goes in and out, as if it travelled. */
import {
  TaskError,
  TaskLoadError,
  UncloneableError,
  WorkerCrashedError,
  type ParallelError,
} from '../../errors.js';
import { messageOf } from '../../quote.js';
import { BatchRun, type Ended } from '../../task/BatchRun.js';
import { refuseDetached } from '../../task/detached.js';
import { indexAt } from '../../task/ranges.js';
import type { Runnable } from '../../task/task.js';
import { fromWire, toWire } from '../../task/thrown.js';
import { timed, timeoutReason, type Stopwatch } from '../../task/timed.js';
import { whyUncloneable } from '../../task/whyUncloneable.js';
import { loadTask } from '../../task/loadTask.js';
import {
  failed,
  type Batch,
  type BatchId,
  type BatchObserver,
  type Failure,
  type Millis,
  type Settled,
  type SlotId,
} from '../Executor.js';
import { TimeoutWatch } from '../TimeoutWatch.js';
import { uncloneableInputs } from '../uncloneableInputs.js';

/** What a batch needs to know of its slot. */
export interface InlineSlot {
  /** What runs on it does not end: as if a worker had crashed, once nothing else runs that has time left. */
  readonly endIfOverdue: () => void;
  /** The batch that runs, then the one that waits; or those that run beside each other. */
  readonly batches: InlineBatch[];
  /** Its copies of shared values: the pool's, and those of calls. */
  readonly poolShared: unknown;
  readonly shared: Map<number, unknown>;
  /** Rejects the `open` that is pending. */
  stopOpening?: (reason: ParallelError) => void;
}

export class InlineBatch {
  readonly #workerId: SlotId;
  readonly #batch: Batch;
  readonly #slot: InlineSlot;
  /** Undefined once the batch has returned: what ends later is ignored. */
  #observer: BatchObserver | undefined;
  #hasStarted = false;
  #claimed = 0;
  /** Elements that may be claimed. */
  #count: number;
  #settled = 0;
  #run: BatchRun | undefined;
  /** The element that runs, where it has a time-out. */
  #running: { readonly position: number; readonly since: Millis } | undefined;
  #watch: TimeoutWatch | undefined;
  #isOverdue = false;

  constructor(workerId: SlotId, slot: InlineSlot, batch: Batch, observer: BatchObserver) {
    this.#workerId = workerId;
    this.#batch = batch;
    this.#slot = slot;
    this.#observer = observer;
    this.#count = batch.values.length;
  }

  get id(): BatchId {
    return this.#batch.id;
  }

  /** Whether its element went on for the grace after its time. */
  get isOverdue(): boolean {
    return this.#isOverdue;
  }

  get isRunning(): boolean {
    return this.#claimed > this.#settled;
  }

  start(): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    const { task, transfer, shared } = this.#batch;
    let values: unknown[];
    try {
      refuseDetached(transfer);
      const copies = this.#slot.shared;
      if (shared && !copies.has(shared.id)) copies.set(shared.id, structuredClone(shared.value));
      values = structuredClone(Array.from<unknown>(this.#batch.values), {
        transfer: [...transfer] as never[],
      });
    } catch (error) {
      return this.#return(uncloneableInputs(this.#batch, error), 0);
    }
    if (task.fn) return this.#runAll(task.fn, values);
    void loadTask(task.source).then(
      (fn) => {
        this.#runAll(fn, values);
      },
      (reason: unknown) => {
        const failures = values.map((_, position) => ({
          position,
          reason: reason as TaskLoadError,
        }));
        this.#return(failed(failures), 0);
      },
    );
  }

  /** Nothing more is started. Gives how many elements were. */
  stop(): number {
    this.#count = this.#claimed;
    return this.#claimed;
  }

  abort(): void {
    this.stop();
    this.#run?.abort();
  }

  /** Returns at once, as if a worker had crashed. */
  drop(): void {
    this.abort();
    const position = this.#settled;
    const crash = (): Failure => {
      return { position, reason: new WorkerCrashedError(indexAt(this.#batch.ranges, position)) };
    };
    this.#return(this.isRunning ? failed([this.#watch?.lossAt(position) ?? crash()]) : [], 0);
  }

  #runAll(fn: Runnable, values: readonly unknown[]): void {
    const { ranges, settled, wantsTimes, reportAfter, timeout, shared } = this.#batch;
    const steps = {
      fn,
      claim: () => (this.#claimed < this.#count ? this.#claimed++ : undefined),
    };
    if (timeout !== undefined) this.#startWatch(timeout);
    this.#run = new BatchRun({
      ...(timeout === undefined ? steps : timed(steps, this.#stopwatch)),
      workerId: this.#workerId,
      shared: shared ? this.#slot.shared.get(shared.id) : this.#slot.poolShared,
      ranges,
      values,
      settled,
      wantsTimes,
      reportAfter,
      now: () => performance.now(),
      onSettled: (ended) => {
        this.#settled = ended.from + ended.values.length;
        this.#observer?.settled(this.#read(ended));
      },
      onReturned: (ended, busy) => {
        this.#return([this.#read(ended)], busy);
      },
    });
    this.#run.start();
  }

  readonly #stopwatch: Stopwatch = {
    start: (position) => {
      this.#running = { position, since: performance.now() };
    },
    stop: () => {
      this.#running = undefined;
    },
  };

  #startWatch(timeout: Millis): void {
    this.#watch = new TimeoutWatch(timeout, this.#batch.ranges, {
      running: () =>
        this.#running && {
          position: this.#running.position,
          elapsed: performance.now() - this.#running.since,
        },
      expire: () => {
        this.#run?.abort(timeoutReason());
      },
      end: () => {
        this.#isOverdue = true;
        if (this.#batch.isBeside) this.#observer?.overdue();
        this.#slot.endIfOverdue();
      },
    });
  }

  #return(settled: readonly Settled[], busy: Millis): void {
    this.#watch?.stop();
    const observer = this.#observer;
    this.#observer = undefined;
    observer?.returned(settled, busy);
  }

  #read({ from, values, thrown, durations, starts }: Ended): Settled {
    const { ranges } = this.#batch;
    const failures: Failure[] = thrown.map(({ position, thrown }) => ({
      position,
      reason: new TaskError(indexAt(ranges, position), fromWire(toWire(thrown))),
    }));
    const clones = values.map((value, nth) => {
      try {
        return structuredClone(value);
      } catch (cause) {
        const position = from + nth;
        const why = whyUncloneable(value, 'result') ?? messageOf(cause);
        const index = indexAt(ranges, position);
        failures.push({ position, reason: new UncloneableError(index, 'result', why, { cause }) });
        return undefined;
      }
    });
    const read = { from, values: clones, failures, durations, starts };
    return this.#watch?.judge(read) ?? read;
  }
}
