/** Whose turn it is: gives lanes equal shares of the slots' time. */
import type { Millis } from './facts.js';
import { Heap } from './Heap.js';

/** A lane's part in the turns. */
export interface Turn {
  /** Time that slots have spent, or are going to spend, on it; in the heap only while unchanged. */
  served: Millis;
  /** Of that, what was charged for batches that have not returned. */
  pending: Millis;
  /** Its entry in the heap; an entry that is not this one is void. */
  entry: Entry | undefined;
}

interface Entry {
  readonly turn: Turn;
  readonly served: Millis;
  /** Who asked first goes first among equals. */
  readonly order: number;
}

/** Start-time fair queueing: the lane that was served least goes next. */
export class Turns<Lane extends Turn> {
  readonly #heap = new Heap<Entry>(
    (a, b) => a.served < b.served || (a.served === b.served && a.order < b.order),
  );
  /** What the lane that went last had been served for certain: the present. */
  #now: Millis = 0;
  #order = 0;

  /** A lane that comes new, or comes back, starts from the present: it is not owed the time before. */
  enter(lane: Lane): void {
    lane.served = Math.max(lane.served, this.#now);
  }

  /** Waits for its turn, unless it does already. */
  join(lane: Lane): void {
    if (lane.entry) return;
    lane.entry = { turn: lane, served: lane.served, order: this.#order++ };
    this.#heap.push(lane.entry);
  }

  leave(lane: Lane): void {
    lane.entry = undefined;
  }

  /** The lane whose turn it is; undefined if none waits. */
  peek(): Lane | undefined {
    for (let first; (first = this.#heap.peek()); this.#heap.pop()) {
      if (first.turn.entry === first) return first.turn as Lane;
    }
    return undefined;
  }

  /** A lane had its turn, and is served for so long. It waits at the end of its equals. */
  charge(lane: Lane, time: Millis): void {
    this.#now = Math.max(this.#now, lane.served - lane.pending);
    lane.served += time;
    lane.pending += time;
    lane.entry = undefined;
  }

  /** What a lane was charged turned out to be another time. */
  correct(lane: Lane, charged: Millis, time: Millis): void {
    lane.served += time - charged;
    lane.pending -= charged;
    if (!lane.entry) return;
    this.leave(lane);
    this.join(lane);
  }

  *[Symbol.iterator](): Generator<Lane> {
    for (const entry of this.#heap) {
      if (entry.turn.entry === entry) yield entry.turn as Lane;
    }
  }
}
