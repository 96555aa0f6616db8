/** One call's place in a pool: keeps its elements until they have ended, and gives out its results. */
import type { ParallelError } from '../errors.js';
import type { Millis, Outcome } from '../executors/Executor.js';
import type { Fact, LaneId } from '../scheduler/facts.js';
import type { PreparedTask } from '../task/prepareTask.js';
import { followSignal } from './followSignal.js';

/** How one element ended, as a value. What a call with `settled: true` gives for each element. */
export type SettledElement<R> = {
  /** The element's place in the input, from 0. */
  readonly index: number;
  /** How often it was tried: once, since nothing is retried yet. */
  readonly attempts: number;
  /** Milliseconds that the function took in the worker; 0 if it did not come to an end there. */
  readonly duration: Millis;
} & (
  | { readonly status: 'fulfilled'; readonly value: R }
  | { readonly status: 'rejected'; readonly reason: ParallelError }
);

/** Told of a lane's results, as they come: any number of `next`, then one of the others. */
export interface LaneObserver {
  /** @param result what the function gave; a SettledElement if the lane is settled */
  next(result: unknown, index: number): void;
  error(error: unknown): void;
  complete(): void;
}

export interface LaneOptions {
  readonly task: PreparedTask;
  /** Workers that may serve the lane at once. */
  readonly concurrency: number;
  /** Whether failures are results too; else the first one ends the lane. */
  readonly settled: boolean;
  /** Ends the lane with the signal's reason. */
  readonly signal: AbortSignal | undefined;
}

/** What a pool delivers to a lane, and nobody else does. */
export interface Delivery {
  readonly index: number;
  readonly outcome: Outcome;
}

export class Lane {
  readonly id: LaneId;
  readonly task: PreparedTask;
  readonly #settled: boolean;
  readonly #tell: (fact: Fact) => void;
  /** Undefined once nobody is to be told of anything any more. */
  #observer: LaneObserver | undefined;
  /** Elements that have not ended, by their place in the input. */
  readonly #elements = new Map<number, unknown>();
  #arrived = 0;
  #unfollow: (() => void) | undefined;

  constructor(
    id: LaneId,
    { task, settled }: LaneOptions,
    observer: LaneObserver,
    tell: (fact: Fact) => void,
  ) {
    this.id = id;
    this.task = task;
    this.#settled = settled;
    this.#observer = observer;
    this.#tell = tell;
  }

  /** Whether anybody still waits for results. */
  get isOpen(): boolean {
    return this.#observer !== undefined;
  }

  /** Adds an element at the end of the input. Without effect once the lane is not open any more. */
  push(value: unknown): void {
    this.pushAll([value]);
  }

  pushAll(values: readonly unknown[]): void {
    if (!this.isOpen || values.length === 0) return;
    for (const value of values) this.#elements.set(this.#arrived++, value);
    this.#tell({ type: 'elementsArrived', lane: this.id, count: values.length });
  }

  /** Says that the input is complete. */
  end(): void {
    if (this.isOpen) this.#tell({ type: 'laneEnded', lane: this.id });
  }

  /** Nobody is told of anything from now on, and what has not started never will. */
  cancel(): void {
    if (this.#leave()) this.#tell({ type: 'laneCancelled', lane: this.id });
  }

  /** Ends the call with an error, and cancels the rest of it. */
  fail(error: unknown): void {
    const observer = this.#observer;
    this.cancel();
    observer?.error(error);
  }

  /** Fails with the signal's reason when it is aborted. */
  follow(signal: AbortSignal): void {
    this.#unfollow = followSignal(signal, (reason) => {
      this.fail(reason);
    });
  }

  /** For the pool: the elements at these places. They are kept, in case they must run again. */
  elementsAt(indices: readonly number[]): unknown[] {
    return indices.map((index) => this.#elements.get(index));
  }

  /** For the pool: whether the lane goes on after these outcomes. */
  survives(settled: readonly { readonly outcome: Outcome }[]): boolean {
    return this.#settled || settled.every(({ outcome }) => outcome.status === 'fulfilled');
  }

  /** For the pool: these elements have ended. */
  deliver(deliveries: readonly Delivery[]): void {
    for (const { index, outcome } of deliveries) {
      this.#elements.delete(index);
      if (this.#settled) this.#observer?.next(settledElement(index, outcome), index);
      else if (outcome.status === 'fulfilled') this.#observer?.next(outcome.value, index);
      else this.fail(outcome.reason);
    }
  }

  /** For the pool: every element has been delivered, and the input is complete. */
  complete(): void {
    this.#leave()?.complete();
  }

  #leave(): LaneObserver | undefined {
    const observer = this.#observer;
    this.#observer = undefined;
    this.#elements.clear();
    this.#unfollow?.();
    return observer;
  }
}

function settledElement(index: number, outcome: Outcome): SettledElement<unknown> {
  return { ...outcome, index, attempts: 1 };
}
