/** The keys that the elements of one batch lock, each by its queue. */
import type { Range } from './facts.js';
import type { KeyQueue } from './KeyQueue.js';
import { indicesIn } from './ranges.js';

export class Locks {
  /** Places in the input of the elements, which only go up, and the queue of each. */
  readonly #indices: number[] = [];
  readonly #queueOf: KeyQueue[] = [];
  readonly queues: KeyQueue[] = [];

  /** How many elements. */
  get count(): number {
    return this.#indices.length;
  }

  add(index: number, queue: KeyQueue): void {
    if (queue.holder !== this) {
      queue.holder = this;
      this.queues.push(queue);
    }
    queue.held++;
    this.#indices.push(index);
    this.#queueOf.push(queue);
  }

  /** The queues of these elements. */
  *of(ranges: readonly Range[]): Generator<[index: number, queue: KeyQueue]> {
    for (const index of indicesIn(ranges)) yield [index, this.#queueOf[this.#positionOf(index)]!];
  }

  /** By bisection: the elements that are asked for are few, and mostly the last ones. */
  #positionOf(index: number): number {
    let [low, high] = [0, this.#indices.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#indices[middle]! < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
