/** Keeps account of every element of a world, and of every promise that was broken in it. */
import { TaskError, TaskTimeoutError, WorkerCrashedError } from '../../../lib/errors.js';
import type { Millis } from '../../../lib/executors/Executor.js';
import type { SettledElement } from '../../../lib/pool/SettledElement.js';
import { PLAIN_ELEMENT, type ElementPlan, type LanePlan, type Try } from './World.js';

/** Elements of one lane at most: where the numbers of the next lane begin. */
const MOST_ELEMENTS = 1000;

/** Slots that may be lost with an element before it started; the same number of slots in vain. */
export const MOST_LOSSES = 3;

/** Workers that an element which is tried again may end. */
const MOST_KILLS = 3;

export class Ledger {
  /** What happened, with the time of each. */
  readonly log: string[] = [];
  /** Promises that were broken. */
  readonly faults: string[] = [];
  readonly lanes: LaneAccount[] = [];
  isDestroyed = false;
  /** When a lane last ended. */
  lastEnd: Millis = 0;
  /** Slots that were lost or failed without an element since one ended. */
  futileSlots = 0;
  /** When the last of them came to nothing. */
  futileAt: Millis = -Infinity;
  /** Why slots were lost or did not open. */
  readonly losses = new Set<unknown>();
  /** What calls were told of them. */
  readonly toldLosses = new Set<unknown>();
  readonly #began = performance.now();

  get now(): Millis {
    return performance.now() - this.#began;
  }

  /** A slot came to nothing. @param tries for how many it counts */
  countFutile(tries: number): void {
    this.futileSlots += tries;
    this.futileAt = this.now;
  }

  note(what: string): void {
    this.log.push(`${this.now} ${what}`);
  }

  /** States a promise: if it is not kept, that is a fault. */
  demand(isKept: boolean, promise: string): void {
    if (isKept) return;
    this.faults.push(promise);
    this.note(`FAULT ${promise}`);
  }

  openLane(plan: LanePlan): LaneAccount {
    const account = new LaneAccount(this, this.lanes.length, plan);
    this.lanes.push(account);
    return account;
  }

  /** Whose an element is. */
  find(value: unknown): { lane: LaneAccount; index: number } {
    const number = Number(value);
    return {
      lane: this.lanes[Math.floor(number / MOST_ELEMENTS)]!,
      index: number % MOST_ELEMENTS,
    };
  }
}

/** How an element ended, as its slot told it. */
export type Told = { readonly value: unknown } | { readonly reason: unknown };

export class LaneAccount {
  /** Why its signal was aborted, once it is. */
  readonly abortReason = new Error('aborted by its user');
  readonly #ledger: Ledger;
  readonly #planned: readonly ElementPlan[];
  /** Elements that the lane took while it was open. */
  pushed = 0;
  end: 'complete' | 'error' | 'cancelled' | undefined;
  /** Elements whose results its observer was given. */
  readonly delivered = new Set<number>();
  /** How many of them were results, how many elements failed for good, and how many were to be tried again. */
  results = 0;
  failures = 0;
  retried = 0;
  /** What slots told of elements. */
  readonly told = new Map<number, Told>();
  /** Elements that are on a slot. */
  readonly onSlots = new Set<number>();
  /** Those of them that run. */
  readonly running = new Set<number>();
  /** How often each was started. */
  readonly starts = new Map<number, number>();
  /** How often slots told of each how it ended, and how often that it had ended them. */
  readonly attempts = new Map<number, number>();
  readonly kills = new Map<number, number>();
  /** Elements that are to be tried again, and when. */
  readonly due = new Map<number, Millis>();
  /** Those of them that ran beside others when their worker ended: next they run alone. */
  readonly suspects = new Set<number>();
  /** Whether a worker ended before it told how elements had ended. */
  hasLostOutcomes = false;
  /** How many slots were lost with each before it started. */
  readonly losses = new Map<number, number>();

  constructor(
    ledger: Ledger,
    readonly id: number,
    readonly plan: LanePlan,
  ) {
    this.#ledger = ledger;
    this.#planned = plan.arrivals.flatMap(({ elements }) => elements);
  }

  get isOpen(): boolean {
    return this.end === undefined;
  }

