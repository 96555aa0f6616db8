/** How many of the machine's cores are this thread's: what its pools have, unless they say otherwise. */
import { availableParallelism } from 'node:os';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

/** What the workers of a pool have in common. */
interface Division {
  /** Cores of the thread that made the pool. */
  readonly cores: number;
  /** One cell: how many workers divide them. It is shared memory, since a pool may grow. */
  readonly workers: Int32Array;
}

/** Environment data is there before the first line of a worker runs, also of a file of the user's. */
const KEY = 'rxjs-parallel-map.cores';

/** At least 1. */
export function ownCores(): number {
  const division = getEnvironmentData(KEY) as Division | undefined;
  if (division === undefined) return availableParallelism();
  const workers = Math.max(1, Atomics.load(division.workers, 0));
  return Math.max(1, Math.floor(division.cores / workers));
}

/** Has the worker that `start` makes divide this thread's cores with the others of its pool. */
export function divideCores<Made>(workers: Int32Array, start: () => Made): Made {
  const own = getEnvironmentData(KEY);
  const division: Division = { cores: ownCores(), workers };
  setEnvironmentData(KEY, division);
  try {
    return start();
  } finally {
    setEnvironmentData(KEY, own);
  }
}
