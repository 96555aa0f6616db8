/** One call's place in a pool: keeps its elements until they have ended, and gives out its results. */
import type { Transferable } from 'node:worker_threads';
import { BufferOverflowError } from '../errors.js';
import type { Millis, Settled } from '../executors/Executor.js';
import type { Fact, LaneId } from '../scheduler/facts.js';
import type { Values } from '../task/packing.js';
import type { PreparedTask } from '../task/prepareTask.js';
import { sliceOf, type Range } from '../task/ranges.js';
import { Arrivals } from './Arrivals.js';
import type { CallSite } from './CallSite.js';
import { ElementStore } from './ElementStore.js';
import { countWithin, firstOf } from './failures.js';
import { followSignal } from './followSignal.js';
import { InOrder } from './InOrder.js';
import { Keys } from './Keys.js';
import type { LaneObserver, LaneOptions } from './LaneOptions.js';
import { Retries, type Again, type Sifted } from './Retries.js';
import { droppedElements, settledElements } from './SettledElement.js';
import { CallAccount, type CallEnd } from './telemetry/CallAccount.js';
import type { CallView } from './telemetry/idleCause.js';
import { transferablesOf } from './transferablesOf.js';
import { Window, windowOf } from './Window.js';

export class Lane {
  readonly id: LaneId;
  readonly task: PreparedTask;
  /** For the pool: whether failures are results too. */
  readonly settled: boolean;
  readonly reportAfter: Millis;
  readonly timeout: Millis | undefined;
  readonly account: CallAccount;
  /** For the pool: whether its elements run beside each other in a worker. */
  readonly isBeside: boolean;
  readonly #calledFrom: CallSite;
  readonly #transfer: LaneOptions['transfer'];
  readonly shared: { readonly id: LaneId; readonly value: unknown } | undefined;
  readonly #window: Window | undefined;
  /** Elements that may wait for a worker. */
  readonly #mostWaiting: number;
  /** Whether its observer hands in no more than the window has. */
  readonly #isPulled: boolean;
  readonly #tell: (fact: Fact) => void;
  readonly #keys: Keys | undefined;
  readonly #retries: Retries | undefined;
  /** Undefined once nobody is to be told of anything any more. */
  #observer: LaneObserver | undefined;
  readonly #elements = new ElementStore();
  readonly #arrivals: Arrivals;
  #unfollow: (() => void) | undefined;

