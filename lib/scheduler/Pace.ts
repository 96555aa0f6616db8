/** Measures what an element of a lane takes, and decides from it how many of them make a batch. */
import type { Millis } from './facts.js';

/** What bounds a batch: the smaller of the two. */
interface Bound {
  /**
   * Part of a slot's time that may be spent on the executor's overhead: the batch lasts long enough
   * that it stays below.
   */
  readonly overheadShare: number;
  /**
   * Part of a slot's share of what waits: batches shrink towards the end, so that the slots end
   * together. Smaller ones make more messages, larger ones wait longer for the last.
   */
  readonly shareOfWaiting: number;
}

/** With 0.03 ms for a thread's message, 3 ms. */
const USUAL: Bound = { overheadShare: 0.01, shareOfWaiting: 1 / 2 };

/**
 * For a lane that has the slots for itself, while much waits: with 0.03 ms, 30 ms, if an element takes
 * no more than a hundredth of that, since a few long ones need no company. Beside what it costs
 * itself, a message takes the place of what a core was at; 40,000 elements of 50 µs came from 0.90 to
 * 0.93 of what two cores can do (npm run bench -- short-many). No call that comes new waits for them, since they can be taken back.
 */
const LONG: Bound = { overheadShare: 0.001, shareOfWaiting: 1 / 4 };

/** Part of the longest batch that an element may take where batches are as long. */
const TINY_SHARE = 0.01;

/** Shortest batch worth its message, in overheads: towards the end batches shrink no further. */
const SHORTEST_BATCH = 4;

/**
 * Part of a slot's share of what waits that a batch takes at most, however short it is: where the first
 * elements were the quickest, a few slots would get all the others. Found with spec/support/simulation.
 */
const LARGEST_SHARE_OF_WAITING = 3 / 4;

/** Elements of one batch at most: bounds one message, and how long the main thread writes it. */
export const MOST_ELEMENTS = 32_768;

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
    return this.isKnown && this.#current! <= this.#overhead / USUAL.overheadShare;
  }

  /** Whether a second batch on a slot would pay, from what is known. */
  get isKnown(): boolean {
    return this.#overhead > 0 && this.#current !== undefined;
  }

  /** Elements for the next batch, of those that wait for so many slots. At least 1. */
  batchSize(waiting: number, slots: number, mayBeLong: boolean): number {
    // The first element is a probe: nothing is known of it. Where a batch costs nothing, each element
    // goes on its own.
    if (this.#current === undefined || this.#overhead === 0) return 1;
    const fairShare = Math.ceil(waiting / slots);
    const atMost = Math.ceil(fairShare * LARGEST_SHARE_OF_WAITING);
    const shortest = Math.min(this.#elementsIn(SHORTEST_BATCH * this.#overhead), atMost);
    const usual = this.#within(USUAL, fairShare);
    const isTiny = this.#current <= (this.#overhead / LONG.overheadShare) * TINY_SHARE;
    const long = mayBeLong && isTiny ? this.#within(LONG, fairShare) : 0;
    return Math.max(1, Math.min(MOST_ELEMENTS, Math.max(shortest, usual, long)));
  }

  #within({ overheadShare, shareOfWaiting }: Bound, fairShare: number): number {
    const longest = this.#elementsIn(this.#overhead / overheadShare);
    return Math.min(longest, Math.ceil(fairShare * shareOfWaiting));
  }

  #elementsIn(time: Millis): number {
    return Math.floor(time / this.#current!);
  }
}
