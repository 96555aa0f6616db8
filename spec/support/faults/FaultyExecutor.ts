/**
 * An executor in virtual time whose slots have the faults of a world. It holds the pool to what an executor
 * may expect of it. No message is lost: a port delivers all of them, or its worker is gone.
 */
import type {
  Batch,
  BatchId,
  BatchObserver,
  Executor,
  Millis,
  SlotId,
} from '../../../lib/executors/Executor.js';
import { indexAt } from '../../../lib/task/ranges.js';
import { nothingUnsaid, type Held } from './Held.js';
import type { LaneAccount, Ledger } from './Ledger.js';
import { VirtualSlot } from './VirtualSlot.js';
import { FAULTLESS_SLOT, type World } from './World.js';

/** How long the pool lets an aborted batch go on. */
export const GRACE: Millis = 200;

const BATCHES_PER_SLOT = 2;

export class FaultyExecutor implements Executor {
  readonly overhead: Millis;
  readonly keepsClosures = true;
  readonly slots = new Map<SlotId, VirtualSlot>();
  reclaim?: (slot: SlotId, batch: BatchId) => number;
  /** Whether the pool was told to close or to be destroyed. */
  isShutDown = false;
  /** Batches that slots were given, and elements that were taken back from them. */
  batches = 0;
  reclaimed = 0;
  readonly #world: World;
  readonly #ledger: Ledger;
  readonly #forgotten = new Set<number>();

  constructor(world: World, ledger: Ledger) {
    this.#world = world;
    this.#ledger = ledger;
    this.overhead = world.overhead;
    if (world.canReclaim) this.reclaim = (slot, batch) => this.#reclaim(slot, batch);
  }

  setUp(): void {
    // Its slots begin with nothing.
  }

