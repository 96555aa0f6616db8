/** Decides which slot runs which element next. Knows no clock, no threads, no values. */
import type { BatchId, Command, Fact, LaneId, Millis, Range, SlotId } from './facts.js';
import { Pace } from './Pace.js';
import type { Batch, Lane, Slot } from './state.js';
import { Turns } from './Turns.js';
import { DearestFirst, InInputOrder } from './WaitingElements.js';

/**
 * How often something may go wrong before it is given up. Once may be bad luck; three times is a
 * cause that stays. It counts
 * - slots that failed to open or were lost without ever having had an element, one after the other
 *   and with no element ended elsewhere in between: what waits is failed;
 * - slots that were lost with the same element before it started: that element is failed.
 */
const TRIES = 3;

/**
 * Batches that a slot may hold: one that runs, and one that is there when it ends, so that the slot
 * never waits for the main thread. Doubles the throughput of small batches.
 */
const BATCHES_PER_SLOT = 2;

/**
 * Milliseconds after which a batch that was too short to be worth moving, and still has not
 * returned, is taken to be stuck behind a long element: a few times what such a batch lasts.
 */
const STUCK_AFTER: Millis = 2;

export interface SchedulerOptions {
  /** Slots at most, whatever the lanes ask for. */
  readonly size: number;
  /** Milliseconds that one more batch costs the executor. */
  readonly overhead: Millis;
  /** Whether the executor can take back what has not started of a batch. */
  readonly canReclaim: boolean;
}

