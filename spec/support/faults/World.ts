/** What a made-up world has in store for a pool: data, to be made up by fast-check and lived again. */
import type { Millis } from '../../../lib/executors/Executor.js';

export interface World {
  /** Slots at most. */
  readonly size: number;
  readonly idleTimeout: Millis;
  /** Elements that a slot may run before another takes its place. */
  readonly elementsPerSlot: number;
  /** What each batch costs its slot before its first element starts. */
  readonly overhead: Millis;
  readonly canReclaim: boolean;
  readonly lanes: readonly LanePlan[];
  /** What becomes of each slot, in the order in which they are opened; further ones have no faults. */
  readonly slots: readonly SlotPlan[];
  readonly interventions: readonly Intervention[];
}

export interface LanePlan {
  readonly limit: number;
  /** Elements that a slot runs at once. */
  readonly perWorker?: number;
  readonly batchSize?: number;
  /** What `cost` gives for each element: what orders them, or nothing. */
  readonly costs?: 'equal' | 'rising' | 'falling';
  /** How many keys its elements have: each shares its own with every so many. Not together with costs. */
  readonly keys?: number;
  readonly settled: boolean;
  /** How elements that fail are tried again; not at all if undefined. */
  readonly retry: RetryPlan | undefined;
  /** How long an element may run. */
  readonly timeout: Millis | undefined;
  /** Whether its elements are moved to their slots, so that they cannot run on another. */
  readonly pinned: boolean;
  /** Where results come in order: how far the elements that run may be ahead of the first one without. */
  readonly window: number | undefined;
  readonly hasShared: boolean;
  /** Whether its elements are numbers, which travel packed. */
  readonly isNumeric: boolean;
  readonly opensAt: Millis;
  readonly arrivals: readonly Arrival[];
  /** From the last arrival to the end of the input. */
  readonly endsAfter: Millis;
  readonly reactions: readonly Reaction[];
}

export interface RetryPlan {
  readonly count: number;
  readonly delay: Millis;
  /** Whether what an element threw is not worth another try. */
  readonly isPicky: boolean;
}

/** Elements that come at once, so long after those before them. */
export interface Arrival {
  readonly after: Millis;
  readonly how: 'one by one' | 'together';
  readonly elements: readonly ElementPlan[];
}

/** What becomes of an element whenever a slot runs it. */
export interface ElementPlan {
  /** The first time, the second time, and so on; the last of them stands for all that follow. */
  readonly tries: readonly [Try, ...Try[]];
}

export interface Try {
  /**
   * `crashes`: its slot is lost while it runs. `keepsFromStarting`: its slot is lost with it before it is
   * claimed. `hangs`: never ends of itself.
   */
  readonly end: 'value' | 'throws' | 'crashes' | 'keepsFromStarting' | 'hangs';
  /** How long it takes; synchronous if there is no time. */
  readonly takes?: Millis;
  /** Whether what ended until then is told while others of the batch follow. */
  readonly isReported: boolean;
  /** From the abort until it ends as it would have ended; it does not obey if there is none. */
  readonly obeysAfter?: Millis;
}

export interface SlotPlan {
  /** From `open` until it is ready, or has failed; at once if there is no time. */
  readonly opensAfter?: Millis;
  readonly failsToOpen: boolean;
  /** Whether it says, when it fails to open, that others would as well. */
  readonly failsForGood?: boolean;
  /** From its opening until it is lost, whatever it does then. */
  readonly lostAfter?: Millis;
  /** Whether outcomes that were not told yet are lost with it, as those of a worker that is killed. */
  readonly losesOutcomes: boolean;
  /** How much later the main thread hears what happens on the slot. */
  readonly lag: Millis;
  /** From `close` until nothing is left of it; at once if there is no time, and it has no lag. */
  readonly closesAfter?: Millis;
}

export type Action = 'push' | 'end' | 'cancel' | 'abort' | 'close' | 'destroy' | 'open';

/** What a user does after so many events of the world, whatever goes on then. */
export interface Intervention {
  readonly step: number;
  /** A lane, counted round and round. */
  readonly lane: number;
  readonly does: Action;
}

/** What an observer does from within the nth call of its method, or a user from within `transfer` or `retry`. */
export interface Reaction {
  readonly on: 'next' | 'error' | 'complete' | 'transfer' | 'retry';
  readonly nth: number;
  readonly does: Action;
}

export const FAULTLESS_SLOT: SlotPlan = { failsToOpen: false, losesOutcomes: false, lag: 0 };

/** For elements that were not planned: those that reactions and interventions push. */
export const PLAIN_ELEMENT: ElementPlan = {
  tries: [{ end: 'value', takes: 1, isReported: false }],
};
