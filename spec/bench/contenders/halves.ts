/** Two workers without a pool, each with a half of the elements: what the machine can do, if all are alike. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { WORKERS } from '../works.js';
import type { Contender } from './Contender.js';

const file = new URL('../workers/halves.mjs', import.meta.url);

export function halves(): Contender {
  let workers: Worker[] = [];
  const map = async (values: readonly unknown[]): Promise<unknown[]> => {
    const size = Math.ceil(values.length / WORKERS);
    const results = workers.map(async (worker, nth) => {
      worker.postMessage(values.slice(nth * size, (nth + 1) * size));
      const [result] = (await once(worker, 'message')) as [unknown[]];
      return result;
    });
    return (await Promise.all(results)).flat();
  };
  return {
    name: 'halves, no pool',
    async open() {
      workers = Array.from({ length: WORKERS }, () => new Worker(file));
      await map(new Array<number>(WORKERS).fill(1_000));
    },
    one: async (_fn, value) => (await map([value]))[0],
    map: (_fn, values) => map(values),
    close: () => Promise.all(workers.map((worker) => worker.terminate())),
  };
}
