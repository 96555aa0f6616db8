/** Measures what an element of a lane takes, and decides from it how many of them make a batch. */
import type { Millis } from './facts.js';

/**
 * Part of a slot's time that may be spent on the executor's overhead. A batch lasts long enough that
 * its overhead stays below: with 0.03 ms for a thread's message, 3 ms.
 */
const OVERHEAD_SHARE = 0.01;

/**
 * The same for a lane that has the slots for itself: with 0.03 ms, batches of 30 ms. Beside what it
 * costs itself, a message takes the place of what a core was at; 40,000 elements of 50 µs came from 0.90
 * to 0.93 of what two cores can do. No shorter call waits for them, since they can be taken back.
 */
const OVERHEAD_SHARE_ALONE = 0.001;

/**
 * Part of what waits that one batch may take, over the number of slots: batches shrink towards the
 * end, so that the slots end together. Smaller ones make more messages, larger ones wait longer for
 * the last.
 */
const SHARE_OF_WAITING = 0.5;

/**
 * Shortest batch worth its message, in overheads: towards the end batches shrink no further.
 */
const SHORTEST_BATCH = 4;

/** Elements of one batch at most: bounds one message, and how long the main thread writes it. */
export const MOST_ELEMENTS = 32_768;

/**
 * Milliseconds that an element takes at least. What the clock cannot see must not pass for nothing.
 */
const SHORTEST_ELEMENT = 0.00001;

/**
 * How far one measurement may raise the pace. A single long element among many short ones must not
 * break up the batches after it; work that did become longer shows again and again.
 */
const LARGEST_RISE = 2;

export class Pace {
  readonly #overhead: Millis;
  /** Milliseconds per element; undefined until the first batch has returned. */
  #current: Millis | undefined;

  constructor(overhead: Millis, known: Millis | undefined) {
    this.#overhead = overhead;
    this.#current = known === undefined ? undefined : Math.max(known, SHORTEST_ELEMENT);
  }

  get current(): Millis | undefined {
    return this.#current;
  }

  /** A batch of `count` elements took `busy`. */
  measure(busy: Millis, count: number): void {
    if (count === 0) return;
    const measured = Math.max(busy / count, SHORTEST_ELEMENT);
    this.#current =
      this.#current === undefined ? measured : Math.min(measured, this.#current * LARGEST_RISE);
  }

  /** What `count` elements take. */
  expect(count: number): Millis {
    return count * (this.#current ?? 0);
  }

  /** Whether `count` elements take so long that it pays to move them to another slot. */
  isWorthMoving(count: number): boolean {
    return this.expect(count) >= 2 * SHORTEST_BATCH * this.#overhead;
  }

  /** Whether a slot that waited for its next batch would lose a share of its time that matters. */
  get isQuick(): boolean {
    return this.isKnown && this.#current! <= this.#overhead / OVERHEAD_SHARE;
  }

  /** Whether a second batch on a slot would pay, from what is known. */
  get isKnown(): boolean {
    return this.#overhead > 0 && this.#current !== undefined;
  }

  /** Elements for the next batch, of those that wait for so many slots beside other lanes. At least 1. */
  batchSize(waiting: number, slots: number, lanes = 1): number {
    // The first element is a probe: nothing is known of it. Where a batch costs nothing, each element
    // goes on its own.
    if (this.#current === undefined || this.#overhead === 0) return 1;
    const share = Math.ceil((waiting / slots) * SHARE_OF_WAITING);
    const shortest = this.#elementsIn(SHORTEST_BATCH * this.#overhead);
    const overheadShare = lanes > 1 ? OVERHEAD_SHARE : OVERHEAD_SHARE_ALONE;
    const longest = Math.min(this.#elementsIn(this.#overhead / overheadShare), MOST_ELEMENTS);
    return Math.max(1, Math.min(longest, Math.max(share, shortest)));
  }

  #elementsIn(time: Millis): number {
    return Math.floor(time / this.#current!);
  }
}
