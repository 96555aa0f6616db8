/** An executor that does only what a spec tells it to, one step after the other. */
import type { ParallelError } from '../../lib/errors.js';
import type {
  Batch,
  BatchObserver,
  Executor,
  Outcome,
  Settled,
  SlotId,
} from '../../lib/executors/Executor.js';

interface Slot {
  readonly opened: () => void;
  readonly failed: (reason: unknown) => void;
  readonly lost: (reason: ParallelError) => void;
  run?: { readonly batch: Batch; readonly observer: BatchObserver } | undefined;
}

export class ManualExecutor implements Executor {
  readonly overhead = 0;
  /** What the pool commanded, in order: `open 0`, `run 0: 3`, `abort 0`, `close 0`. */
  readonly log: string[] = [];
  readonly #slots = new Map<SlotId, Slot>();

  open(slot: SlotId, lost: (reason: ParallelError) => void): Promise<void> {
    this.log.push(`open ${slot}`);
    return new Promise((opened, failed) => {
      this.#slots.set(slot, { opened, failed, lost });
    });
  }

  run(slot: SlotId, batch: Batch, observer: BatchObserver): void {
    this.log.push(`run ${slot}: ${batch.indices.join()}`);
    this.#slots.get(slot)!.run = { batch, observer };
  }

  abort(slot: SlotId): void {
    this.log.push(`abort ${slot}`);
  }

  close(slot: SlotId): Promise<void> {
    this.log.push(`close ${slot}`);
    this.#return(slot, []);
    this.#slots.get(slot)?.failed(new Error('closed'));
    return Promise.resolve();
  }

  /** The slot is ready. Resolves when the pool knows. */
  async opened(slot: SlotId): Promise<void> {
    this.#slots.get(slot)!.opened();
    await Promise.resolve();
  }

  /** The slot cannot be had. Resolves when the pool knows. */
  async failed(slot: SlotId, reason: unknown): Promise<void> {
    this.#slots.get(slot)!.failed(reason);
    await Promise.resolve();
  }

  /** The slot is gone; its batch returns with the reason for what was running, if anything was. */
  lost(slot: SlotId, reason: ParallelError, wasRunning = true): void {
    this.#slots.get(slot)!.lost(reason);
    const outcome: Outcome = { status: 'rejected', reason, duration: 0 };
    this.#return(slot, wasRunning ? [{ position: 0, outcome }] : []);
  }

  /** The batch on the slot ends, each element with its own value as the result. */
  finish(slot: SlotId): void {
    const values = this.#slots.get(slot)!.run!.batch.values;
    this.#return(
      slot,
      values.map((value, position) => ({
        position,
        outcome: { status: 'fulfilled', value, duration: 0 },
      })),
    );
  }

  /** The first element of the batch on the slot fails. */
  fail(slot: SlotId, reason: ParallelError): void {
    this.#return(slot, [{ position: 0, outcome: { status: 'rejected', reason, duration: 0 } }]);
  }

  /** The batch on the slot ends without having started. */
  giveBack(slot: SlotId): void {
    this.#return(slot, []);
  }

  #return(slot: SlotId, settled: readonly Settled[]): void {
    const on = this.#slots.get(slot);
    const observer = on?.run?.observer;
    if (on) on.run = undefined;
    observer?.returned(settled);
  }
}