  /** Elements that wait for a slot. */
  get waiting(): number {
    if (!this.isOpen) return 0;
    if (this.plan.keys !== undefined) return this.#waitingKeys;
    if (this.plan.window !== undefined) return this.#waitingInWindow(this.plan.window);
    const delayed = [...this.due.keys()].filter((index) => this.#isDelayed(index)).length;
    return this.pushed - this.delivered.size - this.onSlots.size - delayed;
  }

  #waitingInWindow(window: number): number {
    const end = Math.min(this.pushed, this.#next + window);
    let waiting = 0;
    for (let index = this.#next; index < end; index++) {
      if (this.#hasEnded(index) || this.#isDelayed(index) || this.onSlots.has(index)) continue;
      waiting++;
    }
    return waiting;
  }

  /** Keys that no slot has an element of, and whose next one could run. */
  get #waitingKeys(): number {
    const { window = Infinity } = this.plan;
    const next = new Map<unknown, number>();
    for (let index = Math.min(this.pushed, this.#next + window) - 1; index >= 0; index--) {
      if (!this.#hasEnded(index)) next.set(this.keyOf(index), index);
    }
    for (const index of this.onSlots) next.delete(this.keyOf(index));
    return [...next.values()].filter((index) => !this.#isDelayed(index)).length;
  }

  #isDelayed(index: number): boolean {
    return (this.due.get(index) ?? -1) >= this.#ledger.now;
  }

  /** For good: nothing of its key waits for it any more. */
  #hasEnded(index: number): boolean {
    return this.told.has(index) || (this.losses.get(index) ?? 0) >= MOST_LOSSES;
  }

  /** By an element's value or place. Of the keys, one is NaN and one an object. */
  keyOf(number: number): unknown {
    const { keys } = this.plan;
    if (keys === undefined) return undefined;
    const key = number % keys;
    return [NaN, this][key] ?? key;
  }

  /** In order, the first element whose result the observer was not given. */
  get #next(): number {
    return this.delivered.size;
  }

  /** The value of the next element. */
  push(): unknown {
    const number = this.id * MOST_ELEMENTS + this.pushed++;
    return this.plan.isNumeric ? number : String(number);
  }

  /** What becomes of an element this time. */
  tryOf(index: number): Try {
    const { tries } = this.#planned[index] ?? PLAIN_ELEMENT;
    const nth = (this.starts.get(index) ?? 0) + (this.losses.get(index) ?? 0);
    return tries[Math.min(nth, tries.length - 1)]!;
  }

  /** A slot is given these elements, to be run in this order. */
  handOut(indices: readonly number[]): void {
    const { keys } = this.plan;
    if (keys !== undefined) this.#checkKeys(keys, indices);
    for (const index of indices) this.#handOut(index);
  }

  /**
   * Of each key, all that came before have ended, or are about to end in the same batch; but not if one may be
   * tried again.
   */
  #checkKeys(keys: number, indices: readonly number[]): void {
    const ahead = new Set<number>();
    for (const index of indices) {
      for (let before = index % keys; before < index; before += keys) {
        const isOver = this.#hasEnded(before) || ahead.has(before);
        this.#demand(isOver, `element ${index} waits for ${before}, which is of its key`);
      }
      if (this.plan.retry === undefined) ahead.add(index);
    }
  }

  /** A worker starts an element. */
  start(index: number): void {
    this.starts.set(index, (this.starts.get(index) ?? 0) + 1);
    const key = this.keyOf(index);
    const isAlone =
      key === undefined || ![...this.running].some((one) => Object.is(this.keyOf(one), key));
    this.#demand(isAlone, `element ${index} runs beside no other of its key`);
    this.running.add(index);
  }

  /** It runs no more, however it ended. */
  stop(index: number): void {
    this.running.delete(index);
  }

