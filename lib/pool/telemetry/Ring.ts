/** Keeps the last so many things, and counts all that there were. */
export class Ring<T> {
  readonly #limit: number;
  #things: T[] = [];
  /** Place of the oldest, once there are as many as there may be. */
  #oldest = 0;
  #added = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many there were. */
  get added(): number {
    return this.#added;
  }

  /** How many there are. */
  get size(): number {
    return this.#things.length;
  }

  add(thing: T): void {
    this.#added++;
    if (this.#things.length < this.#limit) {
      this.#things.push(thing);
      return;
    }
    this.#things[this.#oldest] = thing;
    this.#oldest = (this.#oldest + 1) % this.#limit;
  }

  /** From the oldest on. */
  toArray(): T[] {
    return [...this.#things.slice(this.#oldest), ...this.#things.slice(0, this.#oldest)];
  }
}
