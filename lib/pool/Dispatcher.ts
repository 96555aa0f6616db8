/** Carries out what the scheduler commands on an executor, and tells it what happened. */
import type { Transferable } from 'node:worker_threads';
import { PoolClosedError, WorkerCrashedError } from '../errors.js';
import {
  failed,
  LastingFailure,
  type BatchObserver,
  type Executor,
  type Millis,
} from '../executors/Executor.js';
import type { BatchId, Command, Fact, LaneId, SlotId } from '../scheduler/facts.js';
import { Scheduler } from '../scheduler/Scheduler.js';
import { BatchProgress } from './BatchProgress.js';
import { Lane, type LaneObserver, type LaneOptions } from './Lane.js';

/**
 * How long a cancelled element may go on before its worker is replaced, in milliseconds. Starting a
 * worker anew takes 30 to 60, so a function that ends within the grace is cheaper to wait for; and
 * who calls again waits no longer than a person takes for instant.
 */
const ABORT_GRACE: Millis = 200;

/** Tasks whose pace is kept from one call to the next, those that were used last: some MB of source. */
const REMEMBERED_TASKS = 1000;

export interface DispatcherOptions {
  readonly executor: Executor;
  /** Slots at most: an integer of at least 1, or Infinity. */
  readonly size: number;
  /** How long a slot may be idle before it is closed; it takes up to twice as long. */
  readonly idleTimeout: Millis;
  /** Elements that a slot may run before another one takes its place. Default: Infinity. */
  readonly elementsPerSlot?: number | undefined;
}

interface InFlight {
  readonly progress: BatchProgress;
  grace?: NodeJS.Timeout;
}

/** Something that happened, and the results to give out once the scheduler has reacted to it. */
interface Entry {
  readonly fact?: Fact;
  readonly deliver?: () => void;
}

export class Dispatcher {
  /** Whether functions run with the variables around them. */
  readonly keepsClosures: boolean;
  readonly #executor: Executor;
  readonly #scheduler: Scheduler;
  readonly #idleTimeout: Millis;
  readonly #lanes = new Map<LaneId, Lane>();
  /** The slots there are, and when a batch last returned from each. */
  readonly #slots = new Map<SlotId, Millis>();
  readonly #batches = new Map<BatchId, InFlight>();
  /** What an element of each task took when it was last used. */
  readonly #paces = new Map<string, Millis>();
  /** Slots that are being closed. */
  readonly #closing = new Set<Promise<void>>();
  /** What waits for its turn. Observers and executors may call back at any moment. */
  readonly #inbox: Entry[] = [];
  /** What was taken back while commands were carried out: it goes to other slots before anything else. */
  readonly #reclaimed: Fact[] = [];
  #isDraining = false;
  #phase: 'open' | 'draining' | 'closed' = 'open';
  #idleTimer: NodeJS.Timeout | undefined;
  #pause: NodeJS.Timeout | undefined;
  #nextLane = 0;
  /** Why the last slot was lost or did not open. */
  #lastLoss: WorkerCrashedError | undefined;
  readonly #closed: Promise<void>;
  #markClosed!: () => void;

  constructor({ executor, size, idleTimeout, elementsPerSlot }: DispatcherOptions) {
    this.#executor = executor;
    this.keepsClosures = executor.keepsClosures;
    const { overhead } = executor;
    const canReclaim = executor.reclaim !== undefined;
    this.#scheduler = new Scheduler({ size, overhead, canReclaim, elementsPerSlot });
    this.#idleTimeout = idleTimeout;
    this.#closed = new Promise((resolve) => (this.#markClosed = resolve));
  }

  /** @throws PoolClosedError after `close` or `destroy` */
  openLane(options: LaneOptions, observer: LaneObserver): Lane {
    if (this.#phase !== 'open') {
      throw new PoolClosedError(
        'The pool is closed. Make a new one with createPool(), or leave out `pool` to use the shared one',
      );
    }
    const id = this.#nextLane++;
    const lane = new Lane(id, options, observer, (fact) => {
      this.#tell({ fact });
    });
    this.#lanes.set(id, lane);
    const { concurrency: limit, batchSize, task } = options;
    const pace = this.#paces.get(task.key);
    const pinned = options.transfer !== undefined;
    const byCost = options.cost !== undefined;
    this.#tell({ fact: { type: 'laneOpened', lane: id, limit, batchSize, pinned, byCost, pace } });
    if (options.signal) lane.follow(options.signal);
    return lane;
  }

