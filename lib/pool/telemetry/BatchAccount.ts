/** Keeps account of one batch from when it is sent until it has returned, and measures its round. */
import type { BatchId, Millis, Settled, SlotId } from '../../executors/Executor.js';
import { countOf, type Range } from '../../task/ranges.js';
import type { CallAccount } from './CallAccount.js';
import type { EventFeed } from './EventFeed.js';
import type { Histogram } from './Histogram.js';
import type { WorkerTimes } from './WorkerTimes.js';

/** A batch as it is sent. */
export interface Sent {
  readonly batch: BatchId;
  readonly slot: SlotId;
  readonly ranges: readonly Range[];
}

/** Where what is measured is kept. */
export interface Measures {
  readonly workers: WorkerTimes;
  readonly wait: Histogram;
  readonly run: Histogram;
  readonly transfer: Histogram;
  readonly events: EventFeed;
  /** Elements that were taken back. */
  reclaimed: number;
}

export class BatchAccount {
  readonly #measures: Measures;
  /** Whose it is, and which: as events tell it. */
  readonly #names: { readonly batch: BatchId; readonly call: number; readonly worker: SlotId };
  readonly #slot: SlotId;
  readonly #call: CallAccount;
  readonly #sent: Millis = performance.now();
  /** When its elements came: the mean. */
  readonly #arrived: Millis;
  #ended = 0;
  /** Elements that ended without a time of their own. */
  #untimed = 0;

  constructor({ batch, slot, ranges }: Sent, call: CallAccount, measures: Measures) {
    this.#names = { batch, call: call.id, worker: slot };
    this.#slot = slot;
    this.#call = call;
    this.#measures = measures;
    this.#arrived = call.arrivalOf(ranges);
    const count = countOf(ranges);
    call.handOut(count);
    const { events } = measures;
    if (events.isHeard) events.add({ type: 'batchStarted', ...this.#names, count });
    measures.workers.take(slot, this.#sent);
  }

  /** So many were taken back from the worker. */
  takeBack(count: number): void {
    if (count === 0) return;
    this.#call.giveBack(count);
    this.#measures.reclaimed += count;
    const { events } = this.#measures;
    if (events.isHeard) events.add({ type: 'batchReclaimed', ...this.#names, count });
  }

  settled({ values, durations }: Settled): void {
    this.#ended += values.length;
    if (!durations) this.#untimed += values.length;
    else for (const duration of durations) this.#measures.run.add(duration);
  }

  /**
   * @param unstarted elements that were given back with it
   * @param ran how long the worker was at it; 0 if that is not known
   */
  returned(settled: readonly Settled[], unstarted: number, ran: Millis): void {
    for (const some of settled) this.settled(some);
    this.#call.giveBack(unstarted);
    const now = performance.now();
    const { workers, wait, run, transfer, events } = this.#measures;
    if (events.isHeard) {
      events.add({ type: 'batchReturned', ...this.#names, ended: this.#ended, unstarted, ran });
    }
    const began = workers.giveBack(this.#slot, this.#sent, now);
    if (this.#ended === 0) return;
    wait.add(Math.max(0, began - this.#arrived), this.#ended);
    // Else the worker died with it, or could not even read it.
    if (ran === 0) return;
    if (this.#untimed > 0) run.add(ran / this.#ended, this.#untimed);
    transfer.add(Math.max(0, now - began - ran));
  }
}
