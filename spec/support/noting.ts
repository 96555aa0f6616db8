/** An observer of a lane that notes what it is told, so that the order shows. */
import type { LaneObserver } from '../../lib/pool/LaneOptions.js';

/** @param log for example the log of an executor, to have both in their order */
export function noting(log: string[], name = ''): LaneObserver {
  return {
    reportAfter: 10,
    next: (results, from, to) => {
      for (let nth = from; nth < to; nth++) log.push(`${name}next ${String(results[nth])}`);
    },
    error: (error) => log.push(`${name}error ${(error as Error).name}`),
    complete: () => log.push(`${name}complete`),
  };
}
