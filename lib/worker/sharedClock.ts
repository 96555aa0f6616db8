/** The one clock that all threads of a process share, and that nobody sets: to compare times of several threads. */

// As it is before a task runs, which may replace it: with a mock, say.
const { hrtime } = process;

/** A worker's own clock, for the same reason. */
export const workerNow: () => number = performance.now.bind(performance);

/** In milliseconds, since some moment. */
export function sharedNow(): number {
  const [seconds, nanoseconds] = hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

let ahead: number | undefined;

/**
 * Milliseconds by which it is ahead of this thread's own clock. Both count the same seconds; measured once,
 * so that times of one thread stay in their order.
 */
export function aheadOfOwn(now = (): number => performance.now()): number {
  return (ahead ??= measure(now));
}

/** The thread may be interrupted between two looks: the shortest time between them is the truest. */
function measure(now: () => number): number {
  let best = { gap: Infinity, ahead: 0 };
  for (let nth = 0; nth < 20; nth++) {
    const before = now();
    const shared = sharedNow();
    const after = now();
    if (after - before < best.gap) {
      best = { gap: after - before, ahead: shared - (before + after) / 2 };
    }
  }
  return best.ahead;
}
