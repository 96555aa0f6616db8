/** Decides which slot runs which element next. Knows no clock, no threads, no values. */
import type { BatchId, Command, Fact, LaneId, SlotId } from './facts.js';
import { WaitingElements } from './WaitingElements.js';

/**
 * Elements of one batch. One by one, as in the tutorial that this library descends from, so that
 * a long element never holds up a neighbour.
 */
const BATCH_SIZE = 1;

/**
 * How often something may go wrong before it is given up. Once may be bad luck; three times is a
 * cause that stays. It counts
 * - slots that failed to open or were lost without ever having had an element, one after the other
 *   and with no element ended elsewhere in between: what waits is failed;
 * - slots that were lost with the same element before it started: that element is failed.
 */
const TRIES = 3;

interface Lane {
  readonly id: LaneId;
  /** Slots that may serve this lane at once. */
  readonly limit: number;
  readonly waiting: WaitingElements;
  /** Batches now on a slot. */
  readonly inFlight: Set<Batch>;
  /** `ended`: its input is complete. `cancelled`: and nobody wants its results. */
  phase: 'open' | 'ended' | 'cancelled';
  /** How many slots were lost with an element, for those that were next to start then. */
  readonly losses: Map<number, number>;
  /** Slots that it could use now, beyond those that serve it. Kept by `#claimSlots`. */
  claim: number;
}

interface Slot {
  readonly id: SlotId;
  phase: 'opening' | 'idle' | 'busy' | 'lost';
  /** Held a batch since the last idle period began. */
  used: boolean;
  /** An element ended on it. */
  hasServed: boolean;
}

interface Batch {
  readonly id: BatchId;
  readonly slot: Slot;
  readonly lane: Lane;
}

/**
 * A pure state machine: `handle` takes a fact and answers with commands. The same facts in the
 * same order give the same commands, so that a schedule can be simulated, recorded and replayed.
 *
 * It promises (spec/scheduler holds a property test for each):
 * - no lane is served by more slots than its limit, and no slot holds more than one batch;
 * - no slot idles while an element waits that it may run;
 * - every element is handed out once, and again only after it was given back unstarted;
 * - lanes take turns, batch by batch;
 * - a lane closes once its input has ended and nothing is left of it.
 */
export class Scheduler {
  /** Slots at most, whatever the lanes ask for. */
  readonly #size: number;
  readonly #lanes = new Map<LaneId, Lane>();
  readonly #slots = new Map<SlotId, Slot>();
  readonly #batches = new Map<BatchId, Batch>();
  /** Last in, first out, so that slots which are not needed idle long enough to be closed. */
  readonly #idle: Slot[] = [];
  /** Lanes that claim a slot, in the order of their turns. */
  readonly #ready = new Set<Lane>();
  /** Sum of the lanes' claims. */
  #claims = 0;
  /** For each limit, how many lanes have it: the largest is how many slots are wanted. */
  readonly #limits = new Map<number, number>();
  #opening = 0;
  /** Slots lost or failed in vain since an element last ended. */
  #futileSlots = 0;
  #nextSlot = 0;
  #nextBatch = 0;
  #commands: Command[] = [];

  constructor({ size }: { readonly size: number }) {
    this.#size = size;
  }

  handle(fact: Fact): readonly Command[] {
    this.#commands = [];
    this.#note(fact);
    this.#fillIdleSlots();
    this.#openSlots();
    return this.#commands;
  }

