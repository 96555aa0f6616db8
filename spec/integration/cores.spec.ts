/** Pools that are made inside of workers, on real threads: they divide the machine's cores among them. */
import os from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { createPool, mapArray, task } from '../../lib/index.js';
import { makeFlags } from '../support/handshake.js';

const CORES = 12;

beforeEach(() => jest.spyOn(os, 'availableParallelism').mockReturnValue(CORES));
afterEach(() => jest.restoreAllMocks());

/** A function of the module whose functions make pools. */
function nested(name: string): (value: unknown) => unknown {
  const module = pathToFileURL(join(__dirname, '../fixtures/modules/nested.mjs'));
  return task<Record<string, (value: unknown) => unknown>>(module, name);
}

describe('a pool made in a worker', () => {
  it.each([
    [1, 12],
    [3, 4],
    [5, 2],
    [12, 1],
    [100, 1],
  ])('of a pool of %d has by default a size of %d, of 12 cores', async (size, expected) => {
    await using pool = createPool({ size });
    expect(await pool.run(nested('sizeOfPool'), 0)).toBe(expected);
  });

  it('has the size that it is told', async () => {
    await using pool = createPool({ size: 12 });
    expect(await pool.run(nested('sizeOfPoolOf'), 7)).toBe(7);
  });

  it('divides what is its own among its workers in turn', async () => {
    await using pool = createPool({ size: 2 });
    const sizesBelow = nested('sizesBelow');
    // Of its 6 cores, each of 3 workers has 2; and of these, each of 2 workers has 1.
    expect(await pool.run(sizesBelow, [3, 2])).toEqual([6, 2, 1]);
  });

  it('counts in a worker file from its first line on', async () => {
    const file = join(__dirname, '../fixtures/workers/nestedSize.cjs');
    await using pool = createPool({ size: 3, worker: () => new Worker(file) });
    expect(await pool.run(pool.task<{ size: () => number }>('size'), 0)).toBe(4);
  });
});

describe('calls without a pool', () => {
  it('divide the cores among as many workers as there are', async () => {
    const flags = makeFlags();
    expect(await mapArray([flags, flags, flags], nested('sizeBesideTwo'), 3)).toEqual([4, 4, 4]);
  });

  it('in a worker are served by as many as that has cores', async () => {
    await using pool = createPool({ size: 4 });
    const workersOfCall = nested('workersOfCall');
    expect(await pool.run(workersOfCall, makeFlags())).toBe(3);
  });
});

it('a worker that is not of a pool has all cores, also one that was started in between', async () => {
  await using pool = createPool({ size: 4 });
  await pool.run((value: number) => value, 0);
  const source = `const { createPool } = require('rxjs-parallel-map');
    require('node:worker_threads').parentPort.postMessage(createPool().size)`;
  const worker = new Worker(source, { eval: true });
  const size = await new Promise((resolve) => worker.once('message', resolve));
  await worker.terminate();
  jest.restoreAllMocks();
  expect(size).toBe(os.availableParallelism());
});