  /** Lets the lanes that are open end, then closes every slot. */
  close(): Promise<void> {
    if (this.#phase === 'open') this.#phase = 'draining';
    this.#shutDownIfDrained();
    return this.#closed;
  }

  /** Fails the lanes that are open, and closes every slot at once. */
  destroy(): Promise<void> {
    if (this.#phase !== 'closed') {
      const lanes = [...this.#lanes.values()];
      this.#shutDown();
      for (const lane of lanes) {
        lane.fail(new PoolClosedError('The pool was destroyed before this call had ended'));
      }
    }
    return this.#closed;
  }

  #tell(entry: Entry): void {
    if (this.#phase === 'closed') return;
    this.#inbox.push(entry);
    if (this.#isDraining) return;
    this.#isDraining = true;
    try {
      // Each slot is refilled before its results are given out: see Entry.
      for (let next; (next = this.#inbox.shift());) {
        if (next.fact && !this.#isOutdated(next.fact)) this.#react(next.fact);
        next.deliver?.();
      }
    } finally {
      this.#isDraining = false;
    }
  }

  /** While a fact waits in the inbox, what it is about may have ended. */
  #isOutdated(fact: Fact): boolean {
    if (this.#phase === 'closed') return true;
    if ('lane' in fact) return !this.#lanes.has(fact.lane);
    if ('slot' in fact) return !this.#slots.has(fact.slot);
    return false;
  }

  #react(fact: Fact): void {
    if (fact.type === 'slotLost' || fact.type === 'slotFailed') this.#slots.delete(fact.slot);
    for (const command of this.#scheduler.handle(fact)) {
      // A function of the user's may have destroyed the pool meanwhile.
      if (this.#phase === 'closed') return;
      this.#carryOut(command);
    }
    for (let next; (next = this.#reclaimed.shift());) this.#react(next);
  }

  #carryOut(command: Command): void {
    switch (command.type) {
      case 'openSlot':
        return this.#openSlot(command.slot);
      case 'closeSlot':
        return this.#closeSlot(command.slot);
      case 'startBatch':
        return this.#startBatch(command);
      case 'abortBatch':
        return this.#abortBatch(command.batch, command.slot);
      case 'closeLane':
        return this.#closeLane(command.lane, command.pace);
      case 'reclaimBatch':
        return this.#reclaimBatch(command.batch, command.slot);
      case 'wakeMe':
        return this.#wakeUp(command.after);
      case 'pauseOpening':
        return this.#pauseOpening(command.after);
      case 'failElement':
        return this.#failElement(command.lane, command.index);
      case 'failLane':
        return this.#failLane(command.lane);
    }
  }

  #openSlot(slot: SlotId): void {
    this.#slots.set(slot, 0);
    this.#watchIdleSlots();
    const opening = this.#executor.open(slot, (reason) => {
      this.#lastLoss = reason;
      this.#tell({ fact: { type: 'slotLost', slot } });
    });
    if (opening === undefined) return this.#tell({ fact: { type: 'slotOpened', slot } });
    void opening.then(
      () => {
        this.#tell({ fact: { type: 'slotOpened', slot } });
      },
      (reason: unknown) => {
        const isLasting = reason instanceof LastingFailure;
        this.#lastLoss = isLasting ? reason.reason : (reason as WorkerCrashedError);
        this.#tell({ fact: { type: 'slotFailed', slot, isLasting } });
      },
    );
  }

  #closeSlot(slot: SlotId): void {
    this.#slots.delete(slot);
    const closing = this.#executor.close(slot).finally(() => {
      this.#closing.delete(closing);
    });
    this.#closing.add(closing);
  }

