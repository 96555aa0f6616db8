/** Keeps account of one batch from when it is sent until it has returned, and measures its round. */
import type { BatchId, Millis, Settled, SlotId } from '../../executors/Executor.js';
import { countOf, type Range } from '../../task/ranges.js';
import type { CallAccount } from './CallAccount.js';
import { elementsAreHeard, publishTries } from './diagnostics.js';
import type { EventFeed } from './EventFeed.js';
import type { Histogram } from './Histogram.js';
import type { Recordings } from './Recordings.js';
import type { TraceRecording } from './TraceRecording.js';
import { TriesOfBatch, type Try } from './TriesOfBatch.js';
import type { Worker, WorkerTimes } from './WorkerTimes.js';

/** A batch as it is sent. */
export interface Sent {
  readonly batch: BatchId;
  readonly slot: SlotId;
  readonly ranges: readonly Range[];
}

/** Whose batch it is. */
export interface CallOfBatch {
  readonly account: CallAccount;
  /** Which try of an element is next, from 1. */
  attemptOf(index: number): number;
}

/** Where what is measured is kept. */
export interface Measures {
  readonly workers: WorkerTimes;
  readonly wait: Histogram;
  readonly run: Histogram;
  readonly transfer: Histogram;
  readonly events: EventFeed;
  readonly recordings: Recordings;
  /** Elements that were taken back. */
  reclaimed: number;
}

export class BatchAccount {
  readonly #measures: Measures;
  readonly #sent: Sent;
  readonly #call: CallAccount;
  readonly #worker: Worker | undefined;
  readonly #sentAt: Millis = performance.now();
  /** When its elements came: the mean. */
  readonly #arrivedAt: Millis;
  /** Those that record it. */
  readonly #recordings: readonly TraceRecording[];
  readonly #tries: TriesOfBatch | undefined;
  #ended = 0;
  /** Elements that ended without a time of their own. */
  #untimed = 0;

  constructor(sent: Sent, call: CallOfBatch, measures: Measures) {
    const { account } = call;
    const { slot: worker, ranges } = sent;
    this.#sent = sent;
    this.#call = account;
    this.#measures = measures;
    this.#arrivedAt = account.arrivalOf(ranges);
    const count = countOf(ranges);
    account.handOut(count);
    this.#worker = measures.workers.take(worker, this.#sentAt);
    if (measures.events.isHeard) {
      measures.events.add({ type: 'batchStarted', ...this.#names, count });
    }
    if (measures.recordings.areOn) this.#record(count);
    this.#recordings = account.recordings;
    if (this.#recordings.length > 0 || elementsAreHeard()) {
      const attemptOf = (index: number): number => call.attemptOf(index);
      this.#tries = new TriesOfBatch({ ...sent, call: account.id, attemptOf }, this.#sentAt);
    }
  }

  #record(count: number): void {
    const { batch: id, call, worker } = this.#names;
    this.#measures.recordings.tell((recording, now) => {
      recording.workerBusy(worker, now);
    });
    for (const one of this.#call.recordings) {
      one.batchStarted({ id, call, worker, count, sent: this.#sentAt });
    }
  }

  /** Whether it is to be measured when each of its elements starts. */
  get wantsTimes(): boolean {
    return this.#tries !== undefined;
  }

  /** So many were taken back from the worker. */
  takeBack(count: number): void {
    if (count === 0) return;
    const { events } = this.#measures;
    const { batch, slot: worker } = this.#sent;
    this.#call.giveBack(count);
    this.#measures.reclaimed += count;
    if (events.isHeard) events.add({ type: 'batchReclaimed', ...this.#names, count });
    for (const one of this.#recordings) {
      one.batchReclaimed({ batch, worker, count, at: performance.now() });
    }
  }

  settled(settled: Settled): void {
    const { values, durations } = settled;
    this.#ended += values.length;
    if (!durations) this.#untimed += values.length;
    else for (const duration of durations) this.#measures.run.add(duration);
    if (this.#tries) this.#tellOfTries(this.#tries, settled);
  }

  /**
   * @param unstarted elements that were given back with it
   * @param ran how long the worker was at it; 0 if that is not known
   */
  returned(settled: readonly Settled[], unstarted: number, ran: Millis): void {
    for (const some of settled) this.settled(some);
    this.#call.giveBack(unstarted);
    const now = performance.now();
    const { workers, events } = this.#measures;
    const began = this.#begin;
    if (this.#worker) workers.giveBack(this.#sent.slot, this.#worker, now);
    if (events.isHeard) {
      events.add({ type: 'batchReturned', ...this.#names, ended: this.#ended, unstarted, ran });
    }
    this.#measures.recordings.batchReturned(this.#recordings, this.#sent.batch, ran, now);
    this.#measure(began, ran, now);
  }

  #measure(began: Millis, ran: Millis, now: Millis): void {
    const { wait, run, transfer } = this.#measures;
    if (this.#ended === 0) return;
    wait.add(Math.max(0, began - this.#arrivedAt), this.#ended);
    // Else the worker died with it, or could not even read it.
    if (ran === 0) return;
    if (this.#untimed > 0) run.add(ran / this.#ended, this.#untimed);
    transfer.add(Math.max(0, now - began - ran));
  }

  #tellOfTries(of: TriesOfBatch, settled: Settled): void {
    of.waitUntil(this.#begin);
    const tries: readonly Try[] = of.read(settled, performance.now(), this.#call.isOver);
    for (const one of this.#recordings) one.tried(tries);
    if (elementsAreHeard()) publishTries(this.#call.message, tries);
  }

  /** When its worker began with it: when it was sent, or else when it was through with those before. */
  get #begin(): Millis {
    const isBeside = (this.#call.opened?.perWorker ?? 1) > 1;
    return isBeside ? this.#sentAt : Math.max(this.#sentAt, this.#worker?.returnedAt ?? 0);
  }

  /** Which it is, as events tell it. */
  get #names(): { readonly batch: BatchId; readonly call: number; readonly worker: SlotId } {
    const { batch, slot: worker } = this.#sent;
    return { batch, call: this.#call.id, worker };
  }
}
