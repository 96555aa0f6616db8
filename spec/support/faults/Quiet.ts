/** What must hold whenever nothing more happens at a moment: no work lies about that a slot could do. */
import type { Batch, BatchId, Millis } from '../../../lib/executors/Executor.js';
import { GRACE, type FaultyExecutor } from './FaultyExecutor.js';
import { MOST_LOSSES, type LaneAccount, type Ledger } from './Ledger.js';
import type { VirtualSlot } from './VirtualSlot.js';
import type { World } from './World.js';

/** After so long an idle slot must have what it could take from another one. */
const STUCK: Millis = 10;

/** After a slot that came to nothing, none is opened for a while. */
const LONGEST_PAUSE: Millis = 200;

export class Quiet {
  readonly #world: World;
  readonly #ledger: Ledger;
  readonly #executor: FaultyExecutor;
  /** Since when a slot has been idle beside each batch of which it could run something. */
  readonly #stuck = new Map<BatchId, Millis>();

  constructor(world: World, ledger: Ledger, executor: FaultyExecutor) {
    this.#world = world;
    this.#ledger = ledger;
    this.#executor = executor;
  }

  check(): void {
    const { now } = this.#ledger;
    const usable = this.#executor.usable;
    const idle = usable.filter(({ state, held }) => state === 'open' && held.length === 0);
    // Others are to follow on slots that run their last elements.
    const mayUseIdle = idle.length > 0 && this.#executor.busy < this.#world.size;
    const hungry = this.#ledger.lanes.filter(
      (lane) => lane.waiting > 0 && this.#executor.slotsOf(lane) < lane.plan.limit,
    );
    const [first] = hungry;
    if (first) {
      this.#ledger.demand(!mayUseIdle, `slot ${idle[0]?.id} runs what waits in ${first.id}`);
      this.#ledger.demand(this.#isServed(usable), `lane ${first.id} has a slot opened`);
    }
    this.#checkRooms(usable, hungry);
    const isOver = !this.#ledger.isDestroyed || this.#ledger.lanes.every(({ isOpen }) => !isOpen);
    this.#ledger.demand(isOver, 'all lanes end when the pool is destroyed');
    for (const slot of usable) {
      this.#checkAborts(slot);
      this.#ledger.demand(slot.overtime <= GRACE, `slot ${slot.id} is ended after the grace`);
    }
    const longest = 2 * this.#world.idleTimeout;
    for (const { id, lastUsed } of idle) {
      // A batch whose lane ends at that moment counts as use, and never gets to its slot.
      const since = Math.max(lastUsed, this.#ledger.lastEnd);
      this.#ledger.demand(now - since <= longest, `slot ${id} is closed when it idles for long`);
    }
    this.#checkStuck(mayUseIdle, now);
  }

  /** Whether slots are on their way, or none may be had any more. */
  #isServed(usable: readonly VirtualSlot[]): boolean {
    if (usable.some(({ state }) => state === 'opening')) return true;
    const { futileSlots, futileAt, now } = this.#ledger;
    if (futileSlots >= MOST_LOSSES) return true;
    if (futileSlots > 0 && now - futileAt <= LONGEST_PAUSE) return true;
    const limits = this.#ledger.lanes.filter(({ isOpen }) => isOpen).map(({ plan }) => plan.limit);
    return usable.length >= Math.min(this.#world.size, Math.max(...limits));
  }

  /** Of slots that run several elements of a lane, none has room while more of it wait; but one may run out for another lane. */
  #checkRooms(usable: readonly VirtualSlot[], hungry: readonly LaneAccount[]): void {
    // Of a slot that is to be replaced the scheduler alone knows what it may still have.
    if (this.#world.elementsPerSlot < Infinity) return;
    const opening = usable.filter(({ state }) => state === 'opening').length;
    const rooms = usable.flatMap((slot) => {
      const { id, state, held } = slot;
      const [first] = held;
      if (!first || state !== 'open') return [];
      const lane = this.#executor.laneOf(first.batch);
      if (slot.isRetired || first.isApart || lane.suspects.size > 0) return [];
      // With those that are on their way, each slot has so many.
      const all = lane.waiting + lane.onSlots.size;
      const slots = this.#executor.slotsOf(lane) + opening;
      const share = opening === 0 ? Infinity : Math.ceil(all / slots);
      const hasRoom = held.length < Math.min(lane.plan.perWorker ?? 1, share);
      return hasRoom && lane.waiting > 0 ? [{ id, lane }] : [];
    });
    const [first] = rooms;
    if (!first) return;
    // What is due at this moment may wait already, or not yet.
    const mayWait = (lane: LaneAccount): boolean => lane.due.size > 0 || hungry.includes(lane);
    const others = this.#ledger.lanes.filter((lane) => lane !== first.lane && lane.isOpen);
    const isForAnother = rooms.length === 1 && others.some(mayWait);
    this.#ledger.demand(isForAnother, `slot ${first.id} runs more of lane ${first.lane.id}`);
  }

  #checkAborts({ id, held }: VirtualSlot): void {
    const { now } = this.#ledger;
    for (const { batch, abortedAt } of held) {
      const { isOpen } = this.#executor.laneOf(batch);
      this.#ledger.demand(
        isOpen === (abortedAt === undefined),
        `batch ${batch.id} is aborted in time`,
      );
      const isLate = abortedAt !== undefined && now - abortedAt > GRACE;
      this.#ledger.demand(!isLate, `slot ${id} is replaced after the grace`);
    }
  }

  #checkStuck(someIdle: boolean, now: Millis): void {
    for (const [batch, since] of this.#stuck) {
      this.#ledger.demand(now - since < STUCK, `batch ${batch} is taken back for an idle slot`);
    }
    const stuck = new Set(someIdle && this.#world.canReclaim ? this.#movable() : []);
    for (const batch of this.#stuck.keys()) if (!stuck.has(batch)) this.#stuck.delete(batch);
    for (const batch of stuck) if (!this.#stuck.has(batch)) this.#stuck.set(batch, now);
  }

  #movable(): BatchId[] {
    return this.#executor.usable.flatMap(({ held }) =>
      held
        .filter(({ batch, claimed, claimable }, nth) => {
          const lane = this.#executor.laneOf(batch);
          // The first element of the first batch is about to be claimed.
          const from = Math.max(claimed, nth === 0 ? 1 : 0);
          if (batch.isBeside) return false;
          const canMove = this.#couldRunElsewhere(batch, from, claimable);
          return canMove && !lane.plan.pinned && this.#hasRoom(lane);
        })
        .map(({ batch }) => batch.id),
    );
  }

  /** Whether one of these elements waits for none of its key that the batch has started. */
  #couldRunElsewhere(batch: Batch, from: number, to: number): boolean {
    const lane = this.#executor.laneOf(batch);
    if (lane.plan.keys === undefined) return from < to;
    const keys = Array.from<unknown, unknown>(batch.values, (value) => lane.keyOf(Number(value)));
    const started = new Set(keys.slice(0, from));
    return keys.slice(from, to).some((key) => !started.has(key));
  }

  #hasRoom(lane: LaneAccount): boolean {
    return lane.isOpen && this.#executor.slotsOf(lane) < lane.plan.limit;
  }
}
