/**
 * From how many elements on is the memory of an array dear?
 *
 *     npx tsx spec/bench/probes/batchMemory.ts
 *
 * V8 keeps an array of more than 128 KiB in memory of its own, got from the system when it is made and
 * given back when it is collected. So MOST_ELEMENTS in lib/scheduler/Pace.ts is half of that.
 */
import { median } from 'simple-statistics';

const REPETITIONS = 200;

for (const length of [1024, 4096, 8192, 12_288, 16_384, 32_768, 65_536]) {
  const times: number[] = [];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const start = performance.now();
    const grown: number[] = [];
    for (let i = 0; i < length; i++) grown.push(i);
    times.push(performance.now() - start);
  }
  const nanoseconds = (median(times) * 1e6) / length;
  console.log(`${String(length).padStart(6)} elements: ${nanoseconds.toFixed(1)} ns each`);
}
