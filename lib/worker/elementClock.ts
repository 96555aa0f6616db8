/**
 * Which element a worker is at, and since when: for the main thread, which ends those that are over time.
 *
 * Each batch of a worker has two cells in shared memory: the position of the element that runs, plus one, or
 * 0 if none does; and when it started. The worker alone writes them, the time first and then the position,
 * and the position again when the element has ended.
 *
 * Why the main thread never takes the time of one element for another's. It reads the position, the time,
 * and the position again. Positions only go up within a batch, so if it finds the same one twice, that
 * element ran all the while; and a later element writes its time only after this one's end.
 */
import { CLAIM_CELLS } from './claims.js';
import type { Stopwatch } from '../task/timed.js';
import { sharedNow } from './sharedClock.js';

/** The element that runs. */
export interface Running {
  readonly position: number;
  /** Milliseconds since its start. */
  readonly elapsed: number;
}

export function makeClock(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(2 * CLAIM_CELLS * Int32Array.BYTES_PER_ELEMENT));
}

/** In the main thread, before a batch is handed over: nothing of it runs. */
export function resetClock(clock: Int32Array, cell: number): void {
  Atomics.store(clock, 2 * cell, 0);
}

/** In the worker. */
export function stopwatchOf(clock: Int32Array, cell: number, now = sharedNow): Stopwatch {
  return {
    start: (position) => {
      // Rounded so that no element seems to have run for longer than it has.
      Atomics.store(clock, 2 * cell + 1, Math.ceil(now()));
      Atomics.store(clock, 2 * cell, position + 1);
    },
    stop: () => {
      Atomics.store(clock, 2 * cell, 0);
    },
  };
}

/** What runs of a batch; undefined between two elements, and before the first. */
export function readClock(clock: Int32Array, cell: number, now = sharedNow): Running | undefined {
  const found = Atomics.load(clock, 2 * cell);
  const started = Atomics.load(clock, 2 * cell + 1);
  if (found === 0 || Atomics.load(clock, 2 * cell) !== found) return undefined;
  // The cell holds the last 32 bits of the time, and so does this.
  return { position: found - 1, elapsed: (Math.floor(now()) - started) | 0 };
}
