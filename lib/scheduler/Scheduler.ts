/** Decides which slot runs which element next. Knows no clock, no threads, no values. */
import type { BatchId, Command, Fact, LaneId, Millis, Range, SlotId } from './facts.js';
import { Limits } from './Limits.js';
import { Movables } from './Movables.js';
import { MOST_PINNED_ELEMENTS, Pace } from './Pace.js';
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
 * Milliseconds before another slot is opened after one that came to nothing, and twice as long after the
 * next: a system that is short of memory or threads for a moment gets over it, and who waits for an error
 * that stays has it within half a second.
 */
const PAUSE: Millis = 100;

/**
 * Batches that a slot may hold: one that runs, and one that is there when it ends, so that the slot
 * never waits for the main thread. Doubles the throughput of small batches.
 */
const BATCHES_PER_SLOT = 2;

export interface SchedulerOptions {
  /** Slots at most, whatever the lanes ask for. */
  readonly size: number;
  /** Milliseconds that one more batch costs the executor. */
  readonly overhead: Millis;
  /** Whether the executor can take back what has not started of a batch. */
  readonly canReclaim: boolean;
  /** Elements that a slot may run before it is replaced. Default: Infinity. */
  readonly elementsPerSlot?: number | undefined;
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
  /** Sum of the lanes' claims, and how many lanes have one. */
  #claims = 0;
  #claimants = 0;
  readonly #limits = new Limits();
  #opening = 0;
  /** Slots lost or failed in vain since an element last ended. */
  #futileSlots = 0;
  /** Whether `pausePassed` is to come. */
  #pauseIsOn = false;
  /** Slots that have just got room for a batch after the one that runs. */
  readonly #roomy: Slot[] = [];
  readonly #movables: Movables;
  readonly #elementsPerSlot: number;
  /** Slots that get no more batches, since they have had all the elements that they may run. */
  readonly #spent = new Set<Slot>();
  /** Whether elements are on their way from one slot to another. */
  #isMoving = false;
  #nextSlot = 0;
  #nextBatch = 0;
  #commands: Command[] = [];

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#elementsPerSlot = options.elementsPerSlot ?? Infinity;
    this.#movables = new Movables((command) => this.#commands.push(command));
  }

  handle(fact: Fact): readonly Command[] {
    this.#commands = [];
    this.#isMoving = fact.type === 'batchReclaimed';
    this.#note(fact);
    this.#fillIdleSlots();
    this.#openSlots();
    this.#takeBackForOthers();
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
        return this.#forgetSlot(known(this.#slots, fact.slot, fact), fact.isLasting ? TRIES : 1);
      case 'slotLost':
        return this.#forgetSlot(known(this.#slots, fact.slot, fact), 1);
      case 'batchReturned':
        return this.#takeBack(known(this.#batches, fact.batch, fact), fact);
      case 'batchReclaimed':
        return this.#takeUnstarted(known(this.#batches, fact.batch, fact), fact.unstarted);
      case 'graceExpired':
        return this.#replaceSlot(known(this.#batches, fact.batch, fact).slot);
      case 'idlePeriodPassed':
        return this.#closeUnusedSlots();
      case 'wokenUp':
        return this.#movables.wakeUp(this.#mayUseIdleSlot);
      case 'pausePassed':
        this.#pauseIsOn = false;
    }
  }

  #openLane({
    lane: id,
    limit,
    batchSize,
    pinned = false,
    byCost = false,
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
      waiting: byCost ? new DearestFirst() : new InInputOrder(),
      inFlight: new Set(),
      slots: new Map(),
      movable: new Set(),
      losses: new Map(),
      phase: 'open',
      claim: 0,
      isFresh: false,
      served: 0,
      pending: 0,
      entry: undefined,
    });
    this.#limits.add(limit);
  }

  #addElements(lane: Lane, count: number, costs?: readonly number[]): void {
    if (lane.phase === 'cancelled') return;
    if (lane.waiting.size === 0) {
      this.#ready.enter(lane);
      lane.isFresh = lane.inFlight.size === 0;
    }
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
    this.#movables.forgetLane(lane);
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

  /** @param tries for how many it counts if it came to nothing */
  #forgetSlot(slot: Slot, tries: number): void {
    if (slot.phase === 'opening') this.#opening--;
    else if (slot.batches.length === 0) this.#idle.splice(this.#idle.indexOf(slot), 1);
    this.#slots.delete(slot.id);
    this.#spent.delete(slot);
    if (!slot.hasServed && slot.batches.length === 0) this.#countFutile(tries);
    slot.phase = 'lost';
    slot.lostWith = slot.batches[0];
  }

  #countFutile(tries: number): void {
    this.#futileSlots += tries;
    if (this.#pauseIsOn || this.#futileSlots >= TRIES) return;
    this.#pauseIsOn = true;
    const after = PAUSE * 2 ** (this.#futileSlots - 1);
    this.#commands.push({ type: 'pauseOpening', after });
  }

  /** Its batches return once it is closed; meanwhile another slot can be opened in its place. */
  #replaceSlot(slot: Slot): void {
    this.#spent.delete(slot);
    if (this.#slots.delete(slot.id)) this.#commands.push({ type: 'closeSlot', slot: slot.id });
  }

  #takeBack(
    batch: Batch,
    { settled, unstarted, busy }: Extract<Fact, { type: 'batchReturned' }>,
  ): void {
    const { id, slot, lane } = batch;
    this.#batches.delete(id);
    this.#movables.forget(batch);
    lane.inFlight.delete(batch);
    const others = lane.slots.get(slot)! - 1;
    if (others > 0) lane.slots.set(slot, others);
    else lane.slots.delete(slot);
    if (settled > 0) {
      this.#futileSlots = 0;
      this.#movables.noteProgress();
      slot.hasServed = true;
    }
    slot.handed += settled - batch.count;
    lane.pace.measure(busy, settled);
    this.#ready.correct(lane, batch.charge, busy);
    this.#freeSlot(slot, batch);
    const isSuspect = slot.lostWith === batch && settled === 0;
    this.#takeUnstarted(batch, isSuspect ? this.#withoutDoomed(lane, unstarted) : unstarted);
    this.#closeLaneIfDone(lane);
  }

  #freeSlot(slot: Slot, batch: Batch): void {
    slot.batches.splice(slot.batches.indexOf(batch), 1);
    if (!this.#slots.has(slot.id)) return;
    const [next] = slot.batches;
    if (next === undefined && this.#spent.has(slot)) return this.#replaceSlot(slot);
    if (next === undefined) return void this.#idle.push(slot);
    this.#roomy.push(slot);
    // Its only element starts now.
    if (next.count === 1) this.#movables.forget(next);
  }

  #takeUnstarted({ lane, taken }: Batch, unstarted: readonly Range[]): void {
    if (lane.phase !== 'cancelled') lane.waiting.giveBack(unstarted, taken);
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

  /** Brings a lane's place among those that claim slots up to date. */
  #update(lane: Lane): void {
    const claim = Math.min(lane.waiting.size, lane.limit - lane.slots.size);
    this.#claims += claim - lane.claim;
    this.#claimants += Number(claim > 0) - Number(lane.claim > 0);
    lane.claim = claim;
    if (claim > 0) this.#ready.join(lane);
    else this.#ready.leave(lane);
    this.#movables.update(lane);
  }

  #closeLaneIfDone(lane: Lane): void {
    if (lane.phase === 'open' || lane.waiting.size > 0 || lane.inFlight.size > 0) return;
    this.#lanes.delete(lane.id);
    this.#limits.remove(lane.limit);
    this.#commands.push({ type: 'closeLane', lane: lane.id, pace: lane.pace.current });
  }

  /** Not the successor of a slot that still runs its last elements, if all others run something, too. */
  get #mayUseIdleSlot(): boolean {
    const idle = this.#idle.length;
    return idle > 0 && this.#slots.size - this.#opening - idle < this.#options.size;
  }

  /** First a batch for each idle slot, then a second one for those that have room for it. */
  #fillIdleSlots(): void {
    for (let lane; this.#mayUseIdleSlot && (lane = this.#ready.peek());) {
      const slot = this.#idle.pop()!;
      this.#startBatch(slot, lane);
      this.#roomy.push(slot);
    }
    for (const slot of this.#roomy) this.#fillAhead(slot);
    this.#roomy.length = 0;
  }

  #fillAhead(slot: Slot): void {
    const [running] = slot.batches;
    const isFull = slot.batches.length >= BATCHES_PER_SLOT || this.#spent.has(slot);
    if (running === undefined || isFull) return;
    const lane = this.#nextLaneOn(running.lane);
    // What slots on their way could run at once is left to them.
    if (lane && lane.waiting.size > this.#opening && this.#mayWaitBehind(running, lane)) {
      this.#startBatch(slot, lane);
    }
  }

  /**
   * Whether elements may wait on a slot rather than here. Behind a long one they would have to be
   * taken back, and then the dearest of them would not have been the first. Those that cannot be
   * taken back are lost with the slot, so that they wait for no other lane there.
   */
  #mayWaitBehind(running: Batch, lane: Lane): boolean {
    const { pace, pinned, waiting } = lane;
    if (pinned && running.lane !== lane) return false;
    const canGoElsewhere = this.#options.canReclaim && !pinned && !waiting.isByCost;
    return canGoElsewhere ? pace.isKnown : pace.isQuick;
  }

  /** The lane that may come next on a slot which another one, perhaps at its limit, uses already. */
  #nextLaneOn(present: Lane): Lane | undefined {
    const next = this.#ready.peek();
    if (present.waiting.size === 0) return next;
    return next === undefined || present.served <= next.served ? present : next;
  }

  #startBatch(slot: Slot, lane: Lane): void {
    const { waiting, pace } = lane;
    const left = this.#elementsPerSlot - slot.handed;
    const count = Math.min(waiting.size, this.#batchSize(lane), left);
    const taken = waiting.take(count);
    const charge = pace.expect(count);
    const batch: Batch = { id: this.#nextBatch++, slot, lane, taken, count, charge };
    const canMove = !lane.pinned && (count > 1 || slot.batches.length > 0);
    // Two slots that have not woken up yet would take from each other what is on its way.
    if (canMove && this.#isMoving) this.#movables.suspect(batch);
    else if (canMove) this.#movables.add(batch);
    lane.isFresh = false;
    slot.used = true;
    slot.handed += count;
    if (count === left) this.#spent.add(slot);
    slot.batches.push(batch);
    lane.inFlight.add(batch);
    lane.slots.set(slot, (lane.slots.get(slot) ?? 0) + 1);
    this.#batches.set(batch.id, batch);
    this.#commands.push({
      type: 'startBatch',
      batch: batch.id,
      slot: slot.id,
      lane: lane.id,
      ranges: taken.ranges,
    });
    this.#ready.charge(lane, batch.charge);
    this.#update(lane);
  }

  #batchSize({ batchSize, pinned, waiting, pace, limit, claim }: Lane): number {
    const rivals = this.#claimants - Number(claim > 0);
    const slots = Math.min(limit, Math.ceil(this.#slots.size / (rivals + 1)));
    // What was taken back as a whole would run on one slot again, and be taken back again.
    if (this.#isMoving && batchSize) return Math.min(batchSize, Math.ceil(waiting.size / slots));
    if (batchSize) return batchSize;
    // Of the dearest of all, none is to wait behind another.
    const canMove = this.#options.canReclaim && !pinned && !waiting.isByCost;
    const size = pace.batchSize(waiting.size, slots, { canMove, isAlone: rivals === 0 });
    return pinned ? Math.min(size, MOST_PINNED_ELEMENTS) : size;
  }

  /** Opens as many slots as could be used at once and are not yet on their way. */
  #openSlots(): void {
    let claims = this.#claims;
    if (this.#spent.size > 0) claims += this.#successors();
    if (claims <= this.#opening) return;
    if (this.#futileSlots >= TRIES) return this.#giveUpIfNoneIsLeft();
    if (this.#pauseIsOn && this.#futileSlots > 0) return;
    const wanted = Math.min(this.#options.size, this.#limits.largest) + this.#spent.size;
    while (this.#opening < claims && this.#slots.size < wanted) {
      const slot: Slot = {
        id: this.#nextSlot++,
        phase: 'opening',
        batches: [],
        used: true,
        handed: 0,
        hasServed: false,
        lostWith: undefined,
      };
      this.#opening++;
      this.#slots.set(slot.id, slot);
      this.#commands.push({ type: 'openSlot', slot: slot.id });
    }
  }

  /** Spent slots whose lanes will go on elsewhere: a new one starts while they run their last elements. */
  #successors(): number {
    let successors = 0;
    for (const { batches } of this.#spent) {
      if (batches.some(({ lane }) => lane.waiting.size > 0 && lane.claim === 0)) successors++;
    }
    return successors;
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

  /** For a slot that idles, or for a lane that no slot serves. */
  #takeBackForOthers(): void {
    if (!this.#options.canReclaim) return;
    if (this.#mayUseIdleSlot) return this.#movables.takeBackOne();
    const next = this.#ready.peek();
    if (!next?.isFresh || this.#opening > 0) return;
    next.isFresh = false;
    this.#movables.clearSlotFor(next);
  }
}

/** A fact about something unknown is a mistake of whoever tells it; going on would lose elements. */
function known<K, V>(map: ReadonlyMap<K, V>, key: K, fact: Fact): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`Unknown to the scheduler: ${JSON.stringify(fact)}`);
  return value;
}
