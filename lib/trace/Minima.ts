/** Numbers in a row, of which the first that is no more than a bound is found in logarithmic time. */

/**
 * A tree in an array: each node has the lesser of its two, the root is at 1 and the numbers are in the second half.
 *
 *            1
 *       2         3
 *     4   5     6   7      the numbers 0 to 3
 */
export class Minima {
  #tree: number[] = [Infinity, Infinity];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  get least(): number {
    return this.#tree[1]!;
  }

  at(place: number): number {
    return this.#tree[this.#tree.length / 2 + place]!;
  }

  /** @returns its place */
  add(value: number): number {
    if (this.#length === this.#tree.length / 2) this.#grow();
    this.set(this.#length, value);
    return this.#length++;
  }

  set(place: number, value: number): void {
    const tree = this.#tree;
    let node = tree.length / 2 + place;
    tree[node] = value;
    while ((node >>= 1) >= 1) tree[node] = Math.min(tree[2 * node]!, tree[2 * node + 1]!);
  }

  /** The place of the first that is no more than that; -1 if there is none. */
  firstUpTo(bound: number): number {
    const tree = this.#tree;
    if (!(this.least <= bound)) return -1;
    let node = 1;
    while (node < tree.length / 2) node = tree[2 * node]! <= bound ? 2 * node : 2 * node + 1;
    return node - tree.length / 2;
  }

  #grow(): void {
    const values = this.#tree.slice(this.#tree.length / 2);
    this.#tree = new Array<number>(values.length * 4).fill(Infinity);
    for (const [place, value] of values.entries()) this.set(place, value);
  }
}
