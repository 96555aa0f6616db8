/** Which slots there are, which of them idle, and when another is opened or closed. */
import type { Command, Fact, SlotId } from './facts.js';
import { FutileSlots } from './FutileSlots.js';
import { known, newSlot, type Slot } from './state.js';

export interface SlotsOptions {
  /** Slots at most, whatever the lanes ask for. */
  readonly size: number;
  /** Elements that a slot may run before it is replaced. Default: Infinity. */
  readonly elementsPerSlot?: number | undefined;
}

export class Slots {
  readonly #size: number;
  readonly #elementsPerSlot: number;
  readonly #command: (command: Command) => void;
  readonly #slots = new Map<SlotId, Slot>();
  /** Last in, first out, so that slots which are not needed idle long enough to be closed. */
  readonly #idle: Slot[] = [];
  /** Slots that get no more batches: they have had all the elements that they may run, or are overdue. */
  readonly #spent = new Set<Slot>();
  #opening = 0;
  readonly futile: FutileSlots;
  #next: SlotId = 0;

  constructor(
    { size, elementsPerSlot = Infinity }: SlotsOptions,
    command: (command: Command) => void,
  ) {
    this.#size = size;
    this.#elementsPerSlot = elementsPerSlot;
    this.#command = command;
    this.futile = new FutileSlots(command);
  }

  get count(): number {
    return this.#slots.size;
  }

  /** Slots that were asked for and are not there yet. */
  get opening(): number {
    return this.#opening;
  }

  find(id: SlotId, fact: Fact): Slot {
    return known(this.#slots, id, fact);
  }

  /** Not the successor of a slot that still runs its last elements, if all others run something, too. */
  get mayUseIdle(): boolean {
    const idle = this.#idle.length;
    return idle > 0 && this.#slots.size - this.#opening - idle < this.#size;
  }

  /** Whether one idles that may be used, or another might be opened. */
  get haveRoom(): boolean {
    return this.mayUseIdle || this.#slots.size - this.#spent.size < this.#size;
  }

  takeIdle(): Slot {
    return this.#idle.pop()!;
  }

  /** Elements that it may still be given. */
  leftOn(slot: Slot): number {
    return this.#elementsPerSlot - slot.handed;
  }

  /** Whether it may be given more, beside or behind what it has. */
  canTakeMore(slot: Slot): boolean {
    return this.#slots.has(slot.id) && !this.#spent.has(slot);
  }

  /** A slot is given so many elements. */
  hand(slot: Slot, count: number): void {
    slot.used = true;
    slot.handed += count;
    if (slot.handed === this.#elementsPerSlot) this.#spent.add(slot);
  }

  /** It gets no more batches, and is closed when it has returned those that it has. */
  retire(slot: Slot): void {
    slot.isOverdue = true;
    this.#spent.add(slot);
  }

  /** A batch has returned from a slot. @returns whether that one can take another */
  release(slot: Slot): boolean {
    if (!this.#slots.has(slot.id)) return false;
    if (slot.batches.length > 0) return true;
    if (this.#spent.has(slot)) this.replace(slot, slot.isOverdue ? 'overdue' : 'recycled');
    else this.#idle.push(slot);
    return false;
  }

  /** It is ready. */
  use(slot: Slot): void {
    this.#opening--;
    slot.phase = 'open';
    this.#idle.push(slot);
  }

  /** It is gone, or could not be had. @param isLasting whether another try would only fail again */
  forget(slot: Slot, isLasting = false): void {
    if (slot.phase === 'opening') this.#opening--;
    else if (slot.batches.length === 0) this.#idle.splice(this.#idle.indexOf(slot), 1);
    this.#slots.delete(slot.id);
    this.#spent.delete(slot);
    if (!slot.hasServed && slot.batches.length === 0) this.futile.add(isLasting);
    slot.phase = 'lost';
    slot.lostWith = slot.batches[0];
  }

  /** Its batches return once it is closed; meanwhile another slot can be opened in its place. */
  replace(slot: Slot, why: 'recycled' | 'overdue'): void {
    this.#spent.delete(slot);
    if (this.#slots.delete(slot.id)) this.#command({ type: 'closeSlot', slot: slot.id, why });
  }

  /** An idle period has passed: closes those that were not used in it. */
  closeUnused(): void {
    for (const slot of this.#idle.filter(({ used }) => !used)) {
      this.#idle.splice(this.#idle.indexOf(slot), 1);
      this.#slots.delete(slot.id);
      this.#command({ type: 'closeSlot', slot: slot.id, why: 'idle' });
    }
    for (const slot of this.#idle) slot.used = false;
  }

  /** Spent slots whose lanes will go on elsewhere: a new one starts while they run their last elements. */
  get successors(): number {
    if (this.#spent.size === 0) return 0;
    let successors = 0;
    for (const { batches } of this.#spent) {
      if (batches.some(({ lane }) => lane.waiting.size > 0 && lane.claim === 0)) successors++;
    }
    return successors;
  }

  /** Opens slots until so many are on their way, but no more than there may be. */
  open(wanted: number, atMost: number): void {
    const most = Math.min(this.#size, atMost) + this.#spent.size;
    while (this.#opening < wanted && this.#slots.size < most) {
      const slot = newSlot(this.#next++);
      this.#opening++;
      this.#slots.set(slot.id, slot);
      this.#command({ type: 'openSlot', slot: slot.id });
    }
  }
}
