/** An executor that does only what a spec tells it to, one step after the other. */
import { WorkerCrashedError, type ParallelError } from '../../lib/errors.js';
import {
  failed,
  type Batch,
  type BatchId,
  type BatchObserver,
  type Executor,
  type Settled,
  type SlotId,
} from '../../lib/executors/Executor.js';

interface InFlight {
  readonly batch: Batch;
  readonly observer: BatchObserver;
}

interface Slot {
  readonly opened: () => void;
  readonly failed: (reason: unknown) => void;
  readonly lost: (reason: WorkerCrashedError) => void;
  /** The batch that runs, then the one that waits for it. */
  readonly inFlight: InFlight[];
  isOpening: boolean;
  hasVanished: boolean;
  /** Resolves what `close` gave. */
  closed?: () => void;
}

export class ManualExecutor implements Executor {
  /** Milliseconds; with 0, each batch is of one element. */
  readonly overhead: number;
  readonly keepsClosures = true;
  /** What the pool commanded, in order: `open 0`, `run 0: 3`, `reclaim 0`, `abort 0`, `close 0`. */
  readonly log: string[] = [];
  /** The batches that it was given, in order. */
  readonly batches: Batch[] = [];
  /** For each reclaim, the position of the first element that is taken back. */
  readonly reclaimFrom: number[] = [];
  readonly #closesAtOnce: boolean;
  readonly #slots = new Map<SlotId, Slot>();

  /** @param closesAtOnce else a slot closes, and its batches return, by `closed` */
  constructor({ overhead = 0, closesAtOnce = true } = {}) {
    this.overhead = overhead;
    this.#closesAtOnce = closesAtOnce;
  }

  setUp(): void {
    // Its slots begin with nothing.
  }

  open(slot: SlotId, lost: (reason: WorkerCrashedError) => void): Promise<void> {
    this.log.push(`open ${slot}`);
    return new Promise((opened, failed) => {
      this.#slots.set(slot, {
        opened,
        failed,
        lost,
        inFlight: [],
        isOpening: true,
        hasVanished: false,
      });
    });
  }

  run(slot: SlotId, batch: Batch, observer: BatchObserver): void {
    const places = batch.ranges.map(({ start, end }) =>
      end - start > 2 ? `${start}-${end - 1}` : end - start === 2 ? `${start},${start + 1}` : start,
    );
    this.log.push(`run ${slot}: ${places.join()}`);
    this.batches.push(batch);
    this.#slots.get(slot)!.inFlight.push({ batch, observer });
  }

  reclaim(slot: SlotId, batch: BatchId): number {
    this.log.push(`reclaim ${slot}`);
    const { inFlight } = this.#slots.get(slot)!;
    const known = inFlight.find((one) => one.batch.id === batch);
    return this.reclaimFrom.shift() ?? known?.batch.values.length ?? Infinity;
  }

  forget(): void {
    this.log.push('forget');
  }

  abort(slot: SlotId): void {
    this.log.push(`abort ${slot}`);
  }

  close(slot: SlotId): Promise<void> {
    this.log.push(`close ${slot}`);
    const closing = new Promise<void>((closed) => (this.#slots.get(slot)!.closed = closed));
    if (this.#closesAtOnce) this.closed(slot);
    return closing;
  }

  /** A slot that was to close has. */
  closed(slot: SlotId): void {
    this.#returnAll(slot, []);
    const { failed, closed } = this.#slots.get(slot)!;
    failed(new WorkerCrashedError(undefined));
    this.#slots.delete(slot);
    closed!();
  }

  /** The slot is ready. Resolves when the pool knows. */
  async opened(slot: SlotId): Promise<void> {
    const opening = this.#slots.get(slot)!;
    opening.isOpening = false;
    opening.opened();
    await Promise.resolve();
  }

  /** The slot cannot be had. Resolves when the pool knows. */
  async failed(slot: SlotId, reason: unknown): Promise<void> {
    this.#slots.get(slot)!.failed(reason);
    await Promise.resolve();
  }

  /** The slot is gone; its first batch returns with the reason for what was running, if anything was. */
  lost(slot: SlotId, reason: WorkerCrashedError, wasRunning = true): void {
    this.#slots.get(slot)!.lost(reason);
    this.#returnAll(slot, wasRunning ? failed([{ position: 0, reason }]) : []);
  }

  /** The slot is gone, and has not returned its batches yet. */
  vanished(slot: SlotId, reason: WorkerCrashedError): void {
    const vanishing = this.#slots.get(slot)!;
    vanishing.hasVanished = true;
    vanishing.lost(reason);
  }

  /** Each slot does what is next for it: it opens, ends a batch, returns what it had when it vanished, or closes. */
  goOn(): void {
    for (const [id, { isOpening, hasVanished, closed, inFlight }] of this.#slots) {
      if (closed) this.closed(id);
      else if (hasVanished) this.#returnAll(id, []);
      else if (isOpening) void this.opened(id);
      else if (inFlight.length > 0) this.finish(id);
    }
  }

  /** The next elements of the first batch end, while it goes on. */
  settle(slot: SlotId, from: number, to: number): void {
    const { batch, observer } = this.#slots.get(slot)!.inFlight[0]!;
    observer.settled(fulfilled(batch, from, to));
  }

  /**
   * The first batch on the slot ends, each element with its own value as the result.
   *
   * @param from position of the first that was not settled before
   * @param to position of the first that was taken back, if any
   * @param busy milliseconds that it took
   */
  finish(slot: SlotId, { from = 0, to = Infinity, busy = 1 } = {}): void {
    const { batch } = this.#slots.get(slot)!.inFlight[0]!;
    this.#return(slot, [fulfilled(batch, from, to)], busy);
  }

  /** The first element of the first batch on the slot fails. */
  fail(slot: SlotId, reason: ParallelError): void {
    this.#return(slot, failed([{ position: 0, reason }]));
  }

  /** The first batch on the slot ends without having started. */
  giveBack(slot: SlotId): void {
    this.#return(slot, []);
  }

  #returnAll(slot: SlotId, settled: readonly Settled[]): void {
    const count = this.#slots.get(slot)?.inFlight.length ?? 0;
    for (let nth = 0; nth < count; nth++) this.#return(slot, nth === 0 ? settled : []);
  }

  #return(slot: SlotId, settled: readonly Settled[], busy = 1): void {
    this.#slots.get(slot)?.inFlight.shift()?.observer.returned(settled, busy);
  }
}

function fulfilled({ values, settled }: Batch, from: number, to: number): Settled {
  const ended = Array.from<unknown>(values).slice(from, to);
  const durations = settled ? ended.map(() => 1) : undefined;
  return { from, values: ended, failures: [], durations };
}
