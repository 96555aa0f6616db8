/** Records what happens in a pool into the data of a trace, in bounded memory. */
import type { Millis, SlotId } from '../../executors/Executor.js';
import type {
  IdleSpan,
  Trace,
  TracedBatch,
  TracedCall,
  TracedElement,
  TracedReclaim,
  TracedWorker,
} from '../../trace/Trace.js';
import type { CallAccount } from './CallAccount.js';
import { IdleSpans } from './IdleSpans.js';
import { Ring } from './Ring.js';
import type { Try } from './TriesOfBatch.js';
import type { Ending } from './WorkerTimes.js';

/** What is recorded with `trace`. */
export interface Recording {
  /**
   * What was recorded until now; can be called at any time and any number of times. While nothing was recorded yet,
   * it is empty.
   */
  read(): Trace;
}

/** A worker that is there when a recording begins. */
export interface PresentWorker {
  readonly worker: SlotId;
  readonly isReady: boolean;
}

type Draft<T> = { -readonly [Name in keyof T]: T[Name] };
interface CallDraft {
  readonly account: CallAccount;
  readonly start: Millis;
  end: Millis | undefined;
}

/** Workers that have ended, of which elements may be told yet. */
const MOST_ENDS = 100;

/** All times that it is told are of `performance.now()`. */
export class TraceRecording implements Recording {
  readonly #elements: Ring<TracedElement>;
  readonly #batches: Ring<Draft<TracedBatch>>;
  readonly #reclaims: Ring<TracedReclaim>;
  /** Those that have ended; the others are kept in any case. */
  readonly #calls: Ring<CallDraft>;
  readonly #idle: IdleSpans;
  /** The same. */
  readonly #workers: Ring<Draft<TracedWorker>>;
  readonly #alive = new Map<SlotId, Draft<TracedWorker>>();
  /** When the last workers ended that did. */
  readonly #ends = new Map<SlotId, Millis>();
  /** Batches that are on a worker. */
  readonly #inFlight = new Map<number, Draft<TracedBatch>>();
  /** Its workers' numbers mean something in one pool only. */
  #pool: object | undefined;
  #resumed: Millis = 0;
  #began: Millis | undefined;
  /** When it was over for now; undefined while it is on. */
  #ended: Millis | undefined;
  readonly #openCalls = new Map<CallAccount, CallDraft>();

  /** Also of what pretends to be one. */
  static is(given: unknown): given is TraceRecording {
    return typeof given === 'object' && given !== null && #elements in given;
  }

  constructor(limit: number) {
    this.#elements = new Ring(limit);
    this.#batches = new Ring(limit);
    this.#reclaims = new Ring(limit);
    this.#calls = new Ring(limit);
    this.#workers = new Ring(limit);
    this.#idle = new IdleSpans(limit);
  }

