/** Keeps the last so many things, and counts those that had to go. */
export class Ring<T> {
  readonly #limit: number;
  #things: T[] = [];
  /** Place of the oldest, once there are as many as there may be. */
  #oldest = 0;
  #omitted = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get omitted(): number {
    return this.#omitted;
  }

  add(thing: T): void {
    if (this.#things.length < this.#limit) {
      this.#things.push(thing);
      return;
    }
    this.#things[this.#oldest] = thing;
    this.#oldest = (this.#oldest + 1) % this.#limit;
    this.#omitted++;
  }

  /** From the oldest on. */
  toArray(): T[] {
    return [...this.#things.slice(this.#oldest), ...this.#things.slice(0, this.#oldest)];
  }
}
