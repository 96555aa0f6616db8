/** Carries out what the scheduler commands on an executor, and tells it what happened. */
import { PoolClosedError } from '../errors.js';
import { failed, type Executor } from '../executors/Executor.js';
import type { Command, Fact, LaneId, Millis, Range, SlotId } from '../scheduler/facts.js';
import { Registry } from '../scheduler/Registry.js';
import { Scheduler } from '../scheduler/Scheduler.js';
import { BatchesInFlight } from './BatchesInFlight.js';
import { crashOf, endingOf } from './crashOf.js';
import { IdleWatch } from './IdleWatch.js';
import { Inbox, type Entry } from './Inbox.js';
import { Lane } from './Lane.js';
import type { LaneObserver, LaneOptions } from './LaneOptions.js';
import { openingOf } from './openingOf.js';
import { OpenSlots } from './OpenSlots.js';
import { Paces } from './Paces.js';
import { followCall } from './progress/followCall.js';
import { publishCallStart } from './telemetry/diagnostics.js';
import type { CallView } from './telemetry/idleCause.js';
import { Telemetry } from './telemetry/Telemetry.js';
import type { TraceRecording } from './telemetry/TraceRecording.js';

export interface DispatcherOptions {
  readonly executor: Executor;
  /** Slots at most: an integer of at least 1, or Infinity. */
  readonly size: number;
  /** How long a slot may be idle before it is closed; it takes up to twice as long. */
  readonly idleTimeout: Millis;
  /** Elements that a slot may run before another one takes its place. Default: Infinity. */
  readonly elementsPerSlot?: number | undefined;
  /** Records all calls. */
  readonly trace?: TraceRecording | undefined;
}