  open(id: SlotId, lost: (reason: never) => void): Promise<void> | undefined {
    const { slots, size, overhead } = this.#world;
    const ledger = this.#ledger;
    ledger.demand(!ledger.isDestroyed, 'a pool that is destroyed opens nothing');
    ledger.demand(!this.slots.has(id), `slot ${id} is opened once`);
    // Each may have a successor that starts while it runs its last elements.
    const retired = this.usable.filter(({ isRetired }) => isRetired).length;
    const most = (this.#areReplaced ? 2 * size : size) + retired;
    ledger.demand(this.usable.length < most, 'no more slots than its size');
    ledger.note(`open slot ${id}`);
    const plan = slots[this.slots.size] ?? FAULTLESS_SLOT;
    const slot = new VirtualSlot(id, plan, { overhead, ledger, lost: lost as () => void });
    this.slots.set(id, slot);
    return slot.open();
  }

  run(id: SlotId, batch: Batch, observer: BatchObserver): void {
    this.batches++;
    const { values, ranges } = batch;
    const slot = this.slots.get(id)!;
    const ledger = this.#ledger;
    ledger.note(`slot ${id} gets batch ${batch.id}: ${Array.from(values, String).join()}`);
    ledger.demand(slot.state === 'open', `slot ${id} gets a batch only while it is open`);
    ledger.demand(values.length > 0, `batch ${batch.id} holds something`);
    const all = Array.from<unknown, ReturnType<Ledger['find']>>(values, (one) => ledger.find(one));
    const { lane } = all[0]!;
    const areItsOwn = all.every(
      (one, at) => one.lane === lane && one.index === indexAt(ranges, at),
    );
    ledger.demand(areItsOwn, `batch ${batch.id} has the elements of its places`);
    const { batchSize = Infinity, perWorker = 1 } = lane.plan;
    ledger.demand(batch.isBeside === perWorker > 1, `lane ${lane.id} runs as it is to`);
    ledger.demand(this.#hasRoom(slot, lane), `slot ${id} has room for batch ${batch.id}`);
    ledger.demand(perWorker === 1 || values.length === 1, `batch ${batch.id} is of one element`);
    ledger.demand(values.length <= batchSize, `batch ${batch.id} is no larger than batchSize`);
    ledger.demand(batch.timeout === lane.plan.timeout, `lane ${lane.id} has its own time-out`);
    if (batch.shared) {
      ledger.demand(batch.shared.value === lane, `lane ${lane.id} has its own shared value`);
      ledger.demand(!this.#forgotten.has(batch.shared.id), `lane ${lane.id} is not forgotten yet`);
    }
    ledger.demand(!slot.isRetired, `slot ${id}, which is overdue, is given nothing more`);
    const isApart = lane.suspects.has(all[0]!.index);
    const areApart = isApart || slot.held.some((one) => one.isApart);
    ledger.demand(!areApart || slot.held.length === 0, `batch ${batch.id} runs beside no suspect`);
    lane.handOut(all.map(({ index }) => index));
    slot.run({
      batch,
      observer,
      hasBegun: false,
      running: undefined,
      isOverdue: false,
      isApart,
      timer: undefined,
      claimed: 0,
      claimable: values.length,
      isStopped: false,
      unsaid: nothingUnsaid(0),
      told: new Set(),
      watch: undefined,
      expired: new Set(),
      abortedAt: undefined,
      busySince: ledger.now,
    });
    const { elementsPerSlot, size } = this.#world;
    ledger.demand(this.busy <= size, `${size} slots at most run something`);
    ledger.demand(slot.started <= elementsPerSlot, `slot ${id} is replaced after so many elements`);
    const { limit } = lane.plan;
    ledger.demand(this.slotsOf(lane) <= limit, `lane ${lane.id} is on ${limit} slots at most`);
  }

  forget(shared: number): void {
    this.#ledger.demand(!this.#forgotten.has(shared), `shared value ${shared} is forgotten once`);
    this.#forgotten.add(shared);
  }

  abort(id: SlotId, batch: BatchId): void {
    const held = this.#find(id, batch);
    this.#ledger.note(`abort batch ${batch}`);
    if (held) this.slots.get(id)!.abort(held);
  }

  close(id: SlotId): Promise<void> {
    const slot = this.slots.get(id)!;
    this.#ledger.note(`close slot ${id}`);
    this.#ledger.demand(this.#mayBeClosed(slot), `slot ${id} is not closed for nothing`);
    return slot.close();
  }

  /** Slots that the pool has, or waits for. */
  get usable(): VirtualSlot[] {
    return [...this.slots.values()].filter(({ state }) => state === 'opening' || state === 'open');
  }

  /** How many of them hold something. */
  get busy(): number {
    return this.usable.filter(({ held }) => held.length > 0).length;
  }

  /** How many slots hold something of a lane. */
  slotsOf(lane: LaneAccount): number {
    return [...this.slots.values()].filter(({ held }) =>
      held.some(({ batch }) => this.laneOf(batch) === lane),
    ).length;
  }

  laneOf(batch: Batch): LaneAccount {
    return this.#ledger.find(batch.values[0]).lane;
  }

  /** Behind one other, or beside some of its own lane. */
  #hasRoom({ held }: VirtualSlot, lane: LaneAccount): boolean {
    const { perWorker = 1 } = lane.plan;
    if (perWorker === 1) {
      return held.length < BATCHES_PER_SLOT && held.every(({ batch }) => !batch.isBeside);
    }
    return held.length < perWorker && held.every(({ batch }) => this.laneOf(batch) === lane);
  }

  /** How many shared values were forgotten. */
  get forgotten(): number {
    return this.#forgotten.size;
  }

  #find(id: SlotId, batch: BatchId): Held | undefined {
    return this.slots.get(id)?.held.find((held) => held.batch.id === batch);
  }

  #reclaim(id: SlotId, batch: BatchId): number {
    const held = this.#find(id, batch);
    if (!held) return Infinity;
    const before = held.claimable;
    const from = this.slots.get(id)!.stop(held);
    this.#ledger.note(`reclaim batch ${batch} from ${from}`);
    const lane = this.laneOf(held.batch);
    this.#ledger.demand(held.batch.transfer.length === 0, 'nothing moved is taken back');
    for (let position = from; position < before; position++) {
      lane.giveBack(this.#ledger.find(held.batch.values[position]).index);
      this.reclaimed++;
    }
    return from;
  }

  /** Whether slots are closed after so many elements, some of which their slot may never have seen. */
  get #areReplaced(): boolean {
    return this.#world.elementsPerSlot < Infinity;
  }

  #mayBeClosed({ held, lastUsed, isRetired }: VirtualSlot): boolean {
    const { now } = this.#ledger;
    if (this.isShutDown || (isRetired && held.length === 0)) return true;
    if (held.length === 0) return this.#areReplaced || now - lastUsed >= this.#world.idleTimeout;
    return held.some(({ abortedAt = Infinity }) => now - abortedAt >= GRACE);
  }
}
