/** The elements of one lane that wait for a slot: those given back first, then the input in its order. */
export class WaitingElements {
  /** Given back by a slot, lowest index last, so that `pop` takes the oldest. */
  readonly #givenBack: number[] = [];
  /** First element of the input that no slot has had yet. */
  #next = 0;
  #arrived = 0;

  get size(): number {
    return this.#givenBack.length + this.#arrived - this.#next;
  }

  arrive(count: number): void {
    this.#arrived += count;
  }

  giveBack(indices: readonly number[]): void {
    if (indices.length === 0) return;
    this.#givenBack.push(...indices);
    this.#givenBack.sort((a, b) => b - a);
  }

  /** Takes up to `count` elements, oldest first. */
  take(count: number): number[] {
    const taken: number[] = [];
    while (taken.length < count) {
      const index = this.#givenBack.pop() ?? this.#takeFromInput();
      if (index === undefined) break;
      taken.push(index);
    }
    return taken;
  }

  clear(): void {
    this.#givenBack.length = 0;
    this.#next = this.#arrived;
  }

  #takeFromInput(): number | undefined {
    return this.#next < this.#arrived ? this.#next++ : undefined;
  }
}
