/** Keeps the records of a pool: is told of all that happens there, and decides nothing of it. */
import type { SlotId } from '../../executors/Executor.js';
import { BatchAccount, type Measures, type Sent } from './BatchAccount.js';
import { CallAccount, noCounts, waitingOf } from './CallAccount.js';
import { Histogram } from './Histogram.js';
import { isHeldUp, type CallView } from './idleCause.js';
import type { PoolStats } from './PoolStats.js';
import { WindowWaits } from './WindowWaits.js';
import { WorkerTimes, type Ending } from './WorkerTimes.js';

/** Work for each batch, and none for each element: it is always on. */
export class Telemetry {
  readonly #began = performance.now();
  readonly #totals = noCounts();
  readonly #measures: Measures = {
    workers: new WorkerTimes(),
    wait: new Histogram(),
    run: new Histogram(),
    transfer: new Histogram(),
    reclaimed: 0,
  };
  readonly #windows = new WindowWaits();
  /** Calls in order of which something happened: their windows are looked at. */
  readonly #touched = new Set<CallAccount>();
  #calls = 0;
  #ended = 0;
  #batches = 0;

  read(): PoolStats {
    const now = performance.now();
    const { workers, wait, run, transfer } = this.#measures;
    const { arrived, inFlight, done, failed, cancelled, dropped, retried } = this.#totals;
    const waiting = waitingOf(this.#totals);
    return {
      at: Date.now(),
      age: now - this.#began,
      workers: workers.read(now),
      calls: { open: this.#calls - this.#ended, ended: this.#ended },
      elements: { arrived, waiting, inFlight, done, failed, cancelled, dropped, retried },
      batches: { started: this.#batches, reclaimed: this.#measures.reclaimed },
      times: { wait: wait.read(), run: run.read(), transfer: transfer.read() },
      windowFull: this.#windows.read(now),
    };
  }

  callOpened(id: number, { ordered }: { readonly ordered: boolean }): CallAccount {
    this.#calls++;
    const onChange = (call: CallAccount): void => void this.#touched.add(call);
    return new CallAccount(id, {
      totals: this.#totals,
      onChange: ordered ? onChange : undefined,
      onClosed: () => {
        this.#ended++;
      },
    });
  }

  batchStarted(sent: Sent, call: CallAccount): BatchAccount {
    this.#batches++;
    return new BatchAccount(sent, call, this.#measures);
  }

  workerStarting(slot: SlotId): void {
    this.#measures.workers.start(slot);
  }

  workerOpened(slot: SlotId): void {
    this.#measures.workers.open(slot, performance.now());
  }

  workerEnded(slot: SlotId, how: Ending): void {
    this.#measures.workers.end(slot, how, performance.now());
  }

  /** All at once. */
  workersClosed(): void {
    this.#measures.workers.endAll(performance.now());
  }

  /** Nothing more happens at this moment. */
  settle(look: (call: number) => CallView | undefined): void {
    if (this.#touched.size === 0) return;
    for (const call of this.#touched) {
      const view = look(call.id);
      this.#windows.note(call, view !== undefined && isHeldUp(view), () => performance.now());
    }
    this.#touched.clear();
  }
}
