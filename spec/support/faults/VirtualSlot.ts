/** A worker in virtual time: it does to each element, and to itself, what its world has in store. */
import { TaskError, TaskTimeoutError, WorkerCrashedError } from '../../../lib/errors.js';
import {
  ABORT_GRACE,
  failed,
  LastingFailure,
  type Failure,
  type Millis,
  type Settled,
  type SlotId,
} from '../../../lib/executors/Executor.js';
import { TimeoutWatch } from '../../../lib/executors/TimeoutWatch.js';
import { indexAt } from '../../../lib/task/ranges.js';
import { takeUnsaid, type Held, type Running } from './Held.js';
import { MOST_LOSSES, type Ledger } from './Ledger.js';
import type { SlotPlan } from './World.js';

export class VirtualSlot {
  readonly id: SlotId;
  readonly #plan: SlotPlan;
  readonly #overhead: Millis;
  readonly #ledger: Ledger;
  readonly #lost: (reason: WorkerCrashedError) => void;
  /** What the main thread knows it has, in its order. */
  readonly held: Held[] = [];
  /** What the worker has. */
  readonly #queue: Held[] = [];
  #timer: NodeJS.Timeout | undefined;
  #doom: NodeJS.Timeout | undefined;
  /** As the main thread sees it. */
  state: 'opening' | 'open' | 'closing' | 'gone' = 'opening';
  #isDead = false;
  #failOpening: ((reason: unknown) => void) | undefined;
  lastUsed: Millis;
  hasServed = false;
  /** Whether it is to be given nothing more. */
  isRetired = false;
  /** How it came to be, and how it went, as the main thread was told. */
  openedAt: Millis | undefined;
  hasFailed = false;
  isLost = false;
  /** When the main thread closed it, perhaps at the moment at which it would have heard of something else. */
  closedAt: Millis | undefined;
  /** Elements that it has started. */
  started = 0;

  constructor(
    id: SlotId,
    plan: SlotPlan,
    {
      overhead,
      ledger,
      lost,
    }: {
      overhead: Millis;
      ledger: Ledger;
      lost: (reason: WorkerCrashedError) => void;
    },
  ) {
    this.id = id;
    this.#plan = plan;
    this.#overhead = overhead;
    this.#ledger = ledger;
    this.#lost = lost;
    this.lastUsed = ledger.now;
  }