export class Dispatcher {
  /** Whether functions run with the variables around them. */
  readonly keepsClosures: boolean;
  readonly telemetry: Telemetry;
  readonly #executor: Executor;
  readonly #scheduler: Scheduler;
  readonly #lanes = new Registry<Lane>();
  readonly #slots: OpenSlots;
  readonly #batches: BatchesInFlight;
  readonly #paces = new Paces();
  readonly #idleWatch: IdleWatch;
  readonly #inbox: Inbox;
  /** What was taken back while commands were carried out: it goes to other slots before anything else. */
  readonly #reclaimed: Fact[] = [];
  /** What the lanes wait for, for the records. */
  readonly #views = {
    one: (id: LaneId): CallView | undefined => {
      const view = this.#scheduler.look(id);
      return view && { ...view, pausedBy: this.#lanes.get(id)?.pausedBy };
    },
    all: (): CallView[] =>
      [...this.#lanes].map(({ id }) => this.#views.one(id)).filter((one) => one !== undefined),
  };
  #phase: 'open' | 'draining' | 'closed' = 'open';
  #pause: NodeJS.Timeout | undefined;
  #nextLane = 0;
  readonly #closed: Promise<void>;
  #markClosed!: () => void;

  constructor({ executor, size, idleTimeout, elementsPerSlot, trace }: DispatcherOptions) {
    this.telemetry = new Telemetry(trace);
    this.#executor = executor;
    this.keepsClosures = executor.keepsClosures;
    const { overhead } = executor;
    const canReclaim = executor.reclaim !== undefined;
    this.#scheduler = new Scheduler({ size, overhead, canReclaim, elementsPerSlot });
    const tell = (fact: Fact): void => {
      this.#tell({ fact });
    };
    this.#slots = new OpenSlots(executor, tell);
    this.#batches = new BatchesInFlight(executor, this.#slots, this.telemetry, (entry) => {
      this.#tell(entry);
    });
    this.#idleWatch = new IdleWatch(idleTimeout, () => {
      this.#tell({ fact: { type: 'idlePeriodPassed' } });
      if (this.#slots.count === 0) this.#idleWatch.stop();
    });
    this.#inbox = new Inbox(
      (fact) => {
        if (!this.#isOutdated(fact)) this.#react(fact);
      },
      () => {
        this.telemetry.settle(this.#views);
      },
    );
    this.#closed = new Promise((resolve) => (this.#markClosed = resolve));
  }

  /**
   * @param count elements that will come, where that is known
   * @throws PoolClosedError after `close` or `destroy`
   */
  openLane(options: LaneOptions, observer: LaneObserver, count?: number): Lane {
    if (this.#phase !== 'open') {
      throw new PoolClosedError(
        'The pool is closed. Make a new one with createPool(), or leave out `pool` to use the shared one',
      );
    }
    const id = this.#nextLane++;
    const tell = (fact: Fact): void => {
      this.#tell({ fact });
    };
    const pace = this.#paces.get(options.task.key);
    const account = this.telemetry.callOpened(id, options);
    const lane = new Lane(id, options, observer, tell, pace, account);
    if (options.progress) followCall(lane, options.progress, count);
    this.#lanes.set(id, lane);
    if (this.#lanes.size === 1) this.#executor.setAwaited?.(true);
    // Who is told of it may do anything, also end it.
    publishCallStart(account);
    tell(openingOf(lane, options, pace));
    if (options.signal && lane.isOpen) lane.follow(options.signal);
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
      const lanes = [...this.#lanes];
      this.#shutDown();
      for (const lane of lanes) {
        lane.fail(new PoolClosedError('The pool was destroyed before this call had ended'));
      }
    }
    return this.#closed;
  }

  #tell(entry: Entry): void {
    if (this.#phase !== 'closed') this.#inbox.add(entry);
  }

  /** While a fact waits in the inbox, what it is about may have ended. */
  #isOutdated(fact: Fact): boolean {
    if (this.#phase === 'closed') return true;
    if ('lane' in fact) return !this.#lanes.has(fact.lane);
    if ('slot' in fact) return !this.#slots.has(fact.slot);
    return false;
  }

  #react(fact: Fact): void {
    this.#noteSlot(fact);
    for (const command of this.#scheduler.handle(fact)) {
      // A function of the user's may have destroyed the pool meanwhile.
      if (this.#phase === 'closed') return;
      if (command.type === 'closeSlot') this.telemetry.workerEnded(command.slot, command.why);
      this.#carryOut(command);
    }
    for (let next; (next = this.#reclaimed.shift());) this.#react(next);
  }

  #noteSlot(fact: Fact): void {
    if (fact.type === 'slotOpened') this.telemetry.workerOpened(fact.slot);
    if (fact.type !== 'slotLost' && fact.type !== 'slotFailed') return;
    const loss = this.#slots.lossOf(fact.slot)!;
    if (fact.type === 'slotFailed') {
      this.telemetry.workerEnded(fact.slot, 'failed to start', loss.message);
    } else {
      const { how, why } = endingOf(loss);
      this.telemetry.workerEnded(fact.slot, how, why);
    }
    this.#slots.forget(fact.slot);
  }

  #carryOut(command: Command): void {
    switch (command.type) {
      case 'openSlot':
        return this.#openSlot(command.slot);
      case 'closeSlot':
        return this.#slots.close(command.slot);
      case 'startBatch':
        return this.#batches.start(command, this.#lanes.get(command.lane)!);
      case 'abortBatch':
        return this.#batches.abort(command.batch, command.slot);
      case 'closeLane':
        return this.#closeLane(command.lane, command.pace);
      case 'reclaimBatch':
        return void this.#reclaimed.push(this.#batches.reclaim(command.batch, command.slot));
      case 'wakeMe':
        return this.#wakeUp(command.after);
      case 'pauseOpening':
        return this.#pauseOpening(command.after);
      case 'failElement':
        return this.#failElement(command.lane, command.index);
      case 'tellPace':
        return this.#lanes.get(command.lane)?.measured(command.pace);
      case 'dropElements':
        return this.#dropElements(command.lane, command.ranges);
      case 'failOverflow':
        return this.#failOverflow(command.lane);
      case 'failLane':
        return this.#failLane(command.lane);
    }
  }

  #openSlot(slot: SlotId): void {
    this.#idleWatch.start();
    this.telemetry.workerStarting(slot);
    this.#slots.open(slot);
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

  #closeLane(id: LaneId, pace: Millis | undefined): void {
    const lane = this.#lanes.get(id);
    if (lane && pace !== undefined) this.#paces.remember(lane.task.key, pace);
    this.#lanes.delete(id);
    if (this.#lanes.size === 0) this.#executor.setAwaited?.(false);
    if (lane?.shared) this.#executor.forget(id);
    // Behind the results that are still to be given out.
    this.#tell({
      deliver: () => {
        lane?.complete();
        this.#shutDownIfDrained();
      },
    });
  }

  #failElement(id: LaneId, index: number): void {
    const lane = this.#lanes.get(id);
    const reason = crashOf(this.#slots.lastLoss!, index, 'receiving');
    this.#tell({
      deliver: () => {
        lane?.account.handOut(1); // as it ends like one that a batch brought back
        lane?.deliver([{ start: index, end: index + 1 }], failed([{ position: 0, reason }]));
      },
    });
  }

  #dropElements(id: LaneId, ranges: readonly Range[]): void {
    const lane = this.#lanes.get(id);
    this.#tell({ deliver: () => lane?.drop(ranges) });
  }

  #failOverflow(id: LaneId): void {
    const lane = this.#lanes.get(id);
    this.#tell({ deliver: () => lane?.overflow() });
  }

  #failLane(id: LaneId): void {
    const lane = this.#lanes.get(id);
    // Each call has an error of its own, with its own place in the stack.
    const reason = crashOf(this.#slots.lastLoss!);
    this.#tell({ deliver: () => lane?.fail(reason) });
  }

  #shutDownIfDrained(): void {
    if (this.#phase === 'draining' && this.#lanes.size === 0) this.#shutDown();
  }

  #shutDown(): void {
    this.#phase = 'closed';
    this.#idleWatch.stop();
    clearTimeout(this.#pause);
    this.#batches.stopTimers();
    const areClosed = this.#slots.closeAll();
    this.telemetry.poolClosing();
    this.#lanes.clear();
    void areClosed.then(() => {
      this.telemetry.poolClosed();
      this.#markClosed();
    });
  }
}
