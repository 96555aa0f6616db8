/** Decides which slot runs which element next. Knows no clock, no threads, no values. */
import { Claims } from './Claims.js';
import { Batches } from './Batches.js';
import type { Command, Fact, LaneId, LaneView, Millis, Range } from './facts.js';
import { Limits } from './Limits.js';
import { Movables } from './Movables.js';
import { Registry } from './Registry.js';
import { Slots, type SlotsOptions } from './Slots.js';
import { known, newLane, type Batch, type Lane } from './state.js';

export interface SchedulerOptions extends SlotsOptions {
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
 * - no lane is served by more slots than its limit; no slot holds more than two batches, or runs more of a lane
 *   at once than it allows, and nothing else beside those;
 * - no slot idles while an element waits that it may run, or can be taken back for it;
 * - every element is handed out once, and again only after it was given back unstarted;
 * - lanes get equal shares of the slots' time;
 * - a lane closes once its input has ended and nothing is left of it.
 */
export class Scheduler {
  readonly #overhead: Millis;
  readonly #canReclaim: boolean;
  readonly #lanes = new Registry<Lane>();
  readonly #limits = new Limits();
  readonly #claims = new Claims();
  readonly #slots: Slots;
  readonly #movables: Movables;
  readonly #batches: Batches;
  #commands: Command[] = [];

  constructor({ overhead, canReclaim, ...options }: SchedulerOptions) {
    this.#overhead = overhead;
    this.#canReclaim = canReclaim;
    const command = (command: Command): void => void this.#commands.push(command);
    this.#slots = new Slots(options, command);
    this.#movables = new Movables(command);
    const [claims, slots, movables] = [this.#claims, this.#slots, this.#movables];
    this.#batches = new Batches({ claims, slots, movables, canReclaim }, command);
  }

  handle(fact: Fact): readonly Command[] {
    this.#commands = [];
    this.#note(fact);
    this.#batches.fillSlots(fact.type === 'batchReclaimed');
    // Not before: what a slot could run at once need not go.
    if (fact.type === 'elementsArrived') this.#checkBuffer(this.#lanes.get(fact.lane));
    this.#openSlots();
    this.#takeBackForOthers();
    return this.#commands;
  }

  /** What a lane waits for, for who keeps records. Undefined once it is closed. */
  look(id: LaneId): LaneView | undefined {
    const lane = this.#lanes.get(id);
    if (!lane) return undefined;
    const { waiting, slots, limit } = lane;
    const hasRoom = slots < limit && this.#slots.haveRoom;
    const { size, held = 0, backlog, delayed } = waiting;
    let locked = backlog - size - held;
    for (const { count, taken } of lane.inFlight) locked += count - taken.width;
    return { waiting: size, locked, held, delayed, hasRoom };
  }

  #note(fact: Fact): void {
    switch (fact.type) {
      case 'laneOpened':
        return this.#openLane(fact);
      case 'elementsArrived':
        return this.#addElements(known(this.#lanes, fact.lane, fact), fact);
      case 'windowMoved':
        return this.#moveWindow(known(this.#lanes, fact.lane, fact), fact.end);
      case 'elementsEnded':
        return this.#settle(this.#batches.find(fact.batch, fact), fact.ranges);
      case 'elementsDelayed':
        return this.#delay(this.#batches.find(fact.batch, fact), fact.ranges);
      case 'elementsDue':
        return this.#resume(known(this.#lanes, fact.lane, fact), fact.ranges);
      case 'laneEnded':
        return this.#endLane(known(this.#lanes, fact.lane, fact));
      case 'laneCancelled':
        return this.#cancelLane(known(this.#lanes, fact.lane, fact));
      case 'slotOpened':
        return this.#slots.use(this.#slots.find(fact.slot, fact));
      case 'slotFailed':
        return this.#slots.forget(this.#slots.find(fact.slot, fact), fact.isLasting);
      case 'slotLost':
        return this.#slots.forget(this.#slots.find(fact.slot, fact));
      case 'slotOverdue':
        return this.#slots.retire(this.#slots.find(fact.slot, fact));
      case 'batchReturned':
        return this.#takeBack(this.#batches.find(fact.batch, fact), fact);
      case 'batchReclaimed':
        return this.#takeUnstarted(this.#batches.find(fact.batch, fact), fact.unstarted, 'goes on');
      case 'graceExpired':
        return this.#slots.replace(this.#batches.find(fact.batch, fact).slot, 'overdue');
      case 'idlePeriodPassed':
        return this.#slots.closeUnused();
      case 'wokenUp':
        return this.#movables.wakeUp(this.#slots.mayUseIdle);
      case 'pausePassed':
        return this.#slots.futile.endPause();
    }
  }

  #openLane(fact: Extract<Fact, { type: 'laneOpened' }>): void {
    if (this.#lanes.size === 0) this.#slots.futile.forget();
    const lane = newLane(fact, this.#overhead);
    this.#lanes.set(lane.id, lane);
    this.#limits.add(lane.limit);
  }

  #addElements(
    lane: Lane,
    { count, costs, keys }: Extract<Fact, { type: 'elementsArrived' }>,
  ): void {
    if (lane.phase === 'cancelled') return;
    this.#greet(lane);
    lane.waiting.arrive(count, costs ?? keys);
    this.#batches.update(lane);
  }

  #settle({ lane, taken }: Batch, ranges: readonly Range[]): void {
    if (lane.phase === 'cancelled') return;
    lane.waiting.settle(ranges, taken);
    this.#batches.update(lane);
  }

