/**
 * What do the statistics cost, which are always on?
 *
 *     npx tsx spec/bench/probes/telemetry.ts [repetitions]
 *
 * Tells the records of a pool all that it would of a call: as many batches as the call takes, measured on a pool
 * in the same process. Prints medians, and what share of the call that is.
 */
import { median } from 'simple-statistics';
import { createPool } from 'rxjs-parallel-map';
import { Telemetry } from '../../../lib/pool/telemetry/Telemetry.js';

import { prepareTask } from '../../../lib/task/prepareTask.js';
import { trivial } from '../workers/functions.mjs';

const repetitions = Number(process.argv[2] ?? '101');
/** So that a measurement is much longer than the clock's precision. */
const AT_ONCE = 200;

const pool = createPool({ size: 2 });
const telemetry = new Telemetry();
telemetry.workerStarting(0);
telemetry.workerOpened(0);
const opened = {
  task: prepareTask(trivial, 'telemetry'),
  ...{ ordered: false, concurrency: 2, perWorker: 1, trace: undefined },
};
const views = { one: () => undefined, all: () => [] };

function noteCall(id: number, batches: number, results: readonly unknown[]): void {
  const size = results.length;
  const account = telemetry.callOpened(id, opened);
  account.arrive(batches * size);
  for (let batch = 0; batch < batches; batch++) {
    const sent = { batch, slot: 0, ranges: [{ start: batch * size, end: (batch + 1) * size }] };
    const own = telemetry.batchStarted(sent, { account, attemptOf: () => 1 });
    const settled = { from: 0, values: results, failures: [], durations: undefined };
    own.returned([settled], 0, 0.1);
    account.end(size, 0);
    telemetry.settle(views);
  }
  account.close(batches * size, 'completed');
}

async function timeOf(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

for (const count of [1, 20_000, 1_000_000]) {
  const values = Array.from({ length: count }, (_, nth) => nth);
  const calls: number[] = [];
  const records: number[] = [];
  for (let turn = -10; turn < repetitions; turn++) {
    const before = pool.stats().batches.started;
    const call = await timeOf(() => pool.mapArray(values, trivial));
    const batches = pool.stats().batches.started - before;
    const results = values.slice(0, Math.ceil(count / batches));
    const noted = await timeOf(() => {
      for (let nth = 0; nth < AT_ONCE; nth++) noteCall(nth, batches, results);
    });
    if (turn < 0) continue;
    calls.push(call);
    records.push(noted / AT_ONCE);
  }
  const [call, noted] = [median(calls), median(records)];
  const share = median(records.map((time, nth) => time / calls[nth]!));
  console.log(
    `${count} elements: ${(1000 * noted).toFixed(1)} µs of ${(1000 * call).toFixed(0)} µs, ${(100 * share).toFixed(2)} %`,
  );
}
await pool.destroy();
