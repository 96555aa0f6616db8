/** Which lanes could use a slot now, how many each, and whose turn it is. */
import type { Millis } from './facts.js';
import type { Lane } from './state.js';
import { Turns } from './Turns.js';

export class Claims {
  /** The lanes that claim a slot. */
  readonly #ready = new Turns<Lane>();
  #total = 0;
  #claimants = 0;

  /** Slots that could be used at once, beyond those that serve already. */
  get total(): number {
    return this.#total;
  }

  /** The lane whose turn it is; undefined if none claims a slot. */
  get next(): Lane | undefined {
    return this.#ready.peek();
  }

  /** Other lanes that claim a slot. */
  rivalsOf(lane: Lane): number {
    return this.#claimants - Number(lane.claim > 0);
  }

  /** A lane comes new, or comes back after nothing of it waited. */
  enter(lane: Lane): void {
    this.#ready.enter(lane);
  }

  /** Takes note of what a lane waits for now, and of the slots that serve it. */
  update(lane: Lane): void {
    const claim = Math.min(lane.waiting.width, lane.limit - lane.slots);
    this.#total += claim - lane.claim;
    this.#claimants += Number(claim > 0) - Number(lane.claim > 0);
    lane.claim = claim;
    if (claim > 0) this.#ready.join(lane);
    else this.#ready.leave(lane);
  }

  /** A lane had its turn, and is served for so long. */
  charge(lane: Lane, time: Millis): void {
    this.#ready.charge(lane, time);
  }

  /** What a lane was charged turned out to be another time. */
  correct(lane: Lane, charged: Millis, time: Millis): void {
    this.#ready.correct(lane, charged, time);
  }

  [Symbol.iterator](): Iterator<Lane> {
    return this.#ready[Symbol.iterator]();
  }
}
