import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ModuleKind, transpile } from 'typescript';
import { makeClaims, openClaims, stopClaims } from '../../lib/worker/claims.js';

const ROUNDS = 2000;
const COUNT = 200;
/** Flags: the round that the worker may start, the last that it has ended, what it claimed in it. */
const [GO, DONE, CLAIMED] = [0, 1, 2];

/** Claims what it can in each round, with the real code, and notes every position that it got. */
const workerSource = `
  const exports = {};
  ${transpile(readFileSync(join(__dirname, '../../lib/worker/claims.ts'), 'utf8'), { module: ModuleKind.CommonJS })}
  const { claims, flags, got } = require('node:worker_threads').workerData;
  for (let round = 1; round <= ${ROUNDS}; round++) {
    Atomics.wait(flags, ${GO}, round - 1);
    for (let position; (position = exports.claim(claims, round % 2, ${COUNT})) !== undefined;) {
      got[position] += 1;
      Atomics.add(flags, ${CLAIMED}, 1);
    }
    Atomics.store(flags, ${DONE}, round);
    Atomics.notify(flags, ${DONE});
  }
`;

it('gives each position to exactly one side, whenever the rest is taken back', async () => {
  const claims = makeClaims();
  const flags = new Int32Array(new SharedArrayBuffer(12));
  const got = new Int32Array(new SharedArrayBuffer(4 * COUNT));
  const worker = new Worker(workerSource, { eval: true, workerData: { claims, flags, got } });
  const exit = once(worker, 'exit');
  const wrong: string[] = [];
  let claimed = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    got.fill(0);
    Atomics.store(flags, CLAIMED, 0);
    openClaims(claims, round % 2);
    Atomics.store(flags, GO, round);
    Atomics.notify(flags, GO);
    // Another moment in each round, counted in what the worker has claimed by then.
    const moment = round % (COUNT + 1);
    while (Atomics.load(flags, CLAIMED) < moment);
    const taken = stopClaims(claims, round % 2, COUNT);
    const again = stopClaims(claims, round % 2, COUNT);
    Atomics.wait(flags, DONE, round - 1);
    if (again !== COUNT) wrong.push(`round ${round}: taken back twice, from ${again}`);
    for (let position = 0; position < COUNT; position++) {
      if (got[position] === (position < taken ? 1 : 0)) continue;
      wrong.push(`round ${round}: position ${position} run ${got[position]} times, ${taken} kept`);
    }
    claimed += taken;
  }
  await exit;
  expect(wrong).toEqual([]);
  expect(claimed).toBeGreaterThan(100_000);
});
