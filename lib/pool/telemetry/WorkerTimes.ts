/** Keeps account of a pool's workers: how many there are, how many are at work, and for how long. */
import type { Millis, SlotId } from '../../executors/Executor.js';
import type { WorkerStats } from './PoolStats.js';
import type { PresentWorker } from './TraceRecording.js';

export interface Worker {
  /** Undefined until it is ready. */
  openedAt: Millis | undefined;
  /** Batches that it has. */
  batches: number;
  /** Since when it has any. */
  busySince: Millis;
  /** When a batch of its last returned. */
  returnedAt: Millis;
}

/** How a worker ended. */
export type Ending =
  'idle' | 'recycled' | 'overdue' | 'pool closed' | 'crashed' | 'failed to start';

export class WorkerTimes {
  readonly #workers = new Map<SlotId, Worker>();
  #alive = 0;
  #busy = 0;
  /** Of workers that have ended. */
  #aliveTime: Millis = 0;
  /** Of stretches that are over. */
  #busyTime: Millis = 0;
  #opened = 0;
  readonly #ended: Record<Ending, number> = {
    idle: 0,
    recycled: 0,
    overdue: 0,
    'pool closed': 0,
    crashed: 0,
    'failed to start': 0,
  };

  start(slot: SlotId): void {
    this.#workers.set(slot, { openedAt: undefined, batches: 0, busySince: 0, returnedAt: 0 });
  }

  open(slot: SlotId, now: Millis): void {
    const worker = this.#workers.get(slot);
    if (!worker) return;
    worker.openedAt = now;
    this.#alive++;
    this.#opened++;
  }

  end(slot: SlotId, how: Ending, now: Millis): void {
    const worker = this.#workers.get(slot);
    if (!worker) return;
    this.#workers.delete(slot);
    this.#ended[how]++;
    if (worker.openedAt === undefined) return;
    this.#alive--;
    this.#aliveTime += now - worker.openedAt;
    if (worker.batches > 0) this.#rest(worker, now);
  }

  /** @returns the worker, to be told when that batch has returned; undefined if it is none of the pool's any more */
  take(slot: SlotId, now: Millis): Worker | undefined {
    const worker = this.#workers.get(slot);
    if (worker?.batches === 0) {
      this.#busy++;
      worker.busySince = now;
    }
    if (worker) worker.batches++;
    return worker;
  }

  /** A batch has returned. */
  giveBack(slot: SlotId, worker: Worker, now: Millis): void {
    worker.returnedAt = now;
    worker.batches--;
    if (worker.batches === 0 && this.#workers.has(slot)) this.#rest(worker, now);
  }

  /** Those that have nothing to run, and since when. */
  get idle(): Map<SlotId, Millis> {
    const idle = new Map<SlotId, Millis>();
    for (const [slot, { openedAt, batches, returnedAt }] of this.#workers) {
      if (openedAt !== undefined && batches === 0) idle.set(slot, Math.max(openedAt, returnedAt));
    }
    return idle;
  }

  /** Those that there are, or that are on their way. */
  get present(): PresentWorker[] {
    return Array.from(this.#workers, ([worker, { openedAt }]) => {
      return { worker, isReady: openedAt !== undefined };
    });
  }

  read(now: Millis): WorkerStats {
    let [aliveTime, busyTime] = [this.#aliveTime, this.#busyTime];
    for (const { openedAt, batches, busySince } of this.#workers.values()) {
      if (openedAt !== undefined) aliveTime += now - openedAt;
      if (batches > 0) busyTime += now - busySince;
    }
    return {
      starting: this.#workers.size - this.#alive,
      alive: this.#alive,
      busy: this.#busy,
      opened: this.#opened,
      crashed: this.#ended.crashed,
      failedToStart: this.#ended['failed to start'],
      overdue: this.#ended.overdue,
      recycled: this.#ended.recycled,
      aliveTime,
      busyTime,
      utilisation: aliveTime === 0 ? 0 : busyTime / aliveTime,
    };
  }

  #rest(worker: Worker, now: Millis): void {
    this.#busy--;
    this.#busyTime += now - worker.busySince;
  }
}
