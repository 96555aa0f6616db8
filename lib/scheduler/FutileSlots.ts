/** Whether another slot is opened after some that came to nothing: at once, after a pause, or never. */
import type { Command, Millis } from './facts.js';

/**
 * Slots that fail to open, or are lost without ever having had an element, before what waits is failed: one
 * after the other, with no element ended elsewhere in between. Once may be bad luck; three times is a
 * cause that stays.
 */
const TRIES = 3;

/**
 * Milliseconds before another slot is opened after one that came to nothing, and twice as long after the
 * next: a system that is short of memory or threads for a moment gets over it, and who waits for an error
 * that stays has it within half a second.
 */
const PAUSE: Millis = 100;

export class FutileSlots {
  readonly #command: (command: Command) => void;
  /** Since an element last ended. */
  #count = 0;
  /** Whether `pausePassed` is to come. */
  #pauseIsOn = false;

  constructor(command: (command: Command) => void) {
    this.#command = command;
  }

  /** @param isLasting whether another try would only fail again */
  add(isLasting: boolean): void {
    this.#count += isLasting ? TRIES : 1;
    if (this.#pauseIsOn || this.areTooMany) return;
    this.#pauseIsOn = true;
    this.#command({ type: 'pauseOpening', after: PAUSE * 2 ** (this.#count - 1) });
  }

  /** Whatever kept slots from opening may be gone. */
  forget(): void {
    this.#count = 0;
  }

  endPause(): void {
    this.#pauseIsOn = false;
  }

  get areTooMany(): boolean {
    return this.#count >= TRIES;
  }

  /** Whether another slot shall wait for the end of a pause. */
  get askForPatience(): boolean {
    return this.#pauseIsOn && this.#count > 0;
  }
}
