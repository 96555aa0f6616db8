/** What the scheduler remembers of lanes, slots and batches. */
import type { BatchId, LaneId, Millis, SlotId } from './facts.js';
import type { Pace } from './Pace.js';
import type { Turn } from './Turns.js';
import type { Taken, WaitingElements } from './WaitingElements.js';

export interface Lane extends Turn {
  readonly id: LaneId;
  /** Slots that may serve this lane at once. */
  readonly limit: number;
  /** Whether its elements cannot be taken back. */
  readonly pinned: boolean;
  /** Elements of a batch, where the call fixed it. */
  readonly batchSize: number | undefined;
  readonly pace: Pace;
  readonly waiting: WaitingElements;
  /** Batches now on a slot. */
  readonly inFlight: Set<Batch>;
  /** The slots that hold them, and how many each. */
  readonly slots: Map<Slot, number>;
  /** Its batches of which something may be taken back, in the order in which they were started. */
  readonly movable: Set<Batch>;
  /** `ended`: its input is complete. `cancelled`: and nobody wants its results. */
  phase: 'open' | 'ended' | 'cancelled';
  /** How many slots were lost with an element, for those that were next to start then. */
  readonly losses: Map<number, number>;
  /** Its first elements wait, after it had none: they shall not wait for what slots hold already. */
  isFresh: boolean;
  /** Slots that it could use now, beyond those that serve it. Kept by `#update`. */
  claim: number;
}

export interface Slot {
  readonly id: SlotId;
  phase: 'opening' | 'open' | 'lost';
  /** The batch that runs, then the one that waits for it. */
  readonly batches: Batch[];
  /** Held a batch since the last idle period began. */
  used: boolean;
  /** Elements that it holds or that ended on it. */
  handed: number;
  /** An element ended on it. */
  hasServed: boolean;
  /** The batch that ran on it when it was lost. */
  lostWith: Batch | undefined;
}

export interface Batch {
  readonly id: BatchId;
  readonly slot: Slot;
  readonly lane: Lane;
  readonly taken: Taken;
  /** Elements in it. */
  readonly count: number;
  /** What its lane was charged for it. */
  readonly charge: Millis;
}
