/**
 * How many buffers of 1 MiB should move in one message?
 *
 *     npx tsup --silent && npx tsx spec/bench/probes/moving.ts
 *
 * Prints milliseconds for 100 of them, to two workers and back: quartiles.
 */
import { createPool, type TaskContext } from 'rxjs-parallel-map';
import { quantile } from 'simple-statistics';

const SIZES = [1, 2, 4, 8, 12, 16, 25, 50];
const REPETITIONS = 40;

const touch = (buffer: ArrayBuffer, _index: number, { transfer }: TaskContext): ArrayBuffer => {
  new Uint8Array(buffer)[0] = 1;
  return transfer(buffer, [buffer]);
};

const pool = createPool({ size: 2 });
const times = new Map(SIZES.map((size) => [size, [] as number[]]));
for (let repetition = 0; repetition < REPETITIONS; repetition++) {
  for (const batchSize of SIZES) {
    const buffers = Array.from({ length: 100 }, () => new ArrayBuffer(2 ** 20));
    const start = performance.now();
    await pool.mapArray(buffers, touch, { transfer: (buffer) => [buffer], batchSize });
    times.get(batchSize)!.push(performance.now() - start);
  }
}
for (const [size, all] of times) {
  const quartiles = [0.25, 0.5, 0.75].map((part) => quantile(all, part).toFixed(2));
  console.log(`${size} in a message: ${quartiles.join(', ')} ms`);
}
await pool.destroy();