/**
 * A pure state machine: `handle` takes a fact and answers with commands. The same facts in the
 * same order give the same commands, so that a schedule can be simulated, recorded and replayed.
 * The work per fact does not grow with the slots or the lanes, but for the logarithm of the lanes.
 *
 * It promises (spec/scheduler shows each, most of them as properties of random worlds):
 * - no lane is served by more slots than its limit, and no slot holds more than two batches;
 * - no slot idles while an element waits that it may run, or can be taken back for it;
 * - every element is handed out once, and again only after it was given back unstarted;
 * - lanes get equal shares of the slots' time;
 * - a lane closes once its input has ended and nothing is left of it.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #lanes = new Map<LaneId, Lane>();
  readonly #slots = new Map<SlotId, Slot>();
  readonly #batches = new Map<BatchId, Batch>();
  /** Last in, first out, so that slots which are not needed idle long enough to be closed. */
  readonly #idle: Slot[] = [];
  /** The lanes that claim a slot. */
  readonly #ready = new Turns<Lane>();
  /** Sum of the lanes' claims. */
  #claims = 0;
  /** Lanes with room for a slot more and nothing to run there but what another slot holds. */
  readonly #starved = new Set<Lane>();
  /** For each limit, how many lanes have it: the largest is how many slots are wanted. */
  readonly #limits = new Map<number, number>();
  #opening = 0;
  /** Slots lost or failed in vain since an element last ended. */
  #futileSlots = 0;
  /** Slots that have just got room for a batch after the one that runs. */
  readonly #roomy: Slot[] = [];
  /** Batches to be taken back if they are still there when `wokenUp` comes; undefined: not asked. */
  #suspects: Set<Batch> | undefined;
  /**
   * Whether elements are on their way from one slot to another: they are left there for a while, or
   * two slots that have not woken up yet would take them from each other.
   */
  #isMoving = false;
  #nextSlot = 0;
  #nextBatch = 0;
  #commands: Command[] = [];

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  handle(fact: Fact): readonly Command[] {
    this.#commands = [];
    this.#isMoving = fact.type === 'batchReclaimed';
    this.#note(fact);
    this.#fillIdleSlots();
    this.#openSlots();
    this.#reclaimForIdleSlots();
    return this.#commands;
  }

  #note(fact: Fact): void {
    switch (fact.type) {
      case 'laneOpened':
        return this.#openLane(fact);
      case 'elementsArrived':
        return this.#addElements(known(this.#lanes, fact.lane, fact), fact.count, fact.costs);
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
        return this.#takeBack(known(this.#batches, fact.batch, fact), fact);
      case 'batchReclaimed':
        return this.#takeUnstarted(known(this.#batches, fact.batch, fact), fact.unstarted);
      case 'graceExpired':
        return this.#replaceSlot(known(this.#batches, fact.batch, fact).slot);
      case 'idlePeriodPassed':
        return this.#closeUnusedSlots();
      case 'wokenUp':
        return this.#reclaimSuspects();
    }
  }

  #openLane({
    lane: id,
    limit,
    batchSize,
    pinned = false,
    pace,
  }: Extract<Fact, { type: 'laneOpened' }>): void {
    // Whatever kept slots from opening for the calls before may be gone.
    if (this.#lanes.size === 0) this.#futileSlots = 0;
    this.#lanes.set(id, {
      id,
      limit,
      batchSize,
      pinned,
      pace: new Pace(this.#options.overhead, pace),
      waiting: new InInputOrder(),
      inFlight: new Set(),
      slots: new Map(),
      movable: new Set(),
      losses: new Map(),
      phase: 'open',
      claim: 0,
      served: 0,
      entry: undefined,
    });
    this.#limits.set(limit, (this.#limits.get(limit) ?? 0) + 1);
  }

  #addElements(lane: Lane, count: number, costs?: readonly number[]): void {
    if (lane.phase === 'cancelled') return;
    if (costs && !(lane.waiting instanceof DearestFirst)) lane.waiting = new DearestFirst();
    lane.waiting.arrive(count, costs);
    this.#update(lane);
  }

  #endLane(lane: Lane): void {
    if (lane.phase === 'cancelled') return;
    lane.phase = 'ended';
    this.#closeLaneIfDone(lane);
  }

  #cancelLane(lane: Lane): void {
    lane.phase = 'cancelled';
    lane.waiting.clear();
    lane.movable.clear();
    this.#update(lane);
    for (const { id, slot } of lane.inFlight) {
      this.#commands.push({ type: 'abortBatch', batch: id, slot: slot.id });
    }
    this.#closeLaneIfDone(lane);
  }

  #useSlot(slot: Slot): void {
    this.#opening--;
    slot.phase = 'open';
    this.#idle.push(slot);
  }

  #forgetSlot(slot: Slot): void {
    if (slot.phase === 'opening') this.#opening--;
    else if (slot.batches.length === 0) this.#idle.splice(this.#idle.indexOf(slot), 1);
    this.#slots.delete(slot.id);
    if (!slot.hasServed && slot.batches.length === 0) this.#futileSlots++;
    slot.phase = 'lost';
    slot.lostWith = slot.batches[0];
  }

  /** Its batches return once it is closed; meanwhile another slot can be opened in its place. */
  #replaceSlot(slot: Slot): void {
    if (this.#slots.delete(slot.id)) this.#commands.push({ type: 'closeSlot', slot: slot.id });
  }

  #takeBack(
    batch: Batch,
    { settled, unstarted, busy }: Extract<Fact, { type: 'batchReturned' }>,
  ): void {
    const { id, slot, lane } = batch;
    this.#batches.delete(id);
    this.#suspects?.delete(batch);
    lane.movable.delete(batch);
    lane.inFlight.delete(batch);
    const others = lane.slots.get(slot)! - 1;
    if (others > 0) lane.slots.set(slot, others);
    else lane.slots.delete(slot);
    if (settled > 0) {
      this.#futileSlots = 0;
      slot.hasServed = true;
    }
    lane.pace.measure(busy, settled);
    this.#ready.correct(lane, busy - batch.charge);
    this.#freeSlot(slot, batch);
    const isSuspect = slot.lostWith === batch && settled === 0;
    this.#takeUnstarted(batch, isSuspect ? this.#withoutDoomed(lane, unstarted) : unstarted);
    this.#closeLaneIfDone(lane);
  }

  #freeSlot(slot: Slot, batch: Batch): void {
    slot.batches.splice(slot.batches.indexOf(batch), 1);
    if (!this.#slots.has(slot.id)) return;
    const [next] = slot.batches;
    if (next === undefined) return void this.#idle.push(slot);
    this.#roomy.push(slot);
    // Its only element starts now.
    if (next.count > 1) return;
    this.#suspects?.delete(next);
    if (next.lane.movable.delete(next)) this.#update(next.lane);
  }

  #takeUnstarted({ lane }: Batch, unstarted: readonly Range[]): void {
    if (lane.phase !== 'cancelled') lane.waiting.giveBack(unstarted);
    this.#update(lane);
  }

  /** What to run again of a batch whose slot was lost: its first element may be the cause. */
  #withoutDoomed(lane: Lane, unstarted: readonly Range[]): readonly Range[] {
    const [range, ...others] = unstarted;
    if (range === undefined || lane.phase === 'cancelled') return unstarted;
    const { start: index, end } = range;
    const losses = (lane.losses.get(index) ?? 0) + 1;
    lane.losses.set(index, losses);
    if (losses < TRIES) return unstarted;
    lane.losses.delete(index);
    this.#commands.push({ type: 'failElement', lane: lane.id, index });
    return index + 1 < end ? [{ start: index + 1, end }, ...others] : others;
  }

  #closeUnusedSlots(): void {
    for (const slot of this.#idle.filter(({ used }) => !used)) {
      this.#idle.splice(this.#idle.indexOf(slot), 1);
      this.#slots.delete(slot.id);
      this.#commands.push({ type: 'closeSlot', slot: slot.id });
    }
    for (const slot of this.#idle) slot.used = false;
  }

  /** Brings a lane's place among those that claim or lack elements up to date. */
  #update(lane: Lane): void {
    const room = lane.limit - lane.slots.size;
    const claim = Math.min(lane.waiting.size, room);
    this.#claims += claim - lane.claim;
    lane.claim = claim;
    if (claim > 0) this.#ready.join(lane);
    else this.#ready.leave(lane);
    if (room > 0 && lane.waiting.size === 0 && lane.movable.size > 0) this.#starved.add(lane);
    else this.#starved.delete(lane);
  }

  #closeLaneIfDone(lane: Lane): void {
    if (lane.phase === 'open' || lane.waiting.size > 0 || lane.inFlight.size > 0) return;
    this.#lanes.delete(lane.id);
    const others = this.#limits.get(lane.limit)! - 1;
    if (others > 0) this.#limits.set(lane.limit, others);
    else this.#limits.delete(lane.limit);
    this.#commands.push({ type: 'closeLane', lane: lane.id, pace: lane.pace.current });
  }

  /** First a batch for each idle slot, then a second one for those that have room for it. */
  #fillIdleSlots(): void {
    for (let lane; this.#idle.length > 0 && (lane = this.#ready.peek());) {
      const slot = this.#idle.pop()!;
      this.#startBatch(slot, lane);
      this.#roomy.push(slot);
    }
    for (const slot of this.#roomy) this.#fillAhead(slot);
    this.#roomy.length = 0;
  }

  #fillAhead(slot: Slot): void {
    const [running] = slot.batches;
    if (running === undefined || slot.batches.length >= BATCHES_PER_SLOT) return;
    const lane = this.#nextLaneOn(running.lane);
    // A lane that is not quick loses nothing by waiting, and what slots on their way could run
    // at once is left to them.
    if (lane?.pace.isQuick && lane.waiting.size > this.#opening) this.#startBatch(slot, lane);
  }

  /** The lane that may come next on a slot which another one, perhaps at its limit, uses already. */
  #nextLaneOn(present: Lane): Lane | undefined {
    const next = this.#ready.peek();
    if (present.waiting.size === 0) return next;
    return next === undefined || present.served <= next.served ? present : next;
  }

  #startBatch(slot: Slot, lane: Lane): void {
    const { waiting, pace, limit } = lane;
    const slots = Math.min(limit, this.#slots.size);
    const count = Math.min(waiting.size, lane.batchSize ?? pace.batchSize(waiting.size, slots));
    const batch: Batch = { id: this.#nextBatch++, slot, lane, count, charge: pace.expect(count) };
    const ranges = waiting.take(count);
    const canMove = !lane.pinned && (count > 1 || slot.batches.length > 0);
    if (canMove && this.#isMoving) this.#suspect(batch);
    else if (canMove) lane.movable.add(batch);
    slot.used = true;
    slot.batches.push(batch);
    lane.inFlight.add(batch);
    lane.slots.set(slot, (lane.slots.get(slot) ?? 0) + 1);
    this.#batches.set(batch.id, batch);
    this.#commands.push({
      type: 'startBatch',
      batch: batch.id,
      slot: slot.id,
      lane: lane.id,
      ranges,
    });
    this.#ready.charge(lane, batch.charge);
    this.#update(lane);
  }

  /** Opens as many slots as could be used at once and are not yet on their way. */
  #openSlots(): void {
    if (this.#claims <= this.#opening) return;
    if (this.#futileSlots >= TRIES) return this.#giveUpIfNoneIsLeft();
    const wanted = Math.min(this.#options.size, Math.max(0, ...this.#limits.keys()));
    while (this.#opening < this.#claims && this.#slots.size < wanted) {
      const slot: Slot = {
        id: this.#nextSlot++,
        phase: 'opening',
        batches: [],
        used: true,
        hasServed: false,
        lostWith: undefined,
      };
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

  /**
   * Takes back, for a slot that idles, what has not started of the oldest batch elsewhere. One batch
   * at a time: what it gives back is known only with the next fact. A batch too short to be worth
   * that is left alone, unless it is still there after a while.
   */
  #reclaimForIdleSlots(): void {
    if (this.#idle.length === 0 || !this.#options.canReclaim) return;
    for (const lane of this.#starved) {
      for (const batch of lane.movable) {
        if (lane.pace.isWorthMoving(batch.count)) return this.#reclaim(batch);
        this.#suspect(batch);
      }
      this.#update(lane);
    }
  }

  #reclaim(batch: Batch): void {
    const { id, slot, lane } = batch;
    lane.movable.delete(batch);
    this.#update(lane);
    this.#commands.push({ type: 'reclaimBatch', batch: id, slot: slot.id });
  }

  #suspect(batch: Batch): void {
    batch.lane.movable.delete(batch);
    if (!this.#suspects) {
      this.#suspects = new Set();
      this.#commands.push({ type: 'wakeMe', after: STUCK_AFTER });
    }
    this.#suspects.add(batch);
  }

  #reclaimSuspects(): void {
    const suspects = this.#suspects ?? [];
    this.#suspects = undefined;
    for (const batch of suspects) {
      if (batch.lane.phase === 'cancelled') continue;
      const { limit, slots } = batch.lane;
      if (this.#idle.length > 0 && slots.size < limit) this.#reclaim(batch);
      else batch.lane.movable.add(batch);
      this.#update(batch.lane);
    }
  }
}

/** A fact about something unknown is a mistake of whoever tells it; going on would lose elements. */
function known<K, V>(map: ReadonlyMap<K, V>, key: K, fact: Fact): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`Unknown to the scheduler: ${JSON.stringify(fact)}`);
  return value;
}
