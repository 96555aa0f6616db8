/** Which elements go together, and onto which slot: what the slots hold, and what they get next. */
import type { Claims } from './Claims.js';
import type { BatchId, Command, Fact } from './facts.js';
import type { Movables } from './Movables.js';
import { MOST_PINNED_ELEMENTS } from './Pace.js';
import { Registry } from './Registry.js';
import { Rooms } from './Rooms.js';
import type { Slots } from './Slots.js';
import { known, type Batch, type Lane, type Slot } from './state.js';

/**
 * Batches that a slot may hold of lanes that run one at a time there: one that runs, and one that is there when it
 * ends, so that the slot never waits for the main thread. Doubles the throughput of small batches.
 */
const BATCHES_PER_SLOT = 2;

interface Surroundings {
  readonly claims: Claims;
  readonly slots: Slots;
  readonly movables: Movables;
  /** Whether the executor can take back what has not started of a batch. */
  readonly canReclaim: boolean;
}

export class Batches {
  readonly #claims: Claims;
  readonly #slots: Slots;
  readonly #movables: Movables;
  readonly #canReclaim: boolean;
  readonly #command: (command: Command) => void;
  readonly #batches = new Registry<Batch>();
  readonly #rooms: Rooms;
  /** Slots that have just got room for a batch after the one that runs. */
  #roomy: Slot[] = [];
  #isMoving = false;
  #next: BatchId = 0;

  constructor(
    { claims, slots, movables, canReclaim }: Surroundings,
    command: (command: Command) => void,
  ) {
    this.#claims = claims;
    this.#slots = slots;
    this.#movables = movables;
    this.#canReclaim = canReclaim;
    this.#command = command;
    this.#rooms = new Rooms(claims, slots);
  }

  /** Batches that are on a slot. */
  get count(): number {
    return this.#batches.size;
  }

