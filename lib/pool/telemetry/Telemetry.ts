/** Keeps the records of a pool: is told of all that happens there, and decides nothing of it. */
import type { SlotId } from '../../executors/Executor.js';
import type { PreparedTask } from '../../task/prepareTask.js';
import { BatchAccount, type Measures, type Sent } from './BatchAccount.js';
import { CallAccount, elementStats, noCounts } from './CallAccount.js';
import { EventFeed, type EventListener } from './EventFeed.js';
import { Histogram } from './Histogram.js';
import { isHeldUp, type CallView } from './idleCause.js';
import type { Happening } from './PoolEvent.js';
import type { PoolStats } from './PoolStats.js';
import { WindowWaits } from './WindowWaits.js';
import { WorkerTimes, type Ending } from './WorkerTimes.js';

/** A call as it begins. */
export interface Opened {
  readonly ordered: boolean;
  readonly task: PreparedTask;
  readonly concurrency: number;
}

/** Work for each batch, and none for each element: it is always on. */
export class Telemetry {
  readonly #began = performance.now();
  readonly #totals = noCounts();
  readonly #measures: Measures = {
    workers: new WorkerTimes(),
    wait: new Histogram(),
    run: new Histogram(),
    transfer: new Histogram(),
    events: new EventFeed(),
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
    return {
      at: performance.timeOrigin + now,
      age: now - this.#began,
      workers: workers.read(now),
      calls: { open: this.#calls - this.#ended, ended: this.#ended },
      elements: elementStats(this.#totals),
      batches: { started: this.#batches, reclaimed: this.#measures.reclaimed },
      times: { wait: wait.read(), run: run.read(), transfer: transfer.read() },
      windowFull: this.#windows.read(now),
    };
  }

  /** Tells of what happens from now on, until the pool is closed. @returns what ends it */
  subscribe(listener: EventListener): () => void {
    return this.#measures.events.subscribe(listener);
  }

  callOpened(id: number, { ordered, task, concurrency }: Opened): CallAccount {
    this.#calls++;
    const { events } = this.#measures;
    if (events.isHeard) {
      events.add({ type: 'callStarted', call: id, name: nameOf(task), concurrency });
    }
    return new CallAccount(id, {
      totals: this.#totals,
      onChange: (call, name, count) => {
        if (ordered) this.#touched.add(call);
        const type = EVENTS[name];
        if (type && events.isHeard) events.add({ type, call: id, count });
      },
      onClosed: ({ counts }, how) => {
        this.#ended++;
        if (!events.isHeard) return;
        events.add({ type: 'callEnded', call: id, how, elements: elementStats(counts) });
      },
    });
  }

  batchStarted(sent: Sent, call: CallAccount): BatchAccount {
    this.#batches++;
    return new BatchAccount(sent, call, this.#measures);
  }

  workerStarting(worker: SlotId): void {
    const { workers, events } = this.#measures;
    workers.start(worker);
    if (events.isHeard) events.add({ type: 'workerStarting', worker });
  }

  workerOpened(worker: SlotId): void {
    const { workers, events } = this.#measures;
    workers.open(worker, performance.now());
    if (events.isHeard) events.add({ type: 'workerOpened', worker });
  }

  workerEnded(worker: SlotId, how: Ending): void {
    const { workers, events } = this.#measures;
    workers.end(worker, how, performance.now());
    if (events.isHeard) events.add(endOf(worker, how));
  }

  /** All workers are closed with the pool. */
  poolClosing(): void {
    for (const worker of this.#measures.workers.slots) this.workerEnded(worker, 'pool closed');
  }

  /** Nothing of the pool is left. */
  poolClosed(): void {
    this.#measures.events.complete();
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

const EVENTS = {
  arrived: 'elementsArrived',
  inFlight: undefined,
  done: 'elementsDone',
  failed: 'elementsFailed',
  cancelled: 'elementsCancelled',
  dropped: 'elementsDropped',
  retried: 'elementsRetried',
} as const;

function endOf(worker: number, how: Ending): Happening {
  if (how === 'crashed') return { type: 'workerCrashed', worker };
  if (how === 'failed to start') return { type: 'workerFailed', worker };
  return { type: 'workerClosed', worker, reason: how };
}

function nameOf({ source, fn }: PreparedTask): string {
  const name: unknown = source.kind === 'inline' ? fn?.name : source.name;
  return typeof name === 'string' ? name : '';
}
