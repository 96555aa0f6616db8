/** The one clock that all threads of a process share, and that nobody sets: to compare times of several threads. */

/** In milliseconds, since some moment. */
export function sharedNow(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

let ahead: number | undefined;

/**
 * Milliseconds by which it is ahead of this thread's `performance.now()`. Both count the same seconds; measured once,
 * so that times of one thread stay in their order.
 */
export function aheadOfOwn(): number {
  return (ahead ??= measure());
}

/** The thread may be interrupted between two looks: the shortest time between them is the truest. */
function measure(): number {
  let best = { gap: Infinity, ahead: 0 };
  for (let nth = 0; nth < 20; nth++) {
    const before = performance.now();
    const shared = sharedNow();
    const after = performance.now();
    if (after - before < best.gap) {
      best = { gap: after - before, ahead: shared - (before + after) / 2 };
    }
  }
  return best.ahead;
}
