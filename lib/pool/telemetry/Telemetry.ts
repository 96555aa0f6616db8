/** Keeps the records of a pool: is told of all that happens there, and decides nothing of it. */
import type { SlotId } from '../../executors/Executor.js';
import { BatchAccount, type CallOfBatch, type Measures, type Sent } from './BatchAccount.js';
import {
  CallAccount,
  elementStats,
  noCounts,
  type AccountHome,
  type CallEnd,
  type Counts,
  type OpenedCall,
} from './CallAccount.js';
import { publishCallEnd } from './diagnostics.js';
import { EventFeed, type EventListener } from './EventFeed.js';
import { Histogram } from './Histogram.js';
import { idleCause, isHeldUp, type CallView } from './idleCause.js';
import type { Happening } from './PoolEvent.js';
import type { PoolStats } from './PoolStats.js';
import { Recordings } from './Recordings.js';
import type { TraceRecording } from './TraceRecording.js';
import { WindowWaits } from './WindowWaits.js';
import { WorkerTimes, type Ending } from './WorkerTimes.js';

interface Traced {
  readonly trace: TraceRecording | undefined;
}

/** What calls wait for, to be looked at when it is needed. */
export interface CallViews {
  one(call: number): CallView | undefined;
  /** Those that are open. */
  all(): CallView[];
}

/** Work for each batch, and none for each element: it is always on. */
export class Telemetry implements AccountHome {
  readonly #began = performance.now();
  readonly totals = noCounts();
  readonly #measures: Measures;
  readonly #windows = new WindowWaits();
  /** Calls in order of which something happened: their windows are looked at. */
  readonly #touched = new Set<CallAccount>();
  #calls = 0;
  #ended = 0;
  #batches = 0;

  /** @param recording of all calls */
  constructor(recording?: TraceRecording) {
    const workers = new WorkerTimes();
    this.#measures = {
      workers,
      wait: new Histogram(),
      run: new Histogram(),
      transfer: new Histogram(),
      events: new EventFeed(),
      recordings: new Recordings(workers, recording),
      reclaimed: 0,
    };
  }

  read(): PoolStats {
    const now = performance.now();
    const { workers, wait, run, transfer } = this.#measures;
    return {
      at: performance.timeOrigin + now,
      age: now - this.#began,
      workers: workers.read(now),
      calls: { open: this.#calls - this.#ended, ended: this.#ended },
      elements: elementStats(this.totals),
      batches: { started: this.#batches, reclaimed: this.#measures.reclaimed },
      times: { wait: wait.read(), run: run.read(), transfer: transfer.read() },
      windowFull: this.#windows.read(now),
    };
  }

  /** Tells of what happens from now on, until the pool is closed. @returns what ends it */
  subscribe(listener: EventListener): () => void {
    return this.#measures.events.subscribe(listener);
  }

  callOpened(id: number, opened: OpenedCall & Traced): CallAccount {
    const { events, recordings } = this.#measures;
    const account = new CallAccount(id, opened, this);
    account.recordings = recordings.open(account, opened.trace);
    this.#calls++;
    if (!events.isHeard) return account;
    const { concurrency } = opened;
    events.add({ type: 'callStarted', call: id, name: account.name, concurrency });
    return account;
  }

  /** Told by an account. */
  changed(call: CallAccount, name: keyof Counts, count: number): void {
    const { events } = this.#measures;
    if (call.opened?.ordered) this.#touched.add(call);
    const type = EVENTS[name];
    if (type && events.isHeard) events.add({ type, call: call.id, count });
  }

  /** Told by an account. */
  closed(call: CallAccount, how: CallEnd): void {
    const { events, recordings } = this.#measures;
    this.#ended++;
    recordings.close(call, call.recordings);
    publishCallEnd(call, how);
    if (!events.isHeard) return;
    const elements = Object.freeze(elementStats(call.counts));
    events.add({ type: 'callEnded', call: call.id, how, elements });
  }

  batchStarted(sent: Sent, call: CallOfBatch): BatchAccount {
    this.#batches++;
    return new BatchAccount(sent, call, this.#measures);
  }

  workerStarting(worker: SlotId): void {
    const { workers, events, recordings } = this.#measures;
    workers.start(worker);
    if (events.isHeard) events.add({ type: 'workerStarting', worker });
    recordings.tell((one, now) => {
      one.workerStarting(worker, now);
    });
  }

  workerOpened(worker: SlotId): void {
    const { workers, events, recordings } = this.#measures;
    workers.open(worker, performance.now());
    if (events.isHeard) events.add({ type: 'workerOpened', worker });
    recordings.tell((one, now) => {
      one.workerOpened(worker, now);
    });
  }

  /** @param reason of one that crashed, or did not start */
  workerEnded(worker: SlotId, how: Ending, reason = ''): void {
    const { workers, events, recordings } = this.#measures;
    workers.end(worker, how, performance.now());
    if (events.isHeard) events.add(endOf(worker, how, reason));
    recordings.tell((one, now) => {
      one.workerEnded(worker, how, now);
    });
  }

  /** All workers are closed with the pool. */
  poolClosing(): void {
    for (const { worker } of this.#measures.workers.present) {
      this.workerEnded(worker, 'pool closed');
    }
  }

  /** Nothing of the pool is left. */
  poolClosed(): void {
    this.#measures.recordings.closeAll();
    this.#measures.events.complete();
  }

  /** Nothing more happens at this moment. */
  settle(calls: CallViews): void {
    if (this.#measures.recordings.areOn) this.#recordIdle(calls);
    if (this.#touched.size === 0) return;
    for (const call of this.#touched) {
      const view = calls.one(call.id);
      this.#windows.note(call, view !== undefined && isHeldUp(view), () => performance.now());
    }
    this.#touched.clear();
  }

  #recordIdle(calls: CallViews): void {
    const { workers, recordings } = this.#measures;
    const { idle } = workers;
    if (idle.size === 0) return;
    const cause = idleCause(calls.all());
    recordings.tell((one, now) => {
      one.workersIdle(idle, cause, now);
    });
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

function endOf(worker: number, how: Ending, reason: string): Happening {
  if (how === 'crashed') return { type: 'workerCrashed', worker, reason };
  if (how === 'failed to start') return { type: 'workerFailed', worker, reason };
  return { type: 'workerClosed', worker, reason: how };
}