  find(id: BatchId, fact: Fact): Batch {
    return known(this.#batches, id, fact);
  }

  /** It has returned: its slot may have room for another one. */
  remove(batch: Batch): void {
    const { id, slot, lane } = batch;
    this.#batches.delete(id);
    this.#movables.forget(batch);
    lane.inFlight.delete(id);
    slot.batches.splice(slot.batches.indexOf(batch), 1);
    if (!holds(slot, lane)) lane.slots--;
    const goesOn = this.#slots.release(slot);
    this.#rooms.note(slot, lane);
    if (!goesOn) return;
    this.#roomy.push(slot);
    const [next] = slot.batches;
    // Its first element starts now, and others that could run elsewhere there are none.
    if (next!.taken.width === 1) this.#movables.forget(next!);
  }

  /** Takes note that what a lane waits for, or has in flight, is another. */
  update(lane: Lane): void {
    this.#claims.update(lane);
    this.#movables.update(lane);
    this.#rooms.update(lane);
  }

  /**
   * First a batch for each idle slot, then a second one for those that have room for it. What waits then may run
   * beside others of its lane.
   *
   * @param isMoving whether elements are on their way from one slot to another
   */
  fillSlots(isMoving: boolean): void {
    this.#isMoving = isMoving;
    for (let lane; this.#slots.mayUseIdle && (lane = this.#claims.next);) {
      const slot = this.#slots.takeIdle();
      this.#startBatch(slot, lane);
      this.#roomy.push(slot);
    }
    if (this.#roomy.length > 0) {
      for (const slot of this.#roomy) this.#fillAhead(slot);
      this.#roomy = [];
    }
    for (let room; (room = this.#rooms.next());) this.#startBatch(room.slot, room.lane);
  }

  #fillAhead(slot: Slot): void {
    const [running] = slot.batches;
    const isFull = slot.batches.length >= BATCHES_PER_SLOT || !this.#slots.canTakeMore(slot);
    // Behind several that run at once, it would wait for the last of them.
    if (running === undefined || isFull || running.lane.perSlot > 1) return;
    const lane = this.#nextLaneOn(running.lane);
    // What slots on their way could run at once is left to them.
    if (lane && lane.waiting.width > this.#slots.opening && this.#mayWaitBehind(running, lane)) {
      this.#startBatch(slot, lane);
    }
  }

  /**
   * Whether elements may wait on a slot rather than here. Behind a long one they would have to be
   * taken back, and then the dearest of them would not have been the first. Those that cannot be
   * taken back are lost with the slot, so that they wait for no other lane there.
   */
  #mayWaitBehind(running: Batch, lane: Lane): boolean {
    const { pace, pinned, alone, perSlot, waiting } = lane;
    if (alone || perSlot > 1 || (pinned && running.lane !== lane)) return false;
    const canGoElsewhere = this.#canReclaim && !pinned && !waiting.isByCost;
    return canGoElsewhere ? pace.isKnown : pace.isQuick;
  }

  /** The lane that may come next on a slot which another one, perhaps at its limit, uses already. */
  #nextLaneOn(present: Lane): Lane | undefined {
    const { next } = this.#claims;
    if (present.waiting.size === 0) return next;
    return next === undefined || present.served <= next.served ? present : next;
  }

  #startBatch(slot: Slot, lane: Lane): void {
    const { waiting, pace } = lane;
    const slots = this.#slotsFor(lane);
    const most = Math.min(this.#batchSize(lane, slots), this.#slots.leftOn(slot));
    const taken = waiting.take(most, slots);
    const { count } = taken;
    const beside = lane.perSlot > 1 ? slot.batches.length + 1 : 1;
    // As if it were full: most are, and it is corrected when the batch returns.
    const charge = pace.expect(count) / lane.perSlot;
    const batch: Batch = { id: this.#next++, slot, lane, taken, count, beside, charge };
    const canMove =
      !lane.pinned && lane.perSlot === 1 && (taken.width > 1 || slot.batches.length > 0);
    // Two slots that have not woken up yet would take from each other what is on its way.
    if (canMove && this.#isMoving) this.#movables.suspect(batch);
    else if (canMove) this.#movables.add(batch);
    lane.isFresh = false;
    this.#slots.hand(slot, count);
    if (!holds(slot, lane)) lane.slots++;
    slot.given = slot.batches.length === 0 ? 1 : slot.given + 1;
    slot.isApart = lane.perSlot > 1 && lane.suspects.take(taken.ranges[0]!.start);
    slot.batches.push(batch);
    lane.inFlight.set(batch.id, batch);
    this.#batches.set(batch.id, batch);
    this.#command({
      type: 'startBatch',
      batch: batch.id,
      slot: slot.id,
      lane: lane.id,
      ranges: taken.ranges,
    });
    this.#claims.charge(lane, batch.charge);
    this.#rooms.note(slot, lane);
    this.update(lane);
  }

  /** Its share of the slots, as far as it could use them. */
  #slotsFor(lane: Lane): number {
    const share = Math.ceil(this.#slots.count / (this.#claims.rivalsOf(lane) + 1));
    return Math.min(lane.limit, lane.waiting.width, share);
  }

  #batchSize(lane: Lane, slots: number): number {
    const { batchSize, pinned, alone, perSlot, waiting, pace } = lane;
    // What was taken back as a whole would run on one slot again, and be taken back again.
    if (this.#isMoving && batchSize) return Math.min(batchSize, Math.ceil(waiting.size / slots));
    if (batchSize) return batchSize;
    if (alone || perSlot > 1) return 1;
    // Of the dearest of all, none is to wait behind another.
    const canMove = this.#canReclaim && !pinned && !waiting.isByCost;
    const size = pace.batchSize(waiting.size, slots, {
      canMove,
      isAlone: this.#claims.rivalsOf(lane) === 0,
    });
    return pinned ? Math.min(size, MOST_PINNED_ELEMENTS) : size;
  }
}

function holds({ batches }: Slot, lane: Lane): boolean {
  return batches.some((batch) => batch.lane === lane);
}
