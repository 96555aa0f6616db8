/** What is measured of functions that wait: several at once in each worker. */
import { Piscina } from 'piscina';
import { createPool } from 'rxjs-parallel-map';
import Tinypool from 'tinypool';
import type { Group } from './groups.js';
import { BEST_PEER } from './groups.js';
import type { Entry } from './interleave.js';
import { wait } from './workers/functions.mjs';
import { WORKERS } from './works.js';

const PER_WORKER = 32;
const WAITED = 2;
const values = new Array<number>(4_000).fill(WAITED);
/** Milliseconds, if a timer were exact. */
const LIMIT = (values.length * WAITED) / (WORKERS * PER_WORKER);

type MapWaiting = (values: readonly number[]) => Promise<readonly unknown[]>;

export const waiting: readonly Group[] = [
  {
    id: 'waiting',
    repetitions: { full: 11, quick: 3 },
    entries: () => [
      waiter('ours', 'ours', ours()),
      waiter('one thread, no pool', 'limit', inOneThread),
      waiter('piscina', 'peer', ofPiscina()),
      waiter('tinypool', 'peer', ofTinypool()),
    ],
    views: [
      {
        id: 'waiting',
        title: '4,000 elements that wait for 2 ms',
        about:
          '32 at once in each worker (`perWorker`, `concurrentTasksPerWorker`). workerpool runs one at a time, and poolifier bounds nothing. A timer takes longer than it says: the thread without a pool shows by how much.',
        figure: 'share',
        unit: 'of the limit',
        better: 'more',
        targets: [{ contender: 'ours', against: BEST_PEER, atLeast: 1 }],
      },
    ],
  },
];

function waiter(contender: string, kind: Entry['kind'], map: MapWaiting): Entry {
  return {
    contender,
    kind,
    elements: values.length,
    every: 1,
    async measure() {
      await map(values.slice(0, 500));
      const start = performance.now();
      const results = await map(values);
      const wall = performance.now() - start;
      if (!results.every((result) => result === WAITED)) throw new Error('gave something else');
      return { wall, share: LIMIT / wall };
    },
  };
}

function ours(): MapWaiting {
  const pool = createPool({ size: WORKERS, idleTimeout: Infinity });
  return (all) => pool.mapArray(all, wait, { perWorker: PER_WORKER });
}

const sameInAll = {
  minThreads: WORKERS,
  maxThreads: WORKERS,
  concurrentTasksPerWorker: PER_WORKER,
};

function ofPiscina(): MapWaiting {
  const filename = new URL('./workers/piscina.mjs', import.meta.url).href;
  const pool = new Piscina({ ...sameInAll, filename });
  return (all) => Promise.all(all.map((value): unknown => pool.run(value, { name: 'wait' })));
}

function ofTinypool(): MapWaiting {
  const filename = new URL('./workers/tinypool.mjs', import.meta.url).href;
  const pool = new Tinypool({ ...sameInAll, filename });
  return (all) => Promise.all(all.map((value): unknown => pool.run(value, { name: 'wait' })));
}

/** As many at once as all workers together have. */
async function inOneThread(all: readonly number[]): Promise<number[]> {
  const results: number[] = [];
  let next = 0;
  const runOn = async (): Promise<void> => {
    while (next < all.length) results.push((await wait(all[next++]!)) as number);
  };
  await Promise.all(Array.from({ length: WORKERS * PER_WORKER }, runOn));
  return results;
}