  #note(fact: Fact): void {
    switch (fact.type) {
      case 'laneOpened':
        return this.#openLane(fact.lane, fact.limit);
      case 'elementsArrived':
        return this.#addElements(known(this.#lanes, fact.lane, fact), fact.count);
      case 'laneEnded':
        return this.#endLane(known(this.#lanes, fact.lane, fact));
      case 'laneCancelled':
        return this.#cancelLane(known(this.#lanes, fact.lane, fact));
      case 'slotOpened':
        return this.#useSlot(known(this.#slots, fact.slot, fact));
      case 'slotFailed':
      case 'slotLost':
        return this.#forgetSlot(known(this.#slots, fact.slot, fact));
      case 'batchReturned':
        return this.#takeBack(known(this.#batches, fact.batch, fact), fact.settled, fact.unstarted);
      case 'graceExpired':
        return this.#replaceSlot(known(this.#batches, fact.batch, fact).slot);
      case 'idlePeriodPassed':
        return this.#closeUnusedSlots();
    }
  }

  #openLane(id: LaneId, limit: number): void {
    // Whatever kept slots from opening for the calls before may be gone.
    if (this.#lanes.size === 0) this.#futileSlots = 0;
    const waiting = new WaitingElements();
    this.#lanes.set(id, {
      id,
      limit,
      waiting,
      inFlight: new Set(),
      phase: 'open',
      losses: new Map(),
      claim: 0,
    });
    this.#limits.set(limit, (this.#limits.get(limit) ?? 0) + 1);
  }

  #addElements(lane: Lane, count: number): void {
    if (lane.phase === 'cancelled') return;
    lane.waiting.arrive(count);
    this.#claimSlots(lane);
  }

  #endLane(lane: Lane): void {
    if (lane.phase === 'cancelled') return;
    lane.phase = 'ended';
    this.#closeLaneIfDone(lane);
  }

  #cancelLane(lane: Lane): void {
    lane.phase = 'cancelled';
    lane.waiting.clear();
    this.#claimSlots(lane);
    for (const { id, slot } of lane.inFlight) {
      this.#commands.push({ type: 'abortBatch', batch: id, slot: slot.id });
    }
    this.#closeLaneIfDone(lane);
  }

  #useSlot(slot: Slot): void {
    this.#opening--;
    this.#idleSlot(slot);
  }

  #idleSlot(slot: Slot): void {
    slot.phase = 'idle';
    slot.used = true;
    this.#idle.push(slot);
  }

  #forgetSlot(slot: Slot): void {
    if (slot.phase === 'opening') this.#opening--;
    if (slot.phase === 'idle') this.#idle.splice(this.#idle.indexOf(slot), 1);
    this.#slots.delete(slot.id);
    if (!slot.hasServed && slot.phase !== 'busy') this.#futileSlots++;
    slot.phase = 'lost';
  }

  /** Its batch returns once it is closed; meanwhile another slot can be opened in its place. */
  #replaceSlot(slot: Slot): void {
    if (this.#slots.delete(slot.id)) this.#commands.push({ type: 'closeSlot', slot: slot.id });
  }

  #takeBack(batch: Batch, settled: number, unstarted: readonly number[]): void {
    const { id, slot, lane } = batch;
    this.#batches.delete(id);
    lane.inFlight.delete(batch);
    if (settled > 0) {
      this.#futileSlots = 0;
      slot.hasServed = true;
    }
    if (this.#slots.has(slot.id)) this.#idleSlot(slot);
    if (lane.phase !== 'cancelled') {
      const isSuspect = slot.phase === 'lost' && settled === 0;
      lane.waiting.giveBack(isSuspect ? this.#withoutDoomed(lane, unstarted) : unstarted);
    }
    this.#claimSlots(lane);
    this.#closeLaneIfDone(lane);
  }

  /** What to run again of a batch whose slot was lost: its first element may be the cause. */
  #withoutDoomed(lane: Lane, unstarted: readonly number[]): readonly number[] {
    const [first, ...others] = unstarted;
    if (first === undefined) return unstarted;
    const losses = (lane.losses.get(first) ?? 0) + 1;
    lane.losses.set(first, losses);
    if (losses < TRIES) return unstarted;
    lane.losses.delete(first);
    this.#commands.push({ type: 'failElement', lane: lane.id, index: first });
    return others;
  }

  #closeUnusedSlots(): void {
    const unused = this.#idle.filter((slot) => !slot.used);
    for (const slot of unused) {
      this.#idle.splice(this.#idle.indexOf(slot), 1);
      this.#slots.delete(slot.id);
      this.#commands.push({ type: 'closeSlot', slot: slot.id });
    }
    for (const slot of this.#idle) slot.used = false;
  }

  /** Brings a lane's claim, and with it its place among those that take turns, up to date. */
  #claimSlots(lane: Lane): void {
    const claim = Math.min(lane.waiting.size, lane.limit - lane.inFlight.size);
    this.#claims += claim - lane.claim;
    lane.claim = claim;
    if (claim > 0) this.#ready.add(lane);
    else this.#ready.delete(lane);
  }

  #closeLaneIfDone(lane: Lane): void {
    if (lane.phase === 'open' || lane.waiting.size > 0 || lane.inFlight.size > 0) return;
    this.#lanes.delete(lane.id);
    const others = (this.#limits.get(lane.limit) ?? 0) - 1;
    if (others > 0) this.#limits.set(lane.limit, others);
    else this.#limits.delete(lane.limit);
    this.#commands.push({ type: 'closeLane', lane: lane.id });
  }

  #fillIdleSlots(): void {
    for (const lane of this.#ready) {
      const slot = this.#idle.pop();
      if (slot === undefined) return;
      this.#startBatch(slot, lane);
      // To the back of the queue; the loop meets it again there while it still claims a slot.
      this.#ready.delete(lane);
      this.#claimSlots(lane);
    }
  }

  #startBatch(slot: Slot, lane: Lane): void {
    const batch: Batch = { id: this.#nextBatch++, slot, lane };
    const indices = lane.waiting.take(BATCH_SIZE);
    slot.phase = 'busy';
    lane.inFlight.add(batch);
    this.#batches.set(batch.id, batch);
    this.#commands.push({
      type: 'startBatch',
      batch: batch.id,
      slot: slot.id,
      lane: lane.id,
      indices,
    });
  }

  /** Opens as many slots as could be used at once and are not yet on their way. */
  #openSlots(): void {
    if (this.#claims <= this.#opening) return;
    if (this.#futileSlots >= TRIES) return this.#giveUpIfNoneIsLeft();
    const wanted = Math.min(this.#size, Math.max(0, ...this.#limits.keys()));
    while (this.#opening < this.#claims && this.#slots.size < wanted) {
      const slot: Slot = { id: this.#nextSlot++, phase: 'opening', used: true, hasServed: false };
      this.#opening++;
      this.#slots.set(slot.id, slot);
      this.#commands.push({ type: 'openSlot', slot: slot.id });
    }
  }

  #giveUpIfNoneIsLeft(): void {
    // A batch of a slot that was lost may yet return with an element that has ended.
    if (this.#slots.size > 0 || this.#batches.size > 0) return;
    for (const lane of this.#ready) {
      this.#commands.push({ type: 'failLane', lane: lane.id });
      this.#cancelLane(lane);
    }
    this.#futileSlots = 0;
  }
}

/** A fact about something unknown is a mistake of whoever tells it; going on would lose elements. */
function known<K, V>(map: ReadonlyMap<K, V>, key: K, fact: Fact): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`Unknown to the scheduler: ${JSON.stringify(fact)}`);
  return value;
}
