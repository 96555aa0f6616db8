import { Worker } from 'node:worker_threads';
import { createPool } from 'rxjs-parallel-map';

await using pool = createPool({
  worker: () => new Worker(new URL('./statsWorker.mjs', import.meta.url)),
});
const mean = pool.task<typeof import('./statsWorker.mjs')>('mean');

console.log(
  await pool.mapArray(
    [
      [1, 2],
      [3, 4, 8],
    ],
    mean,
  ),
);
