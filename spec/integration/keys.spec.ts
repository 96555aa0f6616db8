/** Elements with keys on real threads: shared memory shows what runs beside what, and after what. */
import { from, lastValueFrom, toArray } from 'rxjs';
import { createPool, type Pool, type TaskContext } from '../../lib/index.js';
import { makeFlags } from '../support/handshake.js';

interface Step {
  /** Where in the shared memory the key has its two places. */
  readonly place: number;
  /** How many of its key came before it. */
  readonly nth: number;
}

/** Whether it runs alone among those of its key, and after as many as came before it. */
const step = async ({ place, nth }: Step, _: number, { shared }: TaskContext<Int32Array>) => {
  const beside = Atomics.add(shared, 2 * place, 1);
  const before = Atomics.add(shared, 2 * place + 1, 1);
  if (nth % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
  Atomics.sub(shared, 2 * place, 1);
  return beside === 0 && before === nth;
};

const makeMemory = (keys: number): Int32Array =>
  new Int32Array(new SharedArrayBuffer(2 * keys * Int32Array.BYTES_PER_ELEMENT));

/** @param placeOf which of its keys each of so many elements has */
function stepsOf(count: number, placeOf: (index: number) => number): Step[] {
  const seen = new Map<number, number>();
  return Array.from({ length: count }, (_, index) => {
    const place = placeOf(index);
    const nth = seen.get(place) ?? 0;
    seen.set(place, nth + 1);
    return { place, nth };
  });
}

/** Raises a flag, and waits until all others of so many have raised theirs. */
const meet = ({ flags, count }: { flags: Int32Array; count: number }, index: number): number => {
  Atomics.add(flags, 0, 1);
  Atomics.notify(flags, 0);
  for (let met; (met = Atomics.load(flags, 0)) < count;) {
    if (Atomics.wait(flags, 0, met, 20_000) === 'timed-out') throw new Error('Nobody came');
  }
  return index;
};

describe('elements of one key', () => {
  let pool: Pool;
  beforeEach(() => (pool = createPool({ size: 3 })));
  afterEach(() => pool.destroy());

  const key = ({ place }: Step): number => place;

  it.each<[string, number, (index: number) => number]>([
    ['many keys', 500, (index) => (index * 7919) % 500],
    ['as many keys as elements', 3000, (index) => index],
    ['a few keys', 4, (index) => index % 4],
    ['one key only', 1, () => 0],
    ['one hot key among others', 100, (index) => (index % 3 === 0 ? (index / 3) % 100 : 0)],
    ['keys that come one after the other', 30, (index) => Math.floor(index / 100)],
  ])('run one at a time, and in the order of the input: %s', async (_, keys, placeOf) => {
    const steps = stepsOf(3000, placeOf);
    const shared = makeMemory(keys);
    expect(new Set(await pool.mapArray(steps, step, { key, shared }))).toEqual(new Set([true]));
  });

  it('do so in a stream', async () => {
    const steps = stepsOf(3000, (index) => index % 7);
    const options = { key, shared: makeMemory(7) };
    const results = from(steps).pipe(pool.parallelMap(step, options), toArray());
    const all = await lastValueFrom(results);
    expect(all).toHaveLength(3000);
    expect(all.every(Boolean)).toBe(true);
  });

  it.each([1, 10, 5000])('do so in batches of %d', async (batchSize) => {
    const steps = stepsOf(2000, (index) => index % 5);
    const results = await pool.mapArray(steps, step, { key, shared: makeMemory(5), batchSize });
    expect(results.every(Boolean)).toBe(true);
  });

  it('do so where elements are tried again: none runs before the one that failed', async () => {
    const failAtFirst = (place: number, index: number, { shared }: TaskContext<Int32Array>) => {
      const tries = Atomics.add(shared, 2 * place, 1);
      if (tries % 2 === 0) throw new Error('not yet');
      return { index, before: (tries - 1) / 2 };
    };
    const places = Array.from({ length: 60 }, (_, index) => index % 3);
    const results = await pool.mapArray(places, failAtFirst, {
      key: (place) => place,
      shared: makeMemory(3),
      retry: { count: 1, delay: 1 },
    });
    for (const { index, before } of results) expect(before).toBe(Math.floor(index / 3));
  });

  it('go on with the next after one that fails, and after one that ends its worker', async () => {
    const fragile = (place: number, index: number): number => {
      if (index === 4) process.exit(7);
      if (index === 8) throw new Error('no');
      return place;
    };
    const places = Array.from({ length: 20 }, (_, index) => index % 2);
    const ends = await pool.mapArray(places, fragile, { key: (place) => place, settled: true });
    const failed = ends.filter(({ status }) => status === 'rejected');
    expect(failed.map(({ index }) => index)).toEqual([4, 8]);
  });

  it('may be moved to their worker', async () => {
    const values = Array.from({ length: 100 }, (_, index) => new Uint8Array([index]));
    const results = await pool.mapArray(values, (bytes) => bytes[0]!, {
      key: (bytes) => bytes[0]! % 3,
      transfer: ({ buffer }) => [buffer],
    });
    expect(results).toEqual(values.map((_, index) => index));
  });
});

describe('elements of different keys', () => {
  let pool: Pool;
  beforeEach(() => (pool = createPool({ size: 3 })));
  afterEach(() => pool.destroy());

  const one = {};
  const other = {};
  it.each<[string, readonly unknown[]]>([
    ['numbers', [1, 2, -1]],
    ['NaN, undefined and null', [NaN, undefined, null]],
    ['objects that look the same', [one, other, {}]],
    ['a number and its text', [1, '1', true]],
  ])('run in parallel: %s', async (_, keys) => {
    const flags = makeFlags();
    const values = keys.map(() => ({ flags, count: keys.length }));
    const unused = [...keys];
    expect(await pool.mapArray(values, meet, { key: () => unused.shift() })).toEqual([0, 1, 2]);
  });

  it.each<[string, readonly [unknown, unknown]]>([
    ['NaN and NaN', [NaN, NaN]],
    ['0 and -0', [0, -0]],
    ['undefined and undefined', [undefined, undefined]],
    ['an object and itself', [one, one]],
  ])('are none that a Map takes for the same: %s', async (_, keys) => {
    const unused = [...keys];
    const steps = stepsOf(2, () => 0);
    const options = { key: () => unused.shift(), shared: makeMemory(1) };
    expect(await pool.mapArray(steps, step, options)).toEqual([true, true]);
  });

  it('run while one of another key takes long, also those that were in its batch', async () => {
    const flags = makeFlags();
    // The first of all waits until those of the other keys have run. It is the first of its batch, too: of what
    // had ended there before it, it could tell nothing while it waits.
    const wait = (key: number, index: number, { shared }: TaskContext<Int32Array>): number => {
      if (key > 0) Atomics.add(shared, 0, 1);
      Atomics.notify(shared, 0);
      for (let met; index === 0 && (met = Atomics.load(shared, 0)) < 80;) {
        if (Atomics.wait(shared, 0, met, 20_000) === 'timed-out') throw new Error('Nobody came');
      }
      return key;
    };
    const keys = Array.from({ length: 100 }, (_, index) => index % 5);
    const options = { key: (key: number) => key, shared: flags, batchSize: 10 };
    expect(await pool.mapArray(keys, wait, options)).toEqual(keys);
  });
});
