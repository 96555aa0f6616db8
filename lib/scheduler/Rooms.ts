/** Slots that run elements of a lane beside each other and have room for more, and which lane gets it. */
import type { Claims } from './Claims.js';
import type { Slots } from './Slots.js';
import type { Lane, Slot } from './state.js';

export class Rooms {
  readonly #claims: Claims;
  readonly #slots: Slots;
  /** The lanes that have some, and of which something waits. */
  readonly #lanes = new Set<Lane>();
  /**
   * Gets nothing more of its lane, so that it is free once all have ended: it is another lane's turn, and no
   * other slot is on its way. One at a time, since that may be all that is wanted.
   */
  #draining: Slot | undefined;

  constructor(claims: Claims, slots: Slots) {
    this.#claims = claims;
    this.#slots = slots;
  }

  /** A batch of the lane was started on the slot, or has returned from it. */
  note(slot: Slot, lane: Lane): void {
    if (lane.perSlot === 1) return;
    const { length } = slot.batches;
    if (length === 0 && this.#draining === slot) this.#draining = undefined;
    lane.rooms.delete(slot);
    const hasRoom = length > 0 && length < lane.perSlot && !slot.isApart;
    if (hasRoom && this.#slots.canTakeMore(slot)) lane.rooms.add(slot);
    this.update(lane);
  }

  /** Takes note that what a lane waits for is another. */
  update(lane: Lane): void {
    if (lane.perSlot === 1) return;
    if (lane.rooms.size > 0 && lane.waiting.size > 0) this.#lanes.add(lane);
    else this.#lanes.delete(lane);
  }

  /** Where an element that waits can run at once; undefined if nowhere. */
  next(): { readonly slot: Slot; readonly lane: Lane } | undefined {
    for (const lane of this.#lanes) {
      // Slots run out for those that are to run alone.
      if (lane.suspects.areWaiting) continue;
      const share = this.#shareOf(lane);
      for (const slot of lane.rooms) {
        if (!this.#slots.canTakeMore(slot)) lane.rooms.delete(slot);
        else if (slot.batches.length >= share) continue;
        else if (!this.#mustDrain(slot, lane)) return { slot, lane };
      }
    }
    return undefined;
  }

  /** What is left to slots on their way: so many elements each slot has, with those. */
  #shareOf({ waiting, inFlight, slots }: Lane): number {
    const { opening } = this.#slots;
    if (opening === 0) return Infinity;
    return Math.ceil((waiting.width + inFlight.size) / (slots + opening));
  }

  #mustDrain(slot: Slot, lane: Lane): boolean {
    if (this.#draining && !this.#isOfUse(this.#draining)) this.#draining = undefined;
    if (this.#draining) return this.#draining === slot;
    const { next } = this.#claims;
    // Until it was full once, its turn has hardly begun.
    const isItsTurn = !next || lane.served <= next.served || slot.given < lane.perSlot;
    if (next === lane || isItsTurn || this.#slots.opening > 0) return false;
    this.#draining = slot;
    return true;
  }

  /** Whether the slot still runs something, and another lane still waits for it. */
  #isOfUse(slot: Slot): boolean {
    const [running] = slot.batches;
    return (
      running !== undefined &&
      this.#slots.canTakeMore(slot) &&
      this.#claims.rivalsOf(running.lane) > 0
    );
  }
}
