/** The executor that runs batches in this very thread: for debugging, and for tests without threads. */
import {
  messageOf,
  TaskError,
  TaskLoadError,
  UncloneableError,
  WorkerCrashedError,
  type ParallelError,
} from '../../errors.js';
import { BatchRun, type Ended } from '../../task/BatchRun.js';
import { refuseDetached } from '../../task/detached.js';
import { indexAt } from '../../task/ranges.js';
import type { PreparedTask } from '../../task/prepareTask.js';
import type { AnyFunction, InitializerContext } from '../../task/task.js';
import { fromWire, toWire } from '../../task/thrown.js';
import { timed, timeoutReason, type Stopwatch } from '../../task/timed.js';
import { whyUncloneable } from '../../task/whyUncloneable.js';
import { loadTask } from '../../task/loadTask.js';
import {
  failed,
  type Batch,
  type BatchId,
  type BatchObserver,
  type Executor,
  type Failure,
  type Millis,
  type Settled,
  type SlotId,
  type SlotSetup,
} from '../Executor.js';
import { initializerFailed } from '../initializerFailed.js';
import { inTime, TooLate } from '../inTime.js';
import { TimeoutWatch } from '../TimeoutWatch.js';
import { uncloneableInputs } from '../uncloneableInputs.js';

/**
 * Runs elements in this thread, with the semantics of workers otherwise: values are cloned there
 * and back, errors are rebuilt, a slot runs one element at a time.
 *
 * What it cannot do: survive `process.exit()`, stop an endless loop, or notice that a function uses
 * variables from around it. A function that returns no promise runs synchronously, so that no `timeout`
 * ends it; one that is given up over its `timeout` goes on unheard.
 */
export function inline(): Executor {
  return new InlineExecutor();
}

interface InlineSlot {
  /** What runs on it does not end: as if a worker had crashed. */
  readonly lose: () => void;
  /** The batch that runs, then the one that waits; or those that run beside each other. */
  readonly batches: InlineBatch[];
  /** Its copies of shared values: the pool's, and those of calls. */
  readonly poolShared: unknown;
  readonly shared: Map<number, unknown>;
  /** Rejects the `open` that is pending. */
  stopOpening?: (reason: ParallelError) => void;
}

class InlineExecutor implements Executor {
  readonly overhead: Millis = 0;
  readonly keepsClosures = true;
  readonly #slots = new Map<SlotId, InlineSlot>();
  #setup: SlotSetup = {};

  setUp(setup: SlotSetup): void {
    this.#setup = setup;
  }

  open(slot: SlotId, lost: (reason: WorkerCrashedError) => void): Promise<void> | undefined {
    const { initializer, shared } = this.#setup;
    const poolShared = structuredClone(shared);
    const lose = (): void => {
      lost(new WorkerCrashedError(undefined, { when: 'idle' }));
      void this.close(slot);
    };
    const opening: InlineSlot = { lose, batches: [], poolShared, shared: new Map() };
    this.#slots.set(slot, opening);
    return initializer && this.#initialize(slot, opening, initializer);
  }

  run(slot: SlotId, batch: Batch, observer: BatchObserver): void {
    const own = this.#slots.get(slot)!;
    const { batches } = own;
    const inFlight = new InlineBatch(slot, own, batch, {
      settled: (settled) => {
        observer.settled(settled);
      },
      returned: (settled, busy) => {
        batches.splice(batches.indexOf(inFlight), 1);
        observer.returned(settled, busy);
        batches[0]?.start();
      },
    });
    batches.push(inFlight);
    if (batches.length === 1 || batch.isBeside) inFlight.start();
  }

  reclaim(slot: SlotId, batch: BatchId): number {
    return this.#find(slot, batch)?.stop() ?? Infinity;
  }

  forget(shared: number): void {
    for (const slot of this.#slots.values()) slot.shared.delete(shared);
  }

  abort(slot: SlotId, batch: BatchId): void {
    this.#find(slot, batch)?.abort();
  }

  close(slot: SlotId): Promise<void> {
    const { batches = [], stopOpening } = this.#slots.get(slot) ?? {};
    this.#slots.delete(slot);
    stopOpening?.(new WorkerCrashedError(undefined));
    // None of the others may start when the one before it returns.
    for (const inFlight of batches.splice(0)) inFlight.drop();
    return Promise.resolve();
  }

  async #initialize(workerId: SlotId, slot: InlineSlot, initializer: PreparedTask): Promise<void> {
    const stopped = new Promise<never>((_, reject) => (slot.stopOpening = reject));
    const context = { workerId, shared: slot.poolShared };
    try {
      await inTime(Promise.race([initialize(initializer, context), stopped]));
    } catch (error) {
      this.#slots.delete(workerId);
      throw error instanceof TooLate ? initializerFailed(error) : error;
    }
  }

  #find(slot: SlotId, batch: BatchId): InlineBatch | undefined {
    return this.#slots.get(slot)?.batches.find(({ id }) => id === batch);
  }
}

async function initialize(
  { fn, source }: PreparedTask,
  context: InitializerContext<unknown>,
): Promise<void> {
  try {
    await (fn ?? (await loadTask(source)))(context);
  } catch (thrown) {
    throw initializerFailed(thrown instanceof TaskLoadError ? thrown : fromWire(toWire(thrown)));
  }
}

class InlineBatch {
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
    const wasRunning = this.#claimed > position;
    const crash = (): Failure => {
      return { position, reason: new WorkerCrashedError(indexAt(this.#batch.ranges, position)) };
    };
    this.#return(wasRunning ? failed([this.#watch?.lossAt(position) ?? crash()]) : [], 0);
  }

  #runAll(fn: AnyFunction, values: readonly unknown[]): void {
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
      leave: this.#batch.isBeside
        ? () => {
            this.#run?.leave(timeoutReason());
          }
        : undefined,
      end: this.#slot.lose,
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
