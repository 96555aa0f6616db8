/** Takes in what happens, and deals with one thing after the other, however they come about. */
import type { Fact } from '../scheduler/facts.js';

/** Something that happened, and the results to give out once the scheduler has reacted to it. */
export interface Entry {
  readonly fact?: Fact;
  readonly deliver?: () => void;
}

/**
 * Observers and executors may call back at any moment: what they tell meanwhile waits for its turn, and
 * is never dealt with in the middle of something else.
 */
export class Inbox {
  readonly #react: (fact: Fact) => void;
  readonly #onQuiet: () => void;
  readonly #entries: Entry[] = [];
  #isDraining = false;

  /** @param onQuiet called when all that happened has been dealt with */
  constructor(react: (fact: Fact) => void, onQuiet: () => void) {
    this.#react = react;
    this.#onQuiet = onQuiet;
  }

  /** Deals with it before this returns, unless something else is being dealt with. */
  add(entry: Entry): void {
    this.#entries.push(entry);
    if (this.#isDraining) return;
    this.#isDraining = true;
    try {
      // Each slot is refilled before its results are given out: see Entry.
      for (let next; (next = this.#entries.shift());) {
        if (next.fact) this.#react(next.fact);
        next.deliver?.();
      }
      this.#onQuiet();
    } finally {
      this.#isDraining = false;
    }
  }
}
