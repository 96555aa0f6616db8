/** One call's place in a pool: keeps its elements until they have ended, and gives out its results. */
import type { Transferable } from 'node:worker_threads';
import { quote } from '../errors.js';
import type { Failure, Millis, Settled } from '../executors/Executor.js';
import type { Fact, LaneId } from '../scheduler/facts.js';
import type { Values } from '../task/packing.js';
import type { PreparedTask } from '../task/prepareTask.js';
import { sliceOf, type Range } from '../task/ranges.js';
import type { CallSite } from './CallSite.js';
import { ElementStore } from './ElementStore.js';
import { followSignal } from './followSignal.js';
import { Keys } from './Keys.js';
import { Retries, type Again, type Sifted } from './Retries.js';
import type { RetryPolicy } from './retryOptions.js';
import { settledElements } from './SettledElement.js';

/** Told of a lane's results, as they come: any number of `next`, then one of the others. */
export interface LaneObserver {
  /** Milliseconds after which it wants results while others of their batch still run. */
  readonly reportAfter: Millis;
  /**
   * Elements that are next to each other in the input have ended. Together, since a call for each takes
   * as long as a trivial element.
   *
   * @param results what the function gave for each, from `from` up to, not including, `to`;
   *   SettledElements if the lane is settled
   * @param index place in the input of the first of them
   */
  next(results: Values, from: number, to: number, index: number): void;
  error(error: unknown): void;
  complete(): void;
}

export interface LaneOptions {
  readonly task: PreparedTask;
  /** Workers that may serve the lane at once. */
  readonly concurrency: number;
  /** Elements of each batch; undefined where the scheduler is to decide. */
  readonly batchSize: number | undefined;
  /** What an element costs to run, in any unit: the dearest go first. */
  readonly cost: ((value: unknown) => number) | undefined;
  /** What an element is about: those of one key run one at a time, in their order. */
  readonly key: ((value: unknown) => unknown) | undefined;
  /** Whether failures are results too; else the first one ends the lane. */
  readonly settled: boolean;
  /** Which elements that failed are tried again; none if undefined. */
  readonly retry: RetryPolicy | undefined;
  /** What of an element is to be moved to the worker rather than copied. */
  readonly transfer: ((value: unknown) => readonly Transferable[]) | undefined;
  /** Milliseconds that each element may run. */
  readonly timeout: Millis | undefined;
  /** What the function gets as `context.shared`. */
  readonly shared: unknown;
  /** Ends the lane with the signal's reason. */
  readonly signal: AbortSignal | undefined;
  /** Where the user made the call. */
  readonly calledFrom: CallSite;
}

/** Elements pushed one by one that the scheduler is told of together, at most. */
const TOLD_AT_ONCE = 1024;

/** Elements: enough for the largest batches for some cores, and copied within a millisecond. */
const COPIED_AT_ONCE = 131_072;

export class Lane {
  readonly id: LaneId;
  readonly task: PreparedTask;
  /** For the pool: whether failures are results too. */
  readonly settled: boolean;
  readonly reportAfter: Millis;
  readonly timeout: Millis | undefined;
  readonly #calledFrom: CallSite;
  readonly #transfer: LaneOptions['transfer'];
  readonly shared: { readonly id: LaneId; readonly value: unknown } | undefined;
  readonly #cost: ((value: unknown) => number) | undefined;
  readonly #tell: (fact: Fact) => void;
  readonly #keys: Keys | undefined;
  readonly #retries: Retries | undefined;
  /** Undefined once nobody is to be told of anything any more. */
  #observer: LaneObserver | undefined;
  readonly #elements = new ElementStore();
  /** The last of them that the scheduler has not been told of. */
  #untold = 0;
  /** Their keys, where elements have some. */
  #untoldKeys: number[] = [];
  /** Of elements without costs: how many, from the first on, were given to a slot once. */
  #given = 0;
  #unfollow: (() => void) | undefined;

  constructor(
    id: LaneId,
    { task, settled, retry, cost, key, transfer, timeout, shared, calledFrom }: LaneOptions,
    observer: LaneObserver,
    tell: (fact: Fact) => void,
  ) {
    this.id = id;
    this.task = task;
    this.settled = settled;
    this.reportAfter = timeout === undefined ? observer.reportAfter : 0;
    this.timeout = timeout;
    this.#calledFrom = calledFrom;
    this.#cost = cost;
    this.#keys = key && new Keys(key);
    this.#transfer = transfer;
    this.shared = shared === undefined ? undefined : { id, value: shared };
    this.#observer = observer;
    this.#tell = tell;
    const resume = (ranges: readonly Range[]): void => {
      tell({ type: 'elementsDue', lane: id, ranges });
    };
    this.#retries = retry && new Retries(retry, resume);
  }

  /** Whether anybody still waits for results. */
  get isOpen(): boolean {
    return this.#observer !== undefined;
  }

  /** For the pool: whether elements wait for others of their key. */
  get isByKey(): boolean {
    return this.#keys !== undefined;
  }

