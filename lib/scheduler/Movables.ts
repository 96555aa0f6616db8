/** The batches that can be taken back from their slots, and which of them is. */
import type { Command, Millis } from './facts.js';
import type { Batch, Lane } from './state.js';

/**
 * Milliseconds after which a batch that was too short to be worth moving, and still has not
 * returned, is taken to be stuck behind a long element: a few times what such a batch lasts, ten times
 * what a thread takes to wake up, and the least that a timer of Node can tell.
 */
const STUCK_AFTER: Millis = 1;

/**
 * How often that is doubled, at most, while nothing ends of what was moved: slots that take long to begin
 * would take it from each other for ever.
 */
const MOST_DOUBLINGS = 10;

export class Movables {
  readonly #command: (command: Command) => void;
  /** The lanes that have some. */
  readonly #lanes = new Set<Lane>();
  /** Those of them that one more slot could serve, but only with what another one holds. */
  readonly #starved = new Set<Lane>();
  /** Batches to be taken back if they are still there when `wokenUp` comes; undefined: not asked. */
  #suspects: Set<Batch> | undefined;
  /** How often it was woken up since an element last ended. */
  #wokenInVain = 0;

  constructor(command: (command: Command) => void) {
    this.#command = command;
  }

  add(batch: Batch): void {
    batch.lane.movable.add(batch);
    this.update(batch.lane);
  }

  /** Leaves a batch alone for a while. */
  suspect(batch: Batch): void {
    this.#remove(batch);
    if (!this.#suspects) {
      this.#suspects = new Set();
      const doublings = Math.min(this.#wokenInVain, MOST_DOUBLINGS);
      this.#command({ type: 'wakeMe', after: STUCK_AFTER * 2 ** doublings });
    }
    this.#suspects.add(batch);
  }

  forget(batch: Batch): void {
    this.#suspects?.delete(batch);
    this.#remove(batch);
  }

  forgetLane(lane: Lane): void {
    for (const batch of lane.inFlight) this.forget(batch);
  }

  /** Takes note that what a lane has in flight, or waits for, is another. */
  update(lane: Lane): void {
    const { movable, waiting } = lane;
    setMembership(this.#lanes, lane, movable.size > 0);
    setMembership(this.#starved, lane, movable.size > 0 && waiting.size === 0 && hasRoom(lane));
  }

  /**
   * Takes back, for a slot that idles, what has not started of the oldest batch of a lane that could
   * use it. One batch at a time: what it gives back is known only with the next fact. A batch too
   * short to be worth that is left alone, unless it is still there after a while.
   */
  takeBackOne(): void {
    for (const lane of this.#starved) {
      for (const batch of lane.movable) {
        if (lane.pace.isWorthMoving(batch.count)) return this.#takeBack(batch);
        this.suspect(batch);
      }
    }
  }

  /** Takes back what a slot holds, one that holds something of another lane. */
  clearSlotFor(lane: Lane): void {
    for (const other of this.#lanes) {
      if (other === lane) continue;
      const [oldest] = other.movable;
      for (const batch of oldest!.slot.batches) {
        if (batch.lane.movable.has(batch)) this.#takeBack(batch);
      }
      return;
    }
  }

  /** An element has ended. */
  noteProgress(): void {
    this.#wokenInVain = 0;
  }

  /** The time that `suspect` asked for went by. */
  wakeUp(isSlotIdle: boolean): void {
    this.#wokenInVain++;
    const suspects = this.#suspects ?? [];
    this.#suspects = undefined;
    for (const batch of suspects) {
      if (isSlotIdle && hasRoom(batch.lane)) this.#takeBack(batch);
      else this.add(batch);
    }
  }

  #takeBack(batch: Batch): void {
    this.#remove(batch);
    this.#command({ type: 'reclaimBatch', batch: batch.id, slot: batch.slot.id });
  }

  #remove(batch: Batch): void {
    const { lane } = batch;
    if (lane.movable.delete(batch)) this.update(lane);
  }
}

/** Whether one more slot may serve the lane. */
function hasRoom(lane: Lane): boolean {
  return lane.slots < lane.limit;
}

function setMembership<T>(set: Set<T>, item: T, isMember: boolean): void {
  if (isMember) set.add(item);
  else set.delete(item);
}