  /** @param pace milliseconds that an element took when the same task was last used */
  constructor(
    id: LaneId,
    options: LaneOptions,
    observer: LaneObserver,
    tell: (fact: Fact) => void,
    pace?: Millis,
    account = new CallAccount(),
  ) {
    const { task, settled, retry, cost, key, transfer, timeout, shared, buffer, calledFrom } =
      options;
    this.id = id;
    this.task = task;
    this.settled = settled;
    this.reportAfter = timeout === undefined ? observer.reportAfter : 0;
    this.timeout = timeout;
    this.account = account;
    this.isBeside = options.perWorker > 1;
    this.#calledFrom = calledFrom;
    this.#transfer = transfer;
    this.shared = shared === undefined ? undefined : { id, value: shared };
    this.#mostWaiting = buffer?.size ?? Infinity;
    this.#tell = tell;
    this.#keys = key && new Keys(key);
    this.#arrivals = new Arrivals(
      this.#elements,
      { cost, keys: this.#keys, oneByOne: buffer !== undefined },
      (arrived) => {
        if (!this.isOpen) return false;
        account.arrive(this.#elements.size);
        tell({ type: 'elementsArrived', lane: id, ...arrived });
        return this.isOpen;
      },
    );
    const resume = (ranges: readonly Range[]): void => {
      tell({ type: 'elementsDue', lane: id, ranges });
    };
    this.#retries = retry && new Retries(retry, resume);
    this.#isPulled = observer.measured !== undefined;
    if (options.ordered || this.#isPulled) this.#window = new Window(windowOf(options), pace);
    const moveWindow = (next: number): void => {
      this.#moveWindow(next);
    };
    this.#observer = options.ordered ? new InOrder(observer, moveWindow) : observer;
  }

  /** Whether anybody still waits for results. */
  get isOpen(): boolean {
    return this.#observer !== undefined;
  }

  /** Elements that may be on their way at once, handed in and not given out; Infinity if any number may. */
  get window(): number {
    return this.#window?.size ?? Infinity;
  }

  /** For the pool: the first element that may not run yet; undefined where all may. */
  get windowEnd(): number | undefined {
    return this.#isPulled ? undefined : this.#window?.end;
  }

  /** For the pool: whether it is to be told of the pace. */
  get wantsPace(): boolean {
    return this.#window !== undefined;
  }

  /** For the pool: whether elements wait for others of their key. */
  get isByKey(): boolean {
    return this.#keys !== undefined;
  }

  /** For its records: why nothing more of it comes, although there is more. */
  get pausedBy(): CallView['pausedBy'] {
    return this.#observer?.pausedBy?.();
  }

  /** Adds an element at the end of the input. Without effect once the lane is not open any more. */
  push(value: unknown): void {
    if (!this.isOpen) return;
    try {
      this.#arrivals.push(value);
    } catch (error) {
      this.fail(error);
    }
  }

  pushAll(values: readonly unknown[]): void {
    if (!this.isOpen || values.length === 0) return;
    try {
      this.#arrivals.pushAll(values);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Says that the input is complete. */
  end(): void {
    this.#arrivals.tellOfAll();
    if (!this.isOpen) return;
    this.account.complete();
    this.#tell({ type: 'laneEnded', lane: this.id });
  }

  /**
   * Nobody is told of anything from now on, and what has not started never will.
   *
   * @param how for the records
   */
  cancel(how: CallEnd = 'cancelled'): void {
    if (this.#leave(how)) this.#tell({ type: 'laneCancelled', lane: this.id });
  }

  /** Ends the call with an error, and cancels the rest of it. */
  fail(error: unknown): void {
    this.#calledFrom.showIn(error);
    this.#end(error);
  }

  /** Fails with the signal's reason when it is aborted. */
  follow(signal: AbortSignal): void {
    this.#unfollow = followSignal(signal, (reason) => {
      this.#end(reason, 'cancelled'); // which is the user's own, and stays as it is
    });
  }

  /** For the pool: the elements at these places. They are kept, in case they must run again. */
  elementsIn(ranges: readonly Range[]): Values {
    for (const { end } of ranges) this.#arrivals.noteGiven(end);
    return this.#elements.get(ranges);
  }

  /** For the pool: what of these elements is to be moved rather than copied. */
  transferOf(values: Values): readonly Transferable[] {
    return this.#transfer ? transferablesOf(values, this.#transfer) : [];
  }

  /** For its records: which try of an element is next, from 1. */
  attemptOf(index: number): number {
    return this.#retries?.attemptOf(index) ?? 1;
  }

  /** For the pool: what of some outcomes is tried again. Undefined: nothing. */
  sift(ranges: readonly Range[], settled: readonly Settled[]): Sifted | undefined {
    if (!this.#retries || !this.#observer) return undefined;
    try {
      const sifted = this.#retries.sift(ranges, settled);
      // The user's functions may have ended the lane.
      return this.isOpen ? sifted : undefined;
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  /** For the pool: these elements are tried again, in their time. */
  tryAgain(again: readonly Again[]): void {
    if (this.isOpen) this.#retries?.schedule(again, this.account);
  }

  /** For the pool: whether the lane goes on after these outcomes. */
  survives(settled: readonly Settled[]): boolean {
    return this.settled || settled.every(({ failures }) => failures.length === 0);
  }

  /** For the pool: these elements of a batch have ended. */
  deliver(ranges: readonly Range[], settled: readonly Settled[]): void {
    for (const some of settled) {
      const ended = sliceOf(ranges, some.from, some.from + some.values.length);
      this.#elements.drop(ended);
      this.#keys?.drop(ended);
      this.#deliver(ended, some);
    }
  }

  #deliver(ended: readonly Range[], settled: Settled): void {
    const { from, values, failures } = settled;
    for (const { reason } of failures) this.#calledFrom.showIn(reason);
    const attemptsOf = (index: number): number => this.#retries?.finish(index) ?? 1;
    const results = this.settled ? settledElements(ended, settled, attemptsOf) : values;
    this.#retries?.forget(ended);
    const failure = this.settled ? undefined : firstOf(failures);
    const end = failure ? failure.position - from : values.length;
    let nth = 0;
    for (const range of ended) {
      const to = Math.min(end, nth + range.end - range.start);
      // Before they are given out, since the observer may end the call.
      const failedHere = countWithin(failures, from + nth, from + to);
      this.account.end(to - nth - failedHere, failedHere);
      if (nth < to) this.#observer?.next(results, nth, to, range.start);
      nth = to;
    }
    if (!failure) return;
    this.account.end(0, 1);
    this.fail(failure.reason);
  }

  /** For the pool: what an element takes was measured. */
  measured(pace: Millis): void {
    this.#window?.measured(pace);
    this.#observer?.measured?.();
  }

  /** For the pool: these elements never run, since too many waited. */
  drop(ranges: readonly Range[]): void {
    for (const range of ranges) {
      const { start, end } = range;
      this.#elements.drop([range]);
      this.#keys?.drop([range]);
      this.account.drop(end - start);
      if (!this.settled) {
        this.#observer?.dropped?.(start, end - start);
        continue;
      }
      const dropped = droppedElements(range, this.#mostWaiting);
      for (const { reason } of dropped) this.#calledFrom.showIn(reason);
      this.#observer?.next(dropped, 0, end - start, start);
    }
  }

  /** For the pool: too many elements wait. */
  overflow(): void {
    this.fail(new BufferOverflowError(undefined, this.#mostWaiting));
  }

  /** For the pool: every element has been delivered, and the input is complete. */
  complete(): void {
    if (this.isOpen) this.account.follower?.ended('completed');
    this.#leave('completed')?.complete();
  }

  #end(error: unknown, how: CallEnd = 'failed'): void {
    const observer = this.#leave(how);
    if (!observer) return;
    this.#tell({ type: 'laneCancelled', lane: this.id });
    observer.error(error);
  }

  #moveWindow(next: number): void {
    const end = this.#isPulled || !this.isOpen ? undefined : this.#window?.moveTo(next);
    if (end !== undefined) this.#tell({ type: 'windowMoved', lane: this.id, end });
  }

  #leave(how: CallEnd): LaneObserver | undefined {
    const observer = this.#observer;
    this.#observer = undefined;
    this.account.close(this.#elements.size, how);
    if (observer instanceof InOrder) observer.close();
    this.#elements.clear();
    this.#keys?.clear();
    this.#retries?.clear();
    this.#unfollow?.();
    return observer;
  }
}