  #startBatch(command: Extract<Command, { type: 'startBatch' }>): void {
    const { batch: id, slot, ranges } = command;
    const lane = this.#lanes.get(command.lane)!;
    const inFlight: InFlight = { progress: new BatchProgress(ranges) };
    this.#batches.set(id, inFlight);
    const observer = this.#observe(command, lane, inFlight);
    const { task, settled, reportAfter, shared } = lane;
    const values = lane.isOpen ? lane.elementsIn(ranges) : [];
    let transfer: readonly Transferable[] = [];
    try {
      transfer = lane.transferOf(values);
    } catch (error) {
      lane.fail(error);
    }
    // Ended a moment ago, perhaps by the user's function just called: nothing of it may start any more.
    if (!lane.isOpen) return observer.returned([], 0);
    this.#executor.run(
      slot,
      { id, task, ranges, values, settled, reportAfter, transfer, shared },
      observer,
    );
  }

  #observe(
    { batch, slot, ranges }: Extract<Command, { type: 'startBatch' }>,
    lane: Lane,
    inFlight: InFlight,
  ): BatchObserver {
    const { progress } = inFlight;
    const started = performance.now();
    return {
      settled: (settled) => {
        progress.note(settled);
        this.#tell({
          deliver: () => {
            lane.deliver(ranges, [settled]);
          },
        });
      },
      returned: (settled, ran) => {
        for (const some of settled) progress.note(some);
        clearTimeout(inFlight.grace);
        this.#batches.delete(batch);
        const fact: Fact = {
          type: 'batchReturned',
          batch,
          settled: progress.ended,
          unstarted: progress.unstarted(),
          busy: Math.max(ran, this.#timeTaken(slot, started)),
        };
        const deliver = (): void => {
          lane.deliver(ranges, settled);
        };
        if (lane.survives(settled)) return this.#tell({ fact, deliver });
        // A failure ends the lane: it is delivered first, so that the slot gets nothing more of it.
        this.#tell({ deliver });
        this.#tell({ fact });
      },
    };
  }

  /**
   * How long the slot has had the batch, without the executor's overhead: since it was handed over, or
   * since the batch before it returned. Beside what the function takes, that holds what it takes to
   * write and read the elements and the results.
   */
  #timeTaken(slot: SlotId, started: Millis): Millis {
    const now = performance.now();
    const since = Math.max(started, this.#slots.get(slot) ?? 0);
    if (this.#slots.has(slot)) this.#slots.set(slot, now);
    return now - since - this.#executor.overhead;
  }

  #reclaimBatch(batch: BatchId, slot: SlotId): void {
    const progress = this.#batches.get(batch)?.progress;
    const position = progress && this.#executor.reclaim?.(slot, batch);
    const unstarted = position === undefined ? [] : progress!.takeBackFrom(position);
    this.#reclaimed.push({ type: 'batchReclaimed', batch, unstarted });
  }

  #wakeUp(after: Millis): void {
    setTimeout(() => {
      this.#tell({ fact: { type: 'wokenUp' } });
    }, after).unref();
  }

  /** Keeps the process alive: no worker does, for the calls that wait for one. */
  #pauseOpening(after: Millis): void {
    this.#pause = setTimeout(() => {
      this.#tell({ fact: { type: 'pausePassed' } });
    }, after);
  }

  /** A worker that is being cancelled is busy until its batch returns, or until it is replaced. */
  #abortBatch(batch: BatchId, slot: SlotId): void {
    const inFlight = this.#batches.get(batch);
    if (!inFlight) return;
    // Before the abort, since the batch may return from within it.
    inFlight.grace = setTimeout(() => {
      this.#tell({ fact: { type: 'graceExpired', batch } });
    }, ABORT_GRACE);
    this.#executor.abort(slot, batch);
  }

  #closeLane(id: LaneId, pace: Millis | undefined): void {
    const lane = this.#lanes.get(id);
    if (lane && pace !== undefined) this.#remember(lane.task.key, pace);
    this.#lanes.delete(id);
    if (lane?.shared) this.#executor.forget(id);
    // Behind the results that are still to be given out.
    this.#inbox.push({
      deliver: () => {
        lane?.complete();
        this.#shutDownIfDrained();
      },
    });
  }

  #remember(task: string, pace: Millis): void {
    this.#paces.delete(task);
    this.#paces.set(task, pace);
    if (this.#paces.size <= REMEMBERED_TASKS) return;
    const [oldest] = this.#paces.keys();
    this.#paces.delete(oldest!);
  }

  #failElement(id: LaneId, index: number): void {
    const lane = this.#lanes.get(id);
    const reason = crashOf(this.#lastLoss!, index, 'receiving');
    this.#inbox.push({
      deliver: () =>
        lane?.deliver([{ start: index, end: index + 1 }], failed([{ position: 0, reason }])),
    });
  }

  #failLane(id: LaneId): void {
    const lane = this.#lanes.get(id);
    // Each call has an error of its own, with its own place in the stack.
    const reason = crashOf(this.#lastLoss!);
    this.#inbox.push({ deliver: () => lane?.fail(reason) });
  }

  #watchIdleSlots(): void {
    if (this.#idleTimer || this.#idleTimeout === Infinity) return;
    this.#idleTimer = setInterval(() => {
      this.#tell({ fact: { type: 'idlePeriodPassed' } });
      if (this.#slots.size === 0) this.#stopWatching();
    }, this.#idleTimeout);
    this.#idleTimer.unref();
  }

  #stopWatching(): void {
    clearInterval(this.#idleTimer);
    this.#idleTimer = undefined;
  }

  #shutDownIfDrained(): void {
    if (this.#phase === 'draining' && this.#lanes.size === 0) this.#shutDown();
  }

  #shutDown(): void {
    this.#phase = 'closed';
    this.#stopWatching();
    clearTimeout(this.#pause);
    for (const { grace } of this.#batches.values()) clearTimeout(grace);
    for (const slot of this.#slots.keys()) this.#closeSlot(slot);
    this.#lanes.clear();
    void Promise.all(this.#closing).then(() => {
      this.#markClosed();
    });
  }
}

/** The same loss of a slot, told anew: of an element, or for another call. */
function crashOf(
  loss: WorkerCrashedError,
  index?: number,
  when: WorkerCrashedError['when'] = loss.when,
): WorkerCrashedError {
  const { exitCode, cause } = loss;
  return new WorkerCrashedError(index, { exitCode, when, ...(cause !== undefined && { cause }) });
}
