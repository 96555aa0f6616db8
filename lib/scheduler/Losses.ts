/** Which element is given up, since slots were lost with it before it started. */

/**
 * Slots that are lost with the same element next to start before that one is failed. Once may be bad luck;
 * three times is a cause that stays.
 */
const TRIES = 3;

export class Losses {
  /** How many slots were lost with an element. */
  readonly #slots = new Map<number, number>();

  /** A slot was lost with this element next to start. @returns whether it is given up */
  add(index: number): boolean {
    const losses = (this.#slots.get(index) ?? 0) + 1;
    if (losses < TRIES) this.#slots.set(index, losses);
    else this.#slots.delete(index);
    return losses >= TRIES;
  }
}
