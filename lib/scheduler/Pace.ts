/** Measures what an element of a lane takes, and decides from it how many of them make a batch. */
import type { Millis } from './facts.js';

/**
 * Part of a slot's time that may be spent on the executor's overhead: a batch lasts long enough that it
 * stays below. With 0.03 ms for a thread's message, 3 ms.
 */
const USUAL_OVERHEAD = 0.01;

/**
 * For a lane that has the slots for itself, while much waits: with 0.03 ms, 30 ms, if an element takes
 * no more than a hundredth of that, since a few long ones need no company. Beside what it costs
 * itself, a message takes the place of what a core was at; 40,000 elements of 50 µs came from 0.90 to
 * 0.93 of what two cores can do (npm run bench -- short-many). No call that comes new waits for them,
 * since they can be taken back.
 */
const LONG_OVERHEAD = 0.001;

/** Part of the longest batch that an element may take where batches are as long. */
const TINY_SHARE = 0.01;

/**
 * Part of a slot's share of what waits: batches shrink towards the end, so that the slots end together.
 * Smaller ones make more messages, larger ones wait longer for the last.
 */
const SHARE_OF_WAITING = 1 / 2;

/** The same for long batches, in which a long element would begin later than its turn. */
const LONG_SHARE_OF_WAITING = 1 / 4;

/** Shortest batch worth its message, in overheads: towards the end batches shrink no further. */
const SHORTEST_BATCH = 4;

/**
 * Part of a slot's share of what waits that a batch takes at most, however short it is: where the first
 * elements were the quickest, a few slots would get all the others. Found with spec/support/simulation.
 */
const LARGEST_SHARE_OF_WAITING = 3 / 4;

/**
 * Overheads that a batch lasts in any case, where what is too much can be taken back: else the last
 * elements go one by one, each for the price of a message. 20,000 trivial elements went from 25
 * messages to 14.
 */
const LAST_BATCH = 1;

/**
 * Elements of one batch at most: bounds one message, and how long the main thread writes it. From 16,384
 * on V8 keeps each array of them in memory of its own, which it gets from the system and gives back each
 * time: a million trivial elements then take twice as long (spec/bench/probes/batchMemory.ts).
 */
export const MOST_ELEMENTS = 8_192;

/**
 * The same for elements that are pinned, since their memory is moved: 100 buffers of 1 MiB take 1.2 to
 * 2 ms in batches of 8 to 16, and 4.5 ms in batches of 25 (spec/bench/probes/moving.ts).
 */
export const MOST_PINNED_ELEMENTS = 10;

/**
 * Milliseconds that an element takes at least. What the clock cannot see must not pass for nothing.
 */
const SHORTEST_ELEMENT = 0.00001;

/**
 * How far one measurement may raise the pace. A single long element among many short ones must not
 * break up the batches after it; work that did become longer shows again and again.
 */
const LARGEST_RISE = 2;

/** What else bears on the size of a lane's batches. */
interface Company {
  /** Whether what has not started of a batch can be given to another slot. */
  readonly canMove: boolean;
  /** Whether no other lane waits for slots. */
  readonly isAlone: boolean;
}

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
    return this.isKnown && this.#current! <= this.#overhead / USUAL_OVERHEAD;
  }

  /** Whether a second batch on a slot would pay, from what is known. */
  get isKnown(): boolean {
    return this.#overhead > 0 && this.#current !== undefined;
  }

  /** Elements for the next batch, of those that wait for so many slots. At least 1. */
  batchSize(waiting: number, slots: number, { canMove, isAlone }: Company): number {
    // The first element is a probe: nothing is known of it. Where a batch costs nothing, each element
    // goes on its own.
    if (this.#current === undefined || this.#overhead === 0) return 1;
    const fairShare = Math.ceil(waiting / slots);
    const isTiny = this.#current <= (this.#overhead / LONG_OVERHEAD) * TINY_SHARE;
    const mayBeLong = canMove && isAlone && isTiny;
    const size = Math.max(
      mayBeLong ? this.#lasting(1 / LONG_OVERHEAD, fairShare * LONG_SHARE_OF_WAITING) : 1,
      this.#lasting(1 / USUAL_OVERHEAD, fairShare * SHARE_OF_WAITING),
      this.#lasting(SHORTEST_BATCH, fairShare * LARGEST_SHARE_OF_WAITING),
      canMove ? this.#lasting(LAST_BATCH, waiting) : 1,
    );
    return Math.min(size, MOST_ELEMENTS);
  }

  /** Elements that take so many overheads, at most so many. At least 1. */
  #lasting(overheads: number, atMost: number): number {
    const elements = Math.floor((overheads * this.#overhead) / this.#current!);
    return Math.max(1, Math.min(elements, Math.ceil(atMost)));
  }
}
