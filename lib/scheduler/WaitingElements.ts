/** The elements of one lane that wait for a slot, now or later, in the order in which they shall run. */
import type { Range } from './facts.js';
import type { Locks } from './Locks.js';

/** Elements that were taken to be run, and what is needed to take them in again. */
export interface Taken {
  readonly ranges: readonly Range[];
  /** Elements in them. */
  readonly count: number;
  /** Slots that could run them at once: fewer than elements where some must wait for others. */
  readonly width: number;
  /** What each costs; undefined where that does not matter. */
  readonly costs?: ReadonlyMap<number, number>;
  /** The keys that they lock; undefined where they lock none. */
  readonly locks?: Locks;
}

/** Takes ranges of elements in and gives them out; says nothing of which element is whose. */
export interface WaitingElements {
  /** Elements that could run now, were there slots. */
  readonly size: number;
  /** Slots that they could use at once: fewer where some must wait for others. */
  readonly width: number;
  /** Whether some shall run before others that came earlier. */
  readonly isByCost: boolean;
  /** @param figures the cost, or the key, of each, where the lane's elements come with those */
  arrive(count: number, figures?: readonly number[]): void;
  /** Some of what was taken waits again. */
  giveBack(ranges: readonly Range[], taken: Taken): void;
  /**
   * Takes up to `count` elements: fewer where that leaves others for the other slots, so that each of
   * `slots` has something to run.
   */
  take(count: number, slots: number): Taken;
  /** Some of what was taken has ended for good. */
  settle(ranges: readonly Range[], taken: Taken): void;
  /** All of what was taken has ended, or was given back or delayed. */
  release(taken: Taken): void;
  /** All that no slot has, but for those that are delayed. */
  readonly backlog: number;
  /** Takes elements out that are not to run, up to `count`: those that came first, or last. */
  drop(count: number, which: 'oldest' | 'newest'): readonly Range[];
  /** Elements that are delayed: they are to wait again later. */
  readonly delayed: number;
  /** Some of what was taken is to wait again later. */
  delay(ranges: readonly Range[], taken: Taken): void;
  /** What was delayed waits again. */
  resume(ranges: readonly Range[]): void;
  /** Where only some may run: how many may not yet. */
  readonly held?: number;
  /** Where only some may run: those before `end` may, from now on. */
  moveTo?(end: number): void;
  clear(): void;
}
