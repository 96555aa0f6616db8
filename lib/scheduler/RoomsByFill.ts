/** Slots of a lane that have room, those that run the fewest of its elements first. */
import type { Slot } from './state.js';

export class RoomsByFill {
  /** By how many elements they run. */
  readonly #slots: (Set<Slot> | undefined)[] = [];
  readonly #fills = new Map<Slot, number>();
  /** None runs fewer. */
  #least = 0;

  get size(): number {
    return this.#fills.size;
  }

  add(slot: Slot): void {
    this.delete(slot);
    const fill = slot.batches.length;
    this.#fills.set(slot, fill);
    this.#least = Math.min(this.#least, fill);
    (this.#slots[fill] ??= new Set()).add(slot);
  }

  delete(slot: Slot): void {
    const fill = this.#fills.get(slot);
    if (fill === undefined) return;
    this.#fills.delete(slot);
    this.#slots[fill]?.delete(slot);
  }

  /** Among those that run as many, the one that got its last element first. */
  *[Symbol.iterator](): Generator<Slot> {
    for (let fill = this.#least; fill < this.#slots.length; fill++) {
      const slots = this.#slots[fill];
      if (slots && slots.size > 0) yield* slots;
      else if (fill === this.#least) this.#least++;
    }
  }
}
