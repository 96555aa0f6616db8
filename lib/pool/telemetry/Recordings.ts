/** Which recordings are on in a pool: each while workers are at a call that it is for, or as long as the pool is there. */
import type { BatchId, Millis } from '../../executors/Executor.js';
import type { CallAccount } from './CallAccount.js';
import type { TraceRecording } from './TraceRecording.js';
import type { WorkerTimes } from './WorkerTimes.js';

export class Recordings {
  readonly #workers: WorkerTimes;
  /** The one that is for all calls. */
  readonly #own: TraceRecording | undefined;
  readonly #on = new Set<TraceRecording>();

  constructor(workers: WorkerTimes, own: TraceRecording | undefined) {
    this.#workers = workers;
    this.#own = own;
    if (own) this.#turnOn(own, performance.now());
  }

  /** Whether any is. */
  get areOn(): boolean {
    return this.#on.size > 0;
  }

  /** A call begins. @returns the recordings that it is in */
  open(account: CallAccount, given: TraceRecording | undefined): readonly TraceRecording[] {
    if (!this.#own && !given) return NONE;
    const now = performance.now();
    const all = [...new Set([this.#own, given])].filter((one) => one !== undefined);
    for (const one of all) this.#turnOn(one, now);
    for (const one of all) one.callOpened(account, now);
    return all;
  }

  close(account: CallAccount, all: readonly TraceRecording[]): void {
    for (const one of all) {
      one.callClosed(account, performance.now());
      this.#turnOffIfDone(one);
    }
  }

  /** A batch of a call has returned, which may have ended before. */
  batchReturned(all: readonly TraceRecording[], batch: BatchId, ran: Millis, now: Millis): void {
    for (const one of all) {
      one.batchReturned(batch, ran, now);
      this.#turnOffIfDone(one);
    }
  }

  /** Tells those that are on, if any. */
  tell(what: (recording: TraceRecording, now: Millis) => void): void {
    if (this.#on.size === 0) return;
    const now = performance.now();
    for (const one of this.#on) what(one, now);
  }

  closeAll(): void {
    for (const one of this.#on) this.#turnOff(one);
  }

  #turnOn(recording: TraceRecording, now: Millis): void {
    if (this.#on.has(recording)) return;
    recording.resume(this.#workers.present, now);
    this.#on.add(recording);
  }

  #turnOffIfDone(recording: TraceRecording): void {
    if (recording !== this.#own && !recording.isAwaiting) this.#turnOff(recording);
  }

  #turnOff(recording: TraceRecording): void {
    if (this.#on.delete(recording)) recording.pause(performance.now());
  }
}

const NONE: readonly TraceRecording[] = [];