  read(): Trace {
    const now = this.#ended ?? performance.now();
    const began = this.#began ?? now;
    const calls = [...this.#calls.toArray(), ...this.#openCalls.values()];
    calls.sort((a, b) => a.account.id - b.account.id);
    const workers = [...this.#workers.toArray(), ...this.#alive.values()];
    workers.sort((a, b) => a.id - b.id);
    const [callIds, workerIds] = [
      new Set(calls.map(({ account }) => account.id)),
      new Set(workers.map(({ id }) => id)),
    ];
    // What is left of calls and workers that had to go would be of use to nobody.
    const isKept = (one: { call?: number; worker: number }): boolean =>
      (one.call === undefined || callIds.has(one.call)) && workerIds.has(one.worker);
    const elements = copies(this.#elements.toArray().filter(isKept));
    const batches = this.#batches.toArray().filter(isKept);
    const all = [this.#elements, this.#batches, this.#calls, this.#workers];
    const kept = elements.length + batches.length + this.#calls.size + this.#workers.size;
    return {
      version: 1,
      startedAt: performance.timeOrigin + began,
      duration: now - began,
      calls: calls.map(readCall),
      workers: copies(workers),
      elements: elements.sort((a, b) => a.end - b.end),
      batches: copies(batches),
      reclaims: copies(this.#reclaims.toArray().filter(isKept)),
      idle: copies(this.#idle.read(now - began).filter(isKept)),
      omitted: all.reduce((sum, ring) => sum + ring.added, 0) - kept,
    };
  }

  /** Whether a call of those that it is for is open, or a worker is still at what one has left when it was cancelled. */
  get isAwaiting(): boolean {
    return this.#openCalls.size > 0 || this.#inFlight.size > 0;
  }

  /**
   * @param caller as the message shall name it
   * @param pool whose it is from now on
   * @throws TypeError when it is another's
   */
  belongTo(caller: string, pool: object): void {
    if ((this.#pool ??= pool) === pool) return;
    throw new TypeError(
      `${caller}: trace belongs to another pool. Make a recording for each: trace()`,
    );
  }

  /** Recording begins, or goes on. @param present the workers that there are */
  resume(present: readonly PresentWorker[], now: Millis): void {
    this.#began ??= now;
    this.#resumed = now;
    this.#ended = undefined;
    const known = new Set(present.map(({ worker }) => worker));
    for (const id of [...this.#alive.keys()]) if (!known.has(id)) this.workerEnded(id, 'idle', now);
    for (const { worker, isReady } of present) {
      if (!this.#alive.has(worker)) this.workerStarting(worker, now);
      if (!isReady) this.#idle.begin(worker, 'starting', this.#since(now));
      else if (this.#alive.get(worker)!.ready === undefined) this.workerOpened(worker, now);
    }
  }

  /** Nothing more is recorded for now. */
  pause(now: Millis): void {
    this.#ended = now;
    this.#idle.endAll(this.#since(now));
  }

  callOpened(account: CallAccount, now: Millis): void {
    const call: CallDraft = { account, start: this.#since(now), end: undefined };
    this.#openCalls.set(account, call);
  }

  callClosed(account: CallAccount, now: Millis): void {
    const call = this.#openCalls.get(account)!;
    call.end = this.#since(now);
    this.#openCalls.delete(account);
    this.#calls.add(call);
  }

  workerStarting(id: SlotId, now: Millis): void {
    const start = this.#since(now);
    const worker: Draft<TracedWorker> = { id, start };
    this.#alive.set(id, worker);
    this.#idle.begin(id, 'starting', start);
  }

  workerOpened(id: SlotId, now: Millis): void {
    const worker = this.#alive.get(id);
    if (worker) worker.ready = this.#since(now);
    this.#idle.end(id, this.#since(now));
  }

  workerEnded(id: SlotId, how: Ending, now: Millis): void {
    const worker = this.#alive.get(id);
    if (!worker) return;
    worker.end = this.#since(now);
    worker.ending = how === 'idle' || how === 'recycled' || how === 'pool closed' ? 'closed' : how;
    this.#alive.delete(id);
    this.#workers.add(worker);
    this.#ends.set(id, worker.end);
    if (this.#ends.size > MOST_ENDS) this.#ends.delete([...this.#ends.keys()][0]!);
    this.#idle.end(id, worker.end);
  }

  /** A worker gets something to run, of whatever call. */
  workerBusy(id: SlotId, now: Millis): void {
    this.#idle.end(id, this.#since(now));
  }

  /** These have nothing to run since then, for this cause. */
  workersIdle(idle: ReadonlyMap<SlotId, Millis>, cause: IdleSpan['cause'], now: Millis): void {
    for (const [id, since] of idle) {
      const from = this.#since(Math.max(since, this.#resumed));
      this.#idle.note(id, cause, from, this.#since(now));
    }
  }

  batchStarted(batch: Omit<TracedBatch, 'ran'>): void {
    const draft = { ...batch, sent: this.#since(batch.sent), ran: 0 };
    this.#batches.add(draft);
    this.#inFlight.set(batch.id, draft);
  }

  batchReclaimed({ at, ...reclaim }: TracedReclaim): void {
    this.#reclaims.add({ ...reclaim, at: this.#since(at) });
  }

  batchReturned(id: number, ran: Millis, now: Millis): void {
    const batch = this.#inFlight.get(id);
    this.#inFlight.delete(id);
    if (!batch) return;
    batch.returned = this.#since(now);
    batch.ran = ran;
  }

  tried(tries: readonly Try[]): void {
    // Written out: to spread an object takes longer than all the rest.
    for (const { call, index, worker, batch, attempt, start, end, outcome } of tries) {
      // What ended with its worker is told of a moment later.
      const last = this.#ends.get(worker) ?? Infinity;
      const from = Math.min(this.#since(start), last);
      const to = Math.min(this.#since(end), last);
      this.#elements.add({ call, index, worker, batch, attempt, start: from, end: to, outcome });
    }
  }

  #since(now: Millis): Millis {
    return now - this.#began!;
  }
}

/** So that what is done to a trace changes nothing in others. */
function copies<T extends object>(records: readonly T[]): T[] {
  return records.map((record) => ({ ...record }));
}

function readCall({ account, start, end }: CallDraft): TracedCall {
  const { id, name, opened } = account;
  const { arrived, done, failed, cancelled, dropped, retried } = account.counts;
  const { concurrency = 1, perWorker = 1 } = opened ?? {};
  return {
    ...{ id, name, concurrency, perWorker, start, end },
    ...{ arrived, done, failed, cancelled, dropped, retried },
  };
}
