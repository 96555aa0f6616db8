/** The executor that runs batches in this very thread: for debugging, and for tests without threads. */
import { TaskLoadError, WorkerCrashedError } from '../../errors.js';
import type { PreparedTask } from '../../task/prepareTask.js';
import type { InitializerContext } from '../../task/task.js';
import { fromWire, toWire } from '../../task/thrown.js';
import { loadTask } from '../../task/loadTask.js';
import {
  type Batch,
  type BatchId,
  type BatchObserver,
  type Executor,
  type Millis,
  type SlotId,
  type SlotSetup,
} from '../Executor.js';
import { InlineBatch, type InlineSlot } from './InlineBatch.js';
import { initializerFailed } from '../initializerFailed.js';
import { inTime, TooLate } from '../inTime.js';

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
    const batches: InlineBatch[] = [];
    const endIfOverdue = (): void => {
      if (!batches.some(({ isOverdue }) => isOverdue)) return;
      if (!batches.every(({ isOverdue, isRunning }) => isOverdue || !isRunning)) return;
      lost(new WorkerCrashedError(undefined, { when: 'idle' }));
      void this.close(slot);
    };
    const opening: InlineSlot = { endIfOverdue, batches, poolShared, shared: new Map() };
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
        own.endIfOverdue();
      },
      overdue: () => {
        observer.overdue();
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
