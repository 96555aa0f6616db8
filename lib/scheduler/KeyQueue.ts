/** The elements of one key that wait, in the order of the input, and what they wait for. */
import type { Locks } from './Locks.js';

/** Places at the front of a queue, left by elements that were taken, before the rest moves up. */
const MOST_LEFT = 1024;

export class KeyQueue {
  readonly key: number;
  /** Given back, oldest last, so that `pop` takes it: all came before the others. */
  #givenBack: number[] | undefined;
  #others: number[] = [];
  /** Where those begin that are still there. */
  #head = 0;
  /** The batch that has elements of this key, and how many of them have not left it. */
  holder: Locks | undefined;
  held = 0;
  /** An element that is to run again, later, before the others. */
  delayed: number | undefined;

  constructor(key: number) {
    this.key = key;
  }

  get length(): number {
    return (this.#givenBack?.length ?? 0) + this.#others.length - this.#head;
  }

  /** The oldest; undefined if none waits. */
  get first(): number | undefined {
    return this.#givenBack?.at(-1) ?? this.#others[this.#head];
  }

  /** Whether the next one has to wait for another. */
  get isLocked(): boolean {
    return this.held > 0 || this.delayed !== undefined;
  }

  /** One that came after all others. */
  push(index: number): void {
    this.#others.push(index);
  }

  /** One that came before all others. */
  putBack(index: number): void {
    (this.#givenBack ??= []).push(index);
  }

  /** The youngest; undefined if none waits. */
  get last(): number | undefined {
    return this.#head < this.#others.length ? this.#others.at(-1) : this.#givenBack?.[0];
  }

  /** Takes the youngest; there is one. */
  takeLast(): number {
    return this.#head < this.#others.length ? this.#others.pop()! : this.#givenBack!.shift()!;
  }

  /** Takes the oldest; there is one. */
  take(): number {
    const index = this.#givenBack?.pop() ?? this.#others[this.#head++]!;
    if (this.#head >= MOST_LEFT && 2 * this.#head >= this.#others.length) {
      this.#others = this.#others.slice(this.#head);
      this.#head = 0;
    }
    return index;
  }
}
