/** Opens and closes the slots of an executor, and tells of those that come, fail and go. */
import type { WorkerCrashedError } from '../errors.js';
import { LastingFailure, type Executor, type Millis } from '../executors/Executor.js';
import type { Fact, SlotId } from '../scheduler/facts.js';

export class OpenSlots {
  readonly #executor: Executor;
  readonly #tell: (fact: Fact) => void;
  /** The slots there are, and when a batch last returned from each. */
  readonly #slots = new Map<SlotId, Millis>();
  /** Those of them that are lost, or did not open, which is not dealt with yet; and why. */
  readonly #lost = new Map<SlotId, WorkerCrashedError>();
  readonly #closing = new Set<Promise<void>>();
  #lastLoss: WorkerCrashedError | undefined;

  constructor(executor: Executor, tell: (fact: Fact) => void) {
    this.#executor = executor;
    this.#tell = tell;
  }

  get count(): number {
    return this.#slots.size;
  }

  /** Why the last slot was lost or did not open. */
  get lastLoss(): WorkerCrashedError | undefined {
    return this.#lastLoss;
  }

  has(slot: SlotId): boolean {
    return this.#slots.has(slot);
  }

  open(slot: SlotId): void {
    this.#slots.set(slot, 0);
    const opening = this.#executor.open(slot, (reason) => {
      this.#lose(slot, reason);
      this.#tell({ type: 'slotLost', slot });
    });
    if (opening === undefined) return this.#tell({ type: 'slotOpened', slot });
    void opening.then(
      () => {
        this.#tell({ type: 'slotOpened', slot });
      },
      (reason: unknown) => {
        const isLasting = reason instanceof LastingFailure;
        this.#lose(slot, isLasting ? reason.reason : (reason as WorkerCrashedError));
        this.#tell({ type: 'slotFailed', slot, isLasting });
      },
    );
  }

  #lose(slot: SlotId, reason: WorkerCrashedError): void {
    this.#lastLoss = reason;
    this.#lost.set(slot, reason);
  }

  /** Why it was lost or did not open, until it is forgotten. */
  lossOf(slot: SlotId): WorkerCrashedError | undefined {
    return this.#lost.get(slot);
  }

  /** Whether it can be given a batch: it may have been lost with the one before, from within the same commands. */
  canRun(slot: SlotId): boolean {
    return !this.#lost.has(slot);
  }

  /** It was lost, or did not open. */
  forget(slot: SlotId): void {
    this.#lost.delete(slot);
    this.#slots.delete(slot);
  }

  close(slot: SlotId): void {
    this.#lost.delete(slot);
    this.#slots.delete(slot);
    const closing = this.#executor.close(slot).finally(() => {
      this.#closing.delete(closing);
    });
    this.#closing.add(closing);
  }

  /** @returns resolves when nothing is left of them, nor of those that were closed before */
  async closeAll(): Promise<void> {
    for (const slot of this.#slots.keys()) this.close(slot);
    await Promise.all(this.#closing);
  }

  /**
   * How long a slot has had the batch that returns, without the executor's overhead: since it was handed
   * over, or since the batch before it returned. Beside what the function takes, that holds what it takes
   * to write and read the elements and the results.
   */
  timeTaken(slot: SlotId, handedOver: Millis): Millis {
    const now = performance.now();
    const since = Math.max(handedOver, this.#slots.get(slot) ?? 0);
    if (this.#slots.has(slot)) this.#slots.set(slot, now);
    return now - since - this.#executor.overhead;
  }
}
