/** The executor that runs batches in this very thread: for debugging, and for tests without threads. */
import {
  messageOf,
  TaskError,
  TaskLoadError,
  UncloneableError,
  WorkerCrashedError,
} from '../../errors.js';
import { BatchRun, type Ended } from '../../task/BatchRun.js';
import type { AnyFunction } from '../../task/task.js';
import { fromWire, toWire } from '../../task/thrown.js';
import { whyUncloneable } from '../../task/whyUncloneable.js';
import { loadTask } from '../../task/loadTask.js';
import {
  rejected,
  type Batch,
  type BatchId,
  type BatchObserver,
  type Executor,
  type Millis,
  type Settled,
  type SlotId,
} from '../Executor.js';
import { uncloneableInputs } from '../uncloneableInputs.js';

/**
 * Runs elements in this thread, with the semantics of workers otherwise: values are cloned there
 * and back, errors are rebuilt, a slot runs one element at a time.
 *
 * What it cannot do: survive `process.exit()`, stop an endless loop, or notice that a function uses
 * variables from around it. A function that returns no promise runs synchronously.
 */
export function inline(): Executor {
  return new InlineExecutor();
}

class InlineExecutor implements Executor {
  readonly overhead: Millis = 0;
  /** The batch that each open slot holds. */
  readonly #slots = new Map<SlotId, InlineBatch | undefined>();

  open(slot: SlotId): undefined {
    this.#slots.set(slot, undefined);
  }

  run(slot: SlotId, batch: Batch, observer: BatchObserver): void {
    const inFlight = new InlineBatch(slot, batch, {
      settled: (settled) => {
        observer.settled(settled);
      },
      returned: (settled) => {
        if (this.#slots.has(slot)) this.#slots.set(slot, undefined);
        observer.returned(settled);
      },
    });
    this.#slots.set(slot, inFlight);
    inFlight.start();
  }

  abort(slot: SlotId, batch: BatchId): void {
    const inFlight = this.#slots.get(slot);
    if (inFlight?.id === batch) inFlight.abort();
  }

  close(slot: SlotId): Promise<void> {
    const inFlight = this.#slots.get(slot);
    this.#slots.delete(slot);
    inFlight?.drop();
    return Promise.resolve();
  }
}

class InlineBatch {
  readonly #workerId: SlotId;
  readonly #batch: Batch;
  /** Undefined once the batch has returned: what ends later is ignored. */
  #observer: BatchObserver | undefined;
  #claimed = 0;
  #settled = 0;
  #running: BatchRun | undefined;

  constructor(workerId: SlotId, batch: Batch, observer: BatchObserver) {
    this.#workerId = workerId;
    this.#batch = batch;
    this.#observer = observer;
  }

  get id(): BatchId {
    return this.#batch.id;
  }

  start(): void {
    const { task } = this.#batch;
    let values: unknown[];
    try {
      values = structuredClone([...this.#batch.values]);
    } catch (error) {
      return this.#return(uncloneableInputs(this.#batch, error));
    }
    if (task.fn) return this.#run(task.fn, values);
    void loadTask(task.source).then(
      (fn) => {
        this.#run(fn, values);
      },
      (reason: unknown) => {
        this.#return(values.map((_, position) => rejected(position, reason as TaskLoadError)));
      },
    );
  }

  abort(): void {
    this.#claimed = this.#batch.indices.length;
    this.#running?.abort();
  }

  /** Returns at once, as if a worker had crashed. */
  drop(): void {
    const position = this.#settled;
    const wasRunning = this.#claimed > position;
    this.abort();
    const index = this.#batch.indices[position];
    this.#return(wasRunning ? [rejected(position, new WorkerCrashedError(index))] : []);
  }

  #run(fn: AnyFunction, values: readonly unknown[]): void {
    const { indices } = this.#batch;
    this.#running = new BatchRun({
      fn,
      workerId: this.#workerId,
      indices,
      values,
      claim: () => (this.#claimed < indices.length ? this.#claimed++ : undefined),
      settled: (ended) => {
        this.#settled++;
        this.#observer?.settled([this.#read(ended)]);
      },
      returned: (ended) => {
        this.#return(ended ? [this.#read(ended)] : []);
      },
    });
    this.#running.start();
  }

  #return(settled: readonly Settled[]): void {
    const observer = this.#observer;
    this.#observer = undefined;
    observer?.returned(settled);
  }

  #read(ended: Ended): Settled {
    const { position, duration } = ended;
    const index = this.#batch.indices[position]!;
    if (ended.status === 'rejected') {
      return rejected(position, new TaskError(index, fromWire(toWire(ended.thrown))), duration);
    }
    try {
      const value: unknown = structuredClone(ended.value);
      return { position, outcome: { status: 'fulfilled', value, duration } };
    } catch (cause) {
      const why = whyUncloneable(ended.value, 'result') ?? messageOf(cause);
      return rejected(position, new UncloneableError(index, 'result', why, { cause }), duration);
    }
  }
}
