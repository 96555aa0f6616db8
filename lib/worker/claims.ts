/**
 * Who may run an element: the worker that has its batch, or whoever gets it after it was taken back.
 *
 * Each batch of a worker has a counter in shared memory: how many of its elements have been claimed.
 *
 * - The worker claims with an atomic add and runs the element at the position that the counter had,
 *   if that is below the batch's count.
 * - The main thread takes back with an atomic exchange for a number past every count, and owns the
 *   elements from the position that the counter had.
 *
 * Why no element is lost or run twice. Atomic operations on one cell have a single order that both
 * threads agree on. Let the exchange find c. Each add before it got a different position below c, and
 * every position below c was got by one: those are the worker's. Each add after it finds at least
 * ALL_CLAIMED, which is past every count, so the worker gets nothing more. Those from c on were got by
 * no add, and only this exchange found c: they are the main thread's. A second exchange finds at least
 * ALL_CLAIMED and takes nothing.
 *
 * A cell is used for the next batch only when the last one on it has returned, so no claim of an
 * earlier batch can meet it. ALL_CLAIMED plus the adds after it stay below 2^31: a worker adds at
 * most once more per batch.
 */

/**
 * Batches that a worker may hold at once, each with a counter of its own: more than any function has use for that
 * waits, in memory that is hardly more than the platform takes at least.
 */
export const CLAIM_CELLS = 1024;

const ALL_CLAIMED = 2 ** 30;

export function makeClaims(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(CLAIM_CELLS * Int32Array.BYTES_PER_ELEMENT));
}

/** A new batch may be claimed from its first element on. */
export function openClaims(claims: Int32Array, cell: number): void {
  Atomics.store(claims, cell, 0);
}

/** In the worker: the position of the next element that is ours to run; undefined when none is left. */
export function claim(claims: Int32Array, cell: number, count: number): number | undefined {
  const position = Atomics.add(claims, cell, 1);
  return position < count ? position : undefined;
}

/** In the main thread: how many of `count` elements have been claimed. Nothing more can be, now. */
export function stopClaims(claims: Int32Array, cell: number, count: number): number {
  return Math.min(Atomics.exchange(claims, cell, ALL_CLAIMED), count);
}