  /** Adds an element at the end of the input. Without effect once the lane is not open any more. */
  push(value: unknown): void {
    if (this.#cost) return this.pushAll([value]);
    const keys = this.#keysOf([value], 0, 1);
    if (!this.isOpen) return;
    this.#elements.push(value);
    this.#untold++;
    if (keys) this.#untoldKeys.push(...this.#keys!.add(keys));
    // While others wait, no slot idles that could run it, and many are told of for the price of one.
    if (this.#given === this.#elements.size - this.#untold || this.#untold >= TOLD_AT_ONCE) {
      this.#tellOfAll();
    } else if (this.#untold === 1) {
      queueMicrotask(() => {
        this.#tellOfAll();
      });
    }
  }

  pushAll(values: readonly unknown[]): void {
    if (!this.isOpen || values.length === 0) return;
    let costs: number[] | undefined;
    try {
      costs = this.#cost && Array.from(values, (value) => checkCost(this.#cost!(value)));
    } catch (error) {
      return this.fail(error);
    }
    // The workers begin with the first ones while the others are copied; but the dearest of all are
    // known only with the last.
    const step = costs ? values.length : COPIED_AT_ONCE;
    for (let from = 0; from < values.length; from += step) {
      this.#add(values, from, Math.min(from + step, values.length), costs);
    }
  }

  #add(values: readonly unknown[], from: number, to: number, costs?: readonly number[]): void {
    const given = this.#keysOf(values, from, to);
    if (!this.isOpen) return; // Whoever heard of those before may have ended it, or `key` has.
    this.#elements.add(values, from, to);
    const keys = given && this.#keys!.add(given);
    // Keys are told in the order of the input.
    if (keys) this.#tellOfAll();
    this.#tell({ type: 'elementsArrived', lane: this.id, count: to - from, costs, keys });
  }

  #keysOf(values: readonly unknown[], from: number, to: number): unknown[] | undefined {
    if (!this.isOpen) return undefined;
    try {
      return this.#keys?.keysOf(values, from, to);
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  /** Says that the input is complete. */
  end(): void {
    this.#tellOfAll();
    if (this.isOpen) this.#tell({ type: 'laneEnded', lane: this.id });
  }

  /** Nobody is told of anything from now on, and what has not started never will. */
  cancel(): void {
    if (this.#leave()) this.#tell({ type: 'laneCancelled', lane: this.id });
  }

  /** Ends the call with an error, and cancels the rest of it. */
  fail(error: unknown): void {
    this.#calledFrom.showIn(error);
    this.#end(error);
  }

  /** Fails with the signal's reason when it is aborted. */
  follow(signal: AbortSignal): void {
    this.#unfollow = followSignal(signal, (reason) => {
      this.#end(reason); // which is the user's own, and stays as it is
    });
  }

  /** For the pool: the elements at these places. They are kept, in case they must run again. */
  elementsIn(ranges: readonly Range[]): Values {
    for (const { end } of ranges) this.#given = Math.max(this.#given, end);
    return this.#elements.get(ranges);
  }

  /** For the pool: what of these elements is to be moved rather than copied. */
  transferOf(values: Values): readonly Transferable[] {
    const transfer = this.#transfer;
    if (!transfer) return [];
    const lists = Array.from<unknown, readonly Transferable[]>(values, (value) =>
      checkTransfer(transfer(value)),
    );
    return [...new Set(lists.flat())];
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
    if (this.isOpen) this.#retries?.schedule(again);
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
      if (nth < to) this.#observer?.next(results, nth, to, range.start);
      nth = to;
    }
    if (failure) this.fail(failure.reason);
  }

  /** For the pool: every element has been delivered, and the input is complete. */
  complete(): void {
    this.#leave()?.complete();
  }

  #end(error: unknown): void {
    const observer = this.#observer;
    this.cancel();
    observer?.error(error);
  }

  #tellOfAll(): void {
    const count = this.#untold;
    this.#untold = 0;
    const keys = this.#keys && this.#untoldKeys;
    this.#untoldKeys = [];
    if (count > 0 && this.isOpen) {
      this.#tell({ type: 'elementsArrived', lane: this.id, count, keys });
    }
  }

  #leave(): LaneObserver | undefined {
    const observer = this.#observer;
    this.#observer = undefined;
    this.#elements.clear();
    this.#keys?.clear();
    this.#retries?.clear();
    this.#unfollow?.();
    return observer;
  }
}

function firstOf(failures: readonly Failure[]): Failure | undefined {
  let first: Failure | undefined;
  for (const failure of failures) if (!first || failure.position < first.position) first = failure;
  return first;
}

function checkCost(cost: unknown): number {
  if (typeof cost === 'number' && !Number.isNaN(cost)) return cost;
  throw new TypeError(`cost(value) must give a number, but gave ${quote(cost)}`);
}

function checkTransfer(list: unknown): readonly Transferable[] {
  if (Array.isArray(list)) return list as Transferable[];
  throw new TypeError(`transfer(value) must give an array, but gave ${quote(list)}`);
}
