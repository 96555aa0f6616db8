/** This package, as it is built: functions travel as source, batches are sized by themselves. */
import { runInThisContext } from 'node:vm';
import { from, lastValueFrom, toArray } from 'rxjs';
import { createPool, trace, type Pool, type TaskFunction } from 'rxjs-parallel-map';
import { spin, trivial } from '../workers/functions.mjs';
import { WORKERS, type Work } from '../works.js';
import type { Contender } from './Contender.js';

type Fn = TaskFunction<never, unknown>;

const functions: Record<Work['fn'], Fn> = {
  trivial,
  spin,
  transferred: (buffer: ArrayBuffer, _index, { transfer }) => {
    new Uint8Array(buffer)[0] = 1;
    return transfer(buffer, [buffer]);
  },
};

/** Beside what all can do: a pipeline, a cost, and a function that no worker has seen. */
export interface Ours extends Contender {
  readonly mapStream: (fn: Work['fn'], values: readonly unknown[]) => Promise<unknown[]>;
  readonly mapByCost: (fn: Work['fn'], values: readonly number[]) => Promise<unknown[]>;
  /** Spins through `mapStream`. @returns how many results came */
  readonly pull: (values: readonly number[], ordered: boolean) => Promise<number>;
  readonly mapFresh: (values: readonly unknown[]) => Promise<unknown[]>;
  /** Beside statistics, which are always on: while somebody listens to the pool's events, or records. */
  readonly mapHeard: (fn: Work['fn'], values: readonly unknown[]) => Promise<unknown[]>;
  readonly mapTraced: (fn: Work['fn'], values: readonly unknown[]) => Promise<unknown[]>;
}

export function ours(): Ours {
  let pool: Pool;
  let fresh = 0;
  return {
    name: 'ours',
    async open() {
      pool = createPool({ size: WORKERS, idleTimeout: Infinity });
      await pool.mapArray([1_000, 1_000], spin);
    },
    one: (fn, value) => pool.run(functions[fn], value as never),
    map: (fn, values) =>
      pool.mapArray(
        values as never[],
        functions[fn],
        fn === 'transferred' ? { transfer: (value: ArrayBuffer) => [value] } : {},
      ),
    mapStream: (fn, values) =>
      lastValueFrom(from(values as never[]).pipe(pool.parallelMap(functions[fn]), toArray())),
    mapByCost: (fn, values) =>
      pool.mapArray(values as never[], functions[fn], { cost: (value: number) => value }),
    pull: async (values, ordered) => {
      let count = 0;
      for await (const _ of pool.mapStream(values, spin, { ordered })) count++;
      return count;
    },
    mapFresh: (values) => {
      // A source that no worker has seen.
      const unseen = runInThisContext(`(x) => x + 1 + ${fresh++} * 0`) as Fn;
      return pool.mapArray(values as never[], unseen);
    },
    mapHeard: async (fn, values) => {
      const subscription = pool.events$.subscribe();
      try {
        return await pool.mapArray(values as never[], functions[fn]);
      } finally {
        subscription.unsubscribe();
      }
    },
    mapTraced: (fn, values) => pool.mapArray(values as never[], functions[fn], { trace: trace() }),
    close: () => pool.destroy(),
  };
}