  #handOut(index: number): void {
    const { onSlots, losses, told } = this;
    this.#demand(this.isOpen, `hands nothing out after its end (${index})`);
    this.#demand(!onSlots.has(index), `element ${index} is on one slot at a time`);
    const { window = Infinity } = this.plan;
    this.#demand(index < this.#next + window, `element ${index} is within the window`);
    this.#demand(!told.has(index), `element ${index}, which has ended, does not run again`);
    this.#demand((losses.get(index) ?? 0) < MOST_LOSSES, `element ${index} is given up in time`);
    this.#demand(
      (this.due.get(index) ?? 0) <= this.#ledger.now,
      `element ${index} is tried again in its time`,
    );
    this.due.delete(index);
    this.suspects.delete(index);
    onSlots.add(index);
  }

  /** @param wasApart whether it was to run alone, and still is */
  giveBack(index: number, wasApart = false): void {
    if (wasApart) this.suspects.add(index);
    this.onSlots.delete(index);
  }

  /** A slot tells how an element ended. */
  tell(index: number, told: Told): void {
    this.onSlots.delete(index);
    this.attempts.set(index, this.#attemptsOf(index) + 1);
    if ('reason' in told && endsItsWorker(told.reason)) {
      this.kills.set(index, (this.kills.get(index) ?? 0) + 1);
    }
    if ('reason' in told && this.#isTriedAgain(index, told.reason)) {
      if (this.isOpen) this.retried++;
      this.due.set(index, this.#ledger.now + this.plan.retry!.delay);
      const { perWorker = 1 } = this.plan;
      if (perWorker > 1 && endsItsWorker(told.reason)) this.suspects.add(index);
    } else {
      this.told.set(index, told);
    }
  }

  #attemptsOf(index: number): number {
    return this.attempts.get(index) ?? 0;
  }

  #isTriedAgain(index: number, reason: unknown): boolean {
    const { count, isPicky } = this.plan.retry ?? { count: 0, isPicky: false };
    if (this.#attemptsOf(index) > count || this.#isQuarantined(index)) return false;
    return !(isPicky && reason instanceof TaskError);
  }

  #isQuarantined(index: number): boolean {
    return this.plan.retry !== undefined && (this.kills.get(index) ?? 0) >= MOST_KILLS;
  }

  /** The observer is given results. */
  deliver(index: number, result: unknown): void {
    this.#demand(this.isOpen, `gives nothing out after its end (${index})`);
    this.#demand(!this.delivered.has(index), `element ${index} ends once`);
    this.#demand(index < this.pushed, `element ${index} was in the input`);
    const isInOrder = this.plan.window === undefined || index === this.#next;
    this.#demand(isInOrder, `element ${index} comes in its order`);
    this.#demand(this.#comesInOrder(index), `element ${index} comes after those of its key`);
    this.delivered.add(index);
    if (!this.plan.settled) {
      this.results++;
      return this.#demand(this.#isTold(index, { value: result }), `result ${index} is its own`);
    }
    const settled = result as SettledElement<unknown>;
    if (settled.status === 'fulfilled') this.results++;
    else this.failures++;
    const told = settled.status === 'fulfilled' ? { value: settled.value } : settled;
    // One that is given up was not told of.
    const attempts = this.#attemptsOf(index) + Number(!this.told.has(index));
    this.#demand(settled.attempts === attempts, `element ${index} was tried ${attempts} times`);
    const isOwn = settled.index === index;
    this.#demand(isOwn && this.#isTold(index, told), `how element ${index} ended is its own`);
  }

  /** An element whose outcome was lost runs again, also if the worker went on to the next of its key. */
  #comesInOrder(index: number): boolean {
    const { keys = Infinity } = this.plan;
    return index < keys || this.delivered.has(index - keys) || this.hasLostOutcomes;
  }

  leave(how: 'complete' | 'error' | 'cancelled'): void {
    this.end = how;
    this.#ledger.lastEnd = this.#ledger.now;
  }

  /** The observer is told of the end. */
  finish(how: 'complete' | 'error', error?: unknown): void {
    this.#demand(this.isOpen, `ends once (${how} after ${this.end})`);
    this.leave(how);
    // Else it is the whole call that has failed.
    if ((error as { index?: number } | undefined)?.index !== undefined) this.failures++;
    if (how === 'error')
      return this.#demand(this.#mayFailWith(error), `fails for a cause: ${String(error)}`);
    this.#demand(this.delivered.size === this.pushed, 'completes with all of its elements');
  }

  #isTold(index: number, ended: Told): boolean {
    const told = this.told.get(index);
    if (told === undefined) return 'reason' in ended && this.#isGivenUp(index, ended.reason);
    if ('value' in told) return 'value' in ended && told.value === ended.value;
    return 'reason' in ended && this.#isSame(index, told.reason, ended.reason);
  }

  /** The error of an element that is not tried again tells of that. */
  #isSame(index: number, told: unknown, given: unknown): boolean {
    if (!this.#isQuarantined(index) || !endsItsWorker(told)) return told === given;
    if (told instanceof TaskTimeoutError) {
      return given instanceof TaskTimeoutError && given.index === index && given.workerEnded;
    }
    const isItsOwn = given instanceof WorkerCrashedError && given.index === index;
    return isItsOwn && given.when === 'quarantined';
  }

  #isGivenUp(index: number, reason: unknown): boolean {
    const isItsOwn = reason instanceof WorkerCrashedError && reason.index === index;
    return isItsOwn && this.losses.get(index) === MOST_LOSSES;
  }

  #mayFailWith(error: unknown): boolean {
    const { isDestroyed, futileSlots } = this.#ledger;
    if (error === this.abortReason) return true;
    if (error instanceof Error && error.name === 'PoolClosedError') return isDestroyed;
    if (this.#tellsOfALoss(error) && futileSlots >= MOST_LOSSES) return true;
    if (this.plan.settled) return false;
    for (const [index, told] of this.told) {
      if (!('reason' in told) || !this.#isSame(index, told.reason, error)) continue;
      return !this.delivered.has(index);
    }
    const index = error instanceof WorkerCrashedError ? error.index : undefined;
    return index !== undefined && this.#isGivenUp(index, error);
  }

  /** Each call has an error of its own, as it shows where the call was made. */
  #tellsOfALoss(error: unknown): boolean {
    const { losses, toldLosses } = this.#ledger;
    if (toldLosses.has(error)) return false;
    toldLosses.add(error);
    return [...losses].some((loss) => String(loss) === String(error));
  }

  #demand(isKept: boolean, promise: string): void {
    this.#ledger.demand(isKept, `lane ${this.id} ${promise}`);
  }
}

function endsItsWorker(reason: unknown): boolean {
  if (reason instanceof TaskTimeoutError) return reason.workerEnded;
  return reason instanceof WorkerCrashedError;
}
