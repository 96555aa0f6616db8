/**
 * How does this build compare with another one, of another commit, say, where elements are trivial?
 *
 *     npx tsx spec/bench/probes/otherBuild.ts ../other/dist/index.js [repetitions] [which]
 *
 * Both run in one process, turn by turn. Prints the median time of each, of their ratio in each turn, and the ratio
 * of their shortest times.
 */
import { pathToFileURL } from 'node:url';
import { from, lastValueFrom, toArray } from 'rxjs';
import { median } from 'simple-statistics';
import { createPool, type Pool } from 'rxjs-parallel-map';
import { interleave, type Entry } from '../interleave.js';
import { trivial } from '../workers/functions.mjs';

const [other = '', repetitions = '41', which = ''] = process.argv.slice(2);
const theirs = (await import(pathToFileURL(other).href)) as { createPool: typeof createPool };

const arrays = new Map(
  [20_000, 1_000_000].map((count) => [count, Array.from({ length: count }, (_, nth) => nth)]),
);

const works: Record<string, (pool: Pool) => Promise<unknown>> = {
  'mapArray, 20,000': (pool) => pool.mapArray(arrays.get(20_000)!, trivial),
  'mapArray, 1,000,000': (pool) => pool.mapArray(arrays.get(1_000_000)!, trivial),
  'from().pipe(), 1,000,000': (pool) =>
    lastValueFrom(from(arrays.get(1_000_000)!).pipe(pool.parallelMap(trivial), toArray())),
  'run, 200 one after the other': async (pool) => {
    for (let nth = 0; nth < 200; nth++) await pool.run(trivial, nth);
  },
};

for (const [name, work] of Object.entries(works).filter(([name]) => name.includes(which))) {
  const pools = [theirs.createPool({ size: 2 }), createPool({ size: 2 })];
  const entries = pools.map((pool, nth): Entry => {
    return {
      contender: nth === 0 ? 'other' : 'this',
      kind: 'ours',
      elements: 1,
      every: 1,
      measure: async () => {
        const start = performance.now();
        await work(pool);
        return { time: performance.now() - start };
      },
    };
  });
  const taken = await interleave(entries, Number(repetitions), () => undefined);
  const times = taken.map(({ samples }) => samples.map((sample) => sample!['time']!));
  const ratios = times[1]!.map((time, nth) => time / times[0]![nth]!);
  const [before, after] = times.map((all) => median(all).toFixed(2));
  // On a busy machine the shortest times say more.
  const [theirLeast, ourLeast] = times.map((all) => Math.min(...all));
  console.log(
    `${name}: other ${before} ms, this ${after} ms, ratio ${median(ratios).toFixed(3)}, of the shortest ${(ourLeast! / theirLeast!).toFixed(3)}`,
  );
  await Promise.all(pools.map((pool) => pool.destroy()));
}
