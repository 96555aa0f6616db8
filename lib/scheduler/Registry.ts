/** Things by their numbers: a Map for what is often only one, or none. */

/**
 * V8 allocates the table of a Map or Set anew when it becomes empty. Each time that happened for a call
 * with one element it took a microsecond, so a Map that would become empty is replaced by a new one.
 */
export class Registry<T extends object> {
  #things = new Map<number, T>();

  get size(): number {
    return this.#things.size;
  }

  get(id: number): T | undefined {
    return this.#things.get(id);
  }

  has(id: number): boolean {
    return this.#things.has(id);
  }

  set(id: number, thing: T): void {
    this.#things.set(id, thing);
  }

  delete(id: number): void {
    if (this.#things.size > 1) this.#things.delete(id);
    else if (this.#things.has(id)) this.clear();
  }

  clear(): void {
    this.#things = new Map();
  }

  /** In the order in which they came. */
  [Symbol.iterator](): Iterator<T> {
    return this.#things.values();
  }
}