  open(): Promise<void> | undefined {
    const { opensAfter, failsToOpen } = this.#plan;
    if (opensAfter === undefined && !failsToOpen) {
      this.#live();
      return undefined;
    }
    return new Promise((resolve, reject) => {
      this.#failOpening = reject;
      this.#timer = setTimeout(() => {
        this.hasFailed = failsToOpen;
        if (failsToOpen) return this.#fail(new WorkerCrashedError(undefined, { exitCode: 9 }));
        this.#live();
        resolve();
      }, opensAfter ?? 0);
    });
  }

  /** How long an element has been running for longer than it may, where it must be ended for that. */
  get overtime(): Millis {
    if (this.#isDead) return 0;
    const all = this.#queue.map(({ batch, running }) => {
      if (!running) return 0;
      const { timeout = Infinity, isBeside } = batch;
      // Those beside it, which started before it was overdue, have their own time.
      return this.#ledger.now - running.since - timeout - (isBeside ? timeout + ABORT_GRACE : 0);
    });
    return Math.max(0, ...all);
  }

  run(held: Held): void {
    this.held.push(held);
    this.#queue.push(held);
    if (held.batch.timeout !== undefined) held.watch = this.#watch(held, held.batch.timeout);
    if ((this.#queue.length === 1 || held.batch.isBeside) && !this.#isDead) this.#begin(held);
  }

  /** Stops the claims. @returns how many there had been */
  stop(held: Held): number {
    held.claimable = Math.min(held.claimable, held.claimed);
    return held.claimable;
  }

  abort(held: Held): void {
    held.abortedAt ??= this.#ledger.now;
    this.stop(held);
    this.#signal(held);
  }

  /** What runs of a batch sees its signal aborted. */
  #signal(held: Held): void {
    const { obeysAfter } = held.running?.fate ?? {};
    if (obeysAfter === undefined || this.#isDead) return;
    clearTimeout(held.timer);
    // What hangs gives up, and anything else ends as it would have: late.
    this.#endAfter(obeysAfter === 0 ? undefined : obeysAfter, held);
  }

  /** As the main thread does it, which sees at once what runs. */
  #watch(held: Held, timeout: Millis): TimeoutWatch {
    const running = (): { position: number; elapsed: Millis } | undefined => {
      if (!held.running || this.#isDead) return undefined;
      const { position, since } = held.running;
      return { position, elapsed: this.#ledger.now - since };
    };
    return new TimeoutWatch(timeout, held.batch.ranges, {
      running,
      expire: (position) => {
        this.#ledger.note(`slot ${this.id} expires ${String(held.batch.values[position])}`);
        held.expired.add(position);
        this.#signal(held);
      },
      end: (position) => {
        for (const one of this.held) one.isStopped = true;
        if (running()?.position !== position) return;
        held.isOverdue = true;
        this.isRetired = true;
        this.#ledger.note(`slot ${this.id} is overdue`);
        if (held.batch.isBeside) held.observer.overdue();
        this.#endIfOverdue();
      },
    });
  }

  /** For what is overdue, once nothing else runs that has time left. */
  #endIfOverdue(): void {
    if (this.#isDead || !this.#queue.some(({ isOverdue }) => isOverdue)) return;
    if (this.#queue.every(({ isOverdue, running }) => isOverdue || !running)) this.#die();
  }

  close(): Promise<void> {
    this.closedAt = this.#ledger.now;
    if (this.#failOpening) this.#fail(new WorkerCrashedError(undefined, { exitCode: 1 }));
    if (this.state === 'gone') return Promise.resolve();
    this.state = 'closing';
    const { closesAfter, lag } = this.#plan;
    if (closesAfter === undefined && lag === 0) {
      this.#die();
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      setTimeout(() => {
        this.#die(resolve);
      }, closesAfter ?? lag);
    });
  }

  #fail(reason: WorkerCrashedError): void {
    clearTimeout(this.#timer);
    this.state = 'gone';
    const reject = this.#failOpening!;
    this.#failOpening = undefined;
    this.#ledger.losses.add(reason);
    const { failsForGood = false } = this.#plan;
    // The pool hears of it with the promise, and of what its user does meanwhile before.
    queueMicrotask(() => {
      this.#ledger.countFutile(failsForGood ? MOST_LOSSES : 1);
    });
    this.#ledger.note(`slot ${this.id} does not open${failsForGood ? ', nor will others' : ''}`);
    reject(failsForGood ? new LastingFailure(reason) : reason);
  }

  #live(): void {
    this.#failOpening = undefined;
    this.state = 'open';
    this.openedAt = this.#ledger.now;
    this.lastUsed = this.#ledger.now;
    this.#ledger.note(`slot ${this.id} is open`);
    const { lostAfter } = this.#plan;
    if (lostAfter === undefined) return;
    this.#doom = setTimeout(() => {
      this.#die();
    }, lostAfter);
  }

  #begin(held: Held): void {
    held.hasBegun = true;
    held.busySince = this.#ledger.now;
    if (this.#overhead === 0) return this.#next(held);
    held.timer = setTimeout(() => {
      this.#next(held);
    }, this.#overhead);
  }

  #next(held: Held): void {
    // It may have been closed by whoever was told how the last one ended.
    if (this.#isDead) return;
    const { batch } = held;
    const position = held.claimed;
    if (held.isStopped || position >= held.claimable) return this.#finish(held);
    const { lane, index } = this.#ledger.find(batch.values[position]);
    const fate = lane.tryOf(index);
    if (fate.end === 'keepsFromStarting') return this.#die();
    held.claimed++;
    this.started++;
    this.#ledger.note(`slot ${this.id} runs ${String(batch.values[position])}`);
    lane.start(index);
    held.running = { position, fate, since: this.#ledger.now };
    this.#checkCompany(held);
    if (fate.end === 'hangs') return;
    this.#endAfter(fate.takes, held);
  }

  #checkCompany({ batch }: Held): void {
    const { lane } = this.#ledger.find(batch.values[0]);
    const { perWorker = 1 } = lane.plan;
    const running = this.#queue.filter((one) => one.running);
    const areItsOwn = running.every((one) => this.#ledger.find(one.batch.values[0]).lane === lane);
    this.#ledger.demand(
      running.length <= perWorker && areItsOwn,
      `slot ${this.id} runs ${perWorker} elements of a lane at most`,
    );
  }

  #endAfter(after: Millis | undefined, held: Held): void {
    if (after === undefined) return this.#end(held);
    held.timer = setTimeout(() => {
      this.#end(held);
    }, after);
  }

  #end(held: Held): void {
    const { position, fate, since } = held.running!;
    if (fate.end === 'crashes') return this.#die();
    this.#stopRunning(held);
    this.#checkTime(held, position, this.#ledger.now - since);
    const { batch, unsaid } = held;
    const hasFailed = fate.end === 'throws';
    const now = performance.now();
    unsaid.spans.push([now - (this.#ledger.now - since), now]);
    unsaid.values.push(hasFailed ? undefined : batch.values[position]);
    if (hasFailed) {
      const reason = new TaskError(indexAt(batch.ranges, position), new Error('thrown'));
      unsaid.failures.push({ position, reason });
    }
    const isDue = fate.isReported || (hasFailed && !batch.settled);
    if (isDue && held.claimed < held.claimable) this.#report(held);
    this.#next(held);
  }

  #stopRunning(held: Held): Running | undefined {
    const { running, batch } = held;
    held.running = undefined;
    if (running) {
      const { lane, index } = this.#ledger.find(batch.values[running.position]);
      lane.stop(index);
    }
    return running;
  }

  #checkTime({ batch, expired }: Held, position: number, ran: Millis): void {
    const { timeout = Infinity } = batch;
    const isRight = expired.has(position) ? ran >= timeout : ran <= timeout;
    this.#ledger.demand(isRight, `an element that ran for ${ran} of ${timeout} is judged by that`);
  }

  #report(held: Held): void {
    const settled = takeUnsaid(held);
    this.#post(() => {
      const judged = held.watch?.judge(settled) ?? settled;
      this.#tell(held, [judged]);
      held.observer.settled(judged);
    });
  }

  #finish(held: Held): void {
    this.#queue.splice(this.#queue.indexOf(held), 1);
    const [next] = this.#queue;
    const settled = [takeUnsaid(held)].filter(({ values }) => values.length > 0);
    const busy = this.#ledger.now - held.busySince;
    this.#post(() => {
      this.#return(held, settled.map(judgedBy(held)), busy);
    });
    if (next && !next.hasBegun && !this.#isDead) this.#begin(next);
    this.#endIfOverdue();
  }

  /** Ends the worker, whatever it does. The main thread hears of it behind what it was told before. */
  #die(andThen?: () => void): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#doom);
    if (this.#isDead) {
      if (andThen) this.#post(andThen);
      return;
    }
    this.#isDead = true;
    const running = new Map(
      this.#queue.map((held) => {
        clearTimeout(held.timer);
        return [held, this.#stopRunning(held)];
      }),
    );
    this.#post(() => {
      const wasOpen = this.state === 'open';
      this.state = 'gone';
      const reason = new WorkerCrashedError(undefined, { exitCode: 7 });
      if (wasOpen) this.#tellLoss(reason);
      const suspect = wasOpen ? this.held[0] : undefined;
      if (wasOpen) this.#lost(reason);
      for (const held of [...this.held]) this.#giveUp(held, running.get(held), held === suspect);
      andThen?.();
    });
  }

  #tellLoss(reason: WorkerCrashedError): void {
    this.isLost = true;
    this.#ledger.losses.add(reason);
    this.#ledger.note(`slot ${this.id} is lost`);
    if (!this.hasServed && this.held.length === 0) this.#ledger.countFutile(1);
  }

  #giveUp(held: Held, running: Running | undefined, isSuspect: boolean): void {
    const { batch, told } = held;
    const { losesOutcomes } = this.#plan;
    if (losesOutcomes && held.unsaid.values.length > 0) {
      this.#ledger.find(batch.values[0]).lane.hasLostOutcomes = true;
    }
    const known = losesOutcomes ? undefined : takeUnsaid(held);
    const settled = known && known.values.length > 0 ? [judgedBy(held)(known)] : [];
    const crashed = (position: number): Failure => {
      const reason = new WorkerCrashedError(indexAt(batch.ranges, position), { exitCode: 7 });
      return held.watch?.lossAt(position) ?? { position, reason };
    };
    const from = running?.position ?? held.claimed;
    const isMoved = batch.transfer.length > 0;
    // What was moved to the slot is gone with it.
    const first = isMoved ? told.size + (known?.values.length ?? 0) : from;
    const to = isMoved ? batch.values.length : from + Number(running !== undefined);
    for (let position = first; position < to; position++) {
      settled.push(...failed([crashed(position)]));
    }
    if (isSuspect && settled.length === 0 && told.size === 0 && held.claimable > 0) {
      const { lane, index } = this.#ledger.find(batch.values[0]);
      if (lane.isOpen) lane.losses.set(index, (lane.losses.get(index) ?? 0) + 1);
    }
    this.#return(held, settled, 0);
  }

  #return(held: Held, settled: readonly Settled[], busy: Millis): void {
    held.watch?.stop();
    this.held.splice(this.held.indexOf(held), 1);
    this.lastUsed = this.#ledger.now;
    this.#tell(held, settled);
    const { batch, told, claimable } = held;
    if (told.size > 0) {
      this.hasServed = true;
      this.#ledger.futileSlots = 0;
    }
    const isAsDue = held.abortedAt === undefined || this.#ledger.now - held.abortedAt <= 200;
    this.#ledger.demand(isAsDue || this.state !== 'open', `slot ${this.id} is replaced in time`);
    for (let position = 0; position < claimable; position++) {
      if (told.has(position)) continue;
      const { lane, index } = this.#ledger.find(batch.values[position]);
      lane.giveBack(index, held.isApart);
    }
    this.#ledger.note(`slot ${this.id} returns batch ${batch.id}`);
    held.observer.returned(settled, busy);
  }

  #tell({ batch, told, expired }: Held, settled: readonly Settled[]): void {
    for (const { from, values, failures } of settled) {
      for (let nth = 0; nth < values.length; nth++) {
        const position = from + nth;
        const failure = failures.find((one) => one.position === position);
        const { lane, index } = this.#ledger.find(batch.values[position]);
        const isLate = failure?.reason instanceof TaskTimeoutError;
        this.#ledger.demand(isLate === expired.has(position), `${lane.id}.${index} ends as is due`);
        told.add(position);
        lane.tell(index, failure ? { reason: failure.reason } : { value: values[nth] });
      }
    }
  }

  /** Tells the main thread, which hears of it later, and in order. */
  #post(message: () => void): void {
    if (this.#plan.lag === 0) return message();
    setTimeout(message, this.#plan.lag);
  }
}

/** What of outcomes is over time, as the main thread sees it. */
function judgedBy({ watch }: Held): (settled: Settled) => Settled {
  return (settled) => watch?.judge(settled) ?? settled;
}
