/**
 * Ten million small objects in this new process, as the first argument says: through `mapStream` in the order of the
 * input (`ordered`) or not (`unordered`), or only written and read once by structured clone (`clone`), which is
 * what the main thread has to do for each at least. Prints elements per second, and by how many MiB the memory of
 * the process grew after the first 200,000.
 */
/* global structuredClone */
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { createPool } from 'rxjs-parallel-map';

const COUNT = Number(process.argv[3] ?? 10_000_000);
const FIRST = 200_000;
/** Elements that are cloned together, or between two looks at the memory. */
const STEP = 4_096;

let early = 0;
let most = 0;

/** @param {number} done */
function look(done) {
  const memory = process.memoryUsage.rss();
  if (done <= FIRST) early = Math.max(early, memory);
  most = Math.max(most, memory);
}

/** @param {number} id */
const make = (id) => ({ id, name: `element ${id}`, value: id / 2 });

function clone() {
  for (let done = 0; done < COUNT; done += STEP) {
    structuredClone(Array.from({ length: STEP }, (_, nth) => make(done + nth)));
    look(done);
  }
}

function* objects() {
  for (let id = 0; id < COUNT; id++) yield make(id);
}

/** @param {boolean} ordered */
async function map(ordered) {
  const pool = createPool({ size: 2 });
  const results = pool.mapStream(objects(), ({ id, value }) => ({ id, twice: value * 2 }), {
    ordered,
  });
  let done = 0;
  let sum = 0;
  for await (const { id, twice } of results) {
    if (ordered && id !== done) throw new Error(`Expected ${done}, but got ${id}`);
    sum += twice;
    if (++done % STEP === 0) look(done);
  }
  if (sum !== (COUNT * (COUNT - 1)) / 2) throw new Error(`The sum of all is wrong: ${sum}`);
  await pool.destroy();
}

const start = performance.now();
if (process.argv[2] === 'clone') clone();
else await map(process.argv[2] === 'ordered');
const rate = (COUNT * 1000) / (performance.now() - start);
process.stdout.write(JSON.stringify({ rate, growth: (most - early) / 2 ** 20 }));