  #moveWindow(lane: Lane, end: number): void {
    if (lane.phase === 'cancelled') return;
    this.#greet(lane);
    lane.waiting.moveTo?.(end);
    this.#batches.update(lane);
  }

  #checkBuffer(lane: Lane | undefined): void {
    if (!lane?.buffer || lane.waiting.backlog <= lane.buffer.size) return;
    const { id, buffer, waiting } = lane;
    if (buffer.overflow === 'error') {
      return void this.#commands.push({ type: 'failOverflow', lane: id });
    }
    const which = buffer.overflow === 'drop-oldest' ? 'oldest' : 'newest';
    const ranges = waiting.drop(waiting.backlog - buffer.size, which);
    this.#commands.push({ type: 'dropElements', lane: id, ranges });
    this.#batches.update(lane);
  }

  #delay({ lane, taken, slot }: Batch, ranges: readonly Range[]): void {
    if (lane.phase === 'cancelled') return;
    lane.waiting.delay(ranges, taken);
    if (slot.phase === 'lost' && lane.perSlot > 1) lane.suspects.add(ranges);
  }

  #resume(lane: Lane, ranges: readonly Range[]): void {
    if (lane.phase === 'cancelled') return;
    this.#greet(lane);
    lane.suspects.resume(ranges);
    lane.waiting.resume(ranges);
    this.#batches.update(lane);
  }

  /** Some of its elements are about to wait. */
  #greet(lane: Lane): void {
    if (lane.waiting.size > 0) return;
    this.#claims.enter(lane);
    lane.isFresh = lane.inFlight.size === 0;
  }

  #endLane(lane: Lane): void {
    if (lane.phase === 'cancelled') return;
    lane.phase = 'ended';
    this.#closeLaneIfDone(lane);
  }

  #cancelLane(lane: Lane): void {
    lane.phase = 'cancelled';
    lane.waiting.clear();
    lane.suspects.clear();
    this.#movables.forgetLane(lane);
    this.#batches.update(lane);
    for (const { id, slot } of lane.inFlight) {
      this.#commands.push({ type: 'abortBatch', batch: id, slot: slot.id });
    }
    this.#closeLaneIfDone(lane);
  }

  #takeBack(
    batch: Batch,
    { settled, unstarted, busy }: Extract<Fact, { type: 'batchReturned' }>,
  ): void {
    const { slot, lane } = batch;
    const beside = shareOf(batch);
    this.#batches.remove(batch);
    if (settled > 0) {
      this.#slots.futile.forget();
      this.#movables.noteProgress();
      slot.hasServed = true;
    }
    slot.handed += settled - batch.count;
    lane.pace.measure(busy, settled);
    if (lane.wantsPace && settled > 0) {
      this.#commands.push({ type: 'tellPace', lane: lane.id, pace: lane.pace.current! });
    }
    this.#claims.correct(lane, batch.charge, busy / beside);
    const isSuspect = slot.lostWith === batch && settled === 0;
    const again = isSuspect ? this.#withoutDoomed(lane, unstarted) : unstarted;
    this.#takeUnstarted(batch, again, 'is over');
    this.#closeLaneIfDone(lane);
  }

  #takeUnstarted(
    { lane, taken, slot }: Batch,
    unstarted: readonly Range[],
    itsBatch: 'goes on' | 'is over',
  ): void {
    const { phase, waiting } = lane;
    if (phase !== 'cancelled') {
      waiting.giveBack(unstarted, taken);
      if (slot.isApart) lane.suspects.giveBack(unstarted);
      if (itsBatch === 'is over') waiting.release(taken);
    }
    this.#batches.update(lane);
  }

  /** What to run again of a batch whose slot was lost: its first element may be the cause. */
  #withoutDoomed(lane: Lane, unstarted: readonly Range[]): readonly Range[] {
    const [range, ...others] = unstarted;
    if (range === undefined || lane.phase === 'cancelled') return unstarted;
    const { start: index, end } = range;
    if (!lane.losses.add(index)) return unstarted;
    this.#commands.push({ type: 'failElement', lane: lane.id, index });
    return index + 1 < end ? [{ start: index + 1, end }, ...others] : others;
  }

  #closeLaneIfDone(lane: Lane): void {
    const { phase, waiting, inFlight } = lane;
    if (phase === 'open' || waiting.size + waiting.delayed + inFlight.size > 0) return;
    this.#lanes.delete(lane.id);
    this.#limits.remove(lane.limit);
    this.#commands.push({ type: 'closeLane', lane: lane.id, pace: lane.pace.current });
  }

  /** Opens as many slots as could be used at once and are not yet on their way. */
  #openSlots(): void {
    const wanted = this.#claims.total + this.#slots.successors;
    const { opening, futile } = this.#slots;
    if (wanted <= opening) return;
    if (futile.areTooMany) return this.#giveUpIfNoneIsLeft();
    if (futile.askForPatience) return;
    this.#slots.open(wanted, this.#limits.largest);
  }

  #giveUpIfNoneIsLeft(): void {
    // A batch of a slot that was lost may yet return with an element that has ended.
    if (this.#slots.count > 0 || this.#batches.count > 0) return;
    for (const lane of this.#claims) {
      this.#commands.push({ type: 'failLane', lane: lane.id });
      this.#cancelLane(lane);
    }
    this.#slots.futile.forget();
  }

  /** For a slot that idles, or for a lane that no slot serves. */
  #takeBackForOthers(): void {
    if (!this.#canReclaim) return;
    if (this.#slots.mayUseIdle) return this.#movables.takeBackOne();
    const { next } = this.#claims;
    if (!next?.isFresh || this.#slots.opening > 0) return;
    next.isFresh = false;
    this.#movables.clearSlotFor(next);
  }
}

/** With how many that ran beside it, itself among them, a batch shared its slot's time: about, since they came and went. */
function shareOf({ slot, lane, beside }: Batch): number {
  return lane.perSlot > 1 ? Math.max(beside, slot.batches.length) : 1;
}
