/** What the scheduler remembers of lanes, slots and batches, and how each begins. */
import { DearestFirst } from './DearestFirst.js';
import type { BatchId, Buffer, Fact, LaneId, Millis, SlotId } from './facts.js';
import { InInputOrder } from './InInputOrder.js';
import { InOrderOfKeys } from './InOrderOfKeys.js';
import { Losses } from './Losses.js';
import { Pace } from './Pace.js';
import { Registry } from './Registry.js';
import { RoomsByFill } from './RoomsByFill.js';
import { Suspects } from './Suspects.js';
import type { Turn } from './Turns.js';
import { WithinWindow } from './WithinWindow.js';
import type { Taken, WaitingElements } from './WaitingElements.js';

export interface Lane extends Turn {
  readonly id: LaneId;
  /** Slots that may serve this lane at once. */
  readonly limit: number;
  /** Batches that a slot may run of it at once; if more than one, of an element each. */
  readonly perSlot: number;
  /** Whether its elements cannot be taken back. */
  readonly pinned: boolean;
  /** Whether each of them goes to a slot on its own. */
  readonly alone: boolean;
  /** Elements of a batch, where the call fixed it. */
  readonly batchSize: number | undefined;
  readonly pace: Pace;
  readonly waiting: WaitingElements;
  /** Batches now on a slot. */
  readonly inFlight: Registry<Batch>;
  /** The slots that hold them. */
  slots: number;
  /** Those of them that can run another batch of it beside the others. Kept by `Rooms`. */
  readonly rooms: RoomsByFill;
  /** Its batches of which something may be taken back, in the order in which they were started. */
  readonly movable: Set<Batch>;
  /** `ended`: its input is complete. `cancelled`: and nobody wants its results. */
  phase: 'open' | 'ended' | 'cancelled';
  readonly losses: Losses;
  readonly suspects: Suspects;
  readonly buffer: Buffer | undefined;
  readonly wantsPace: boolean;
  /** Its first elements wait, after it had none: they shall not wait for what slots hold already. */
  isFresh: boolean;
  /** Slots that it could use now, beyond those that serve it. Kept by `Claims`. */
  claim: number;
}

export interface Slot {
  readonly id: SlotId;
  phase: 'opening' | 'open' | 'lost';
  /** The batch that runs, then the one that waits for it; or those of one lane that run beside each other. */
  readonly batches: Batch[];
  /** Batches that it was given since it last idled. */
  given: number;
  /** Held a batch since the last idle period began. */
  used: boolean;
  /** Elements that it holds or that ended on it. */
  handed: number;
  /** An element ended on it. */
  hasServed: boolean;
  /** Something runs on it that has no time left. */
  isOverdue: boolean;
  /** What runs on it shall run alone. */
  isApart: boolean;
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
  /** Batches that ran on its slot once it was there, itself among them; 1 where they run one after the other. */
  readonly beside: number;
  /** What its lane was charged for it. */
  readonly charge: Millis;
}

type LaneOpened = Extract<Fact, { type: 'laneOpened' }>;

/** For the lanes of which a slot runs one element at a time: those have none, and are opened as quickly as can be. */
const NO_ROOMS = new RoomsByFill();
const NO_SUSPECTS = new Suspects();

/** @param overhead milliseconds that one more batch costs the executor */
export function newLane(fact: LaneOpened, overhead: Millis): Lane {
  const { lane: id, limit, perSlot = 1, batchSize, pinned = false, alone = false } = fact;
  const { pace, buffer, wantsPace = false } = fact;
  return {
    id,
    limit,
    perSlot,
    batchSize,
    pinned,
    alone,
    pace: new Pace(overhead, pace),
    waiting: newWaitingElements(fact),
    buffer,
    wantsPace,
    inFlight: new Registry(),
    slots: 0,
    rooms: perSlot > 1 ? new RoomsByFill() : NO_ROOMS,
    movable: new Set(),
    losses: new Losses(),
    suspects: perSlot > 1 ? new Suspects() : NO_SUSPECTS,
    phase: 'open',
    claim: 0,
    isFresh: false,
    served: 0,
    pending: 0,
    entry: undefined,
  };
}

function newWaitingElements(fact: LaneOpened): WaitingElements {
  const { windowEnd } = fact;
  const waiting = newInner(fact);
  return windowEnd === undefined ? waiting : new WithinWindow(waiting, windowEnd);
}

function newInner({ byCost, byKey, onePerKey = false }: LaneOpened): WaitingElements {
  if (byCost) return new DearestFirst();
  return byKey ? new InOrderOfKeys(onePerKey) : new InInputOrder();
}

export function newSlot(id: SlotId): Slot {
  return {
    id,
    phase: 'opening',
    batches: [],
    given: 0,
    used: true,
    handed: 0,
    hasServed: false,
    isOverdue: false,
    isApart: false,
    lostWith: undefined,
  };
}

/** A fact about something unknown is a mistake of whoever tells it; going on would lose elements. */
export function known<T>(things: { get(id: number): T | undefined }, id: number, fact: Fact): T {
  const value = things.get(id);
  if (value === undefined) throw new Error(`Unknown to the scheduler: ${JSON.stringify(fact)}`);
  return value;
}
