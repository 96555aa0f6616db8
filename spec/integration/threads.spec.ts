import fc from 'fast-check';
import { firstValueFrom, from, lastValueFrom, Subject, toArray } from 'rxjs';
import { createPool, mapArray, parallelMap, type Pool, type TaskContext } from '../../lib/index.js';
import { makeFlags, raise } from '../support/handshake.js';

/** Population standard deviation, as `numpy.std` computes it. */
const std = (values: number[]): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.map((value) => (value - mean) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / values.length);
};

describe('on real threads', () => {
  let pool: Pool;

  beforeEach(() => {
    pool = createPool({ size: 3 });
  });

  afterEach(() => pool.destroy());

  describe('the tutorial', () => {
    const jobs = [
      [3, 4, 56, 7],
      [22, 5, 4, 5, 7],
      [11, 2, 545, 235, 6, 3],
      [22, 45, 6, 4],
    ];

    it('gives on three workers exactly what the plain loop gives', async () => {
      const results = await mapArray(jobs, std, 3);
      expect(results).toEqual(jobs.map(std));
      expect(results[0]).toBe(22.276669409945463);
    });

    it('gives the same as a stream, in any order', async () => {
      const results = await lastValueFrom(from(jobs).pipe(parallelMap(std, 3), toArray()));
      const ascending = (a: number, b: number): number => a - b;
      expect(results.sort(ascending)).toEqual(jobs.map(std).sort(ascending));
    });
  });

  describe('any input', () => {
    /** Depends on the element and on its place. */
    const describeIt = (value: unknown, index: number): string =>
      `${index}: ${JSON.stringify(value)}`;
    const plainData = fc.array(fc.jsonValue(), { maxLength: 40 });
    const concurrency = fc.integer({ min: 1, max: 3 });

    it('maps with mapArray as with the serial loop, in its order', () =>
      fc.assert(
        fc.asyncProperty(plainData, concurrency, async (values, workers) => {
          const results = await pool.mapArray(values, describeIt, workers);
          expect(results).toEqual(values.map(describeIt));
        }),
        { numRuns: 20 },
      ));

    it('maps with parallelMap as with the serial loop, each element once', () =>
      fc.assert(
        fc.asyncProperty(plainData, concurrency, async (values, workers) => {
          const results = from(values).pipe(pool.parallelMap(describeIt, workers), toArray());
          expect((await lastValueFrom(results)).sort()).toEqual(values.map(describeIt).sort());
        }),
        { numRuns: 20 },
      ));

    it('maps ten thousand elements and loses none', async () => {
      const values = Array.from({ length: 10_000 }, (_, nth) => nth);
      expect(await pool.mapArray(values, (value) => -value)).toEqual(values.map((value) => -value));
    });
  });

  describe('workers', () => {
    /** How many elements run at the same time when this one has begun. */
    const meetAndCount = async ({ flags, all }: { flags: Int32Array; all: number }) => {
      const running = Atomics.add(flags, 0, 1) + 1;
      Atomics.add(flags, 1, 1);
      // The first ones wait for each other, so that as many run at once as may.
      while (Atomics.load(flags, 1) < all) await new Promise((resolve) => setTimeout(resolve, 1));
      await new Promise((resolve) => setImmediate(resolve));
      Atomics.sub(flags, 0, 1);
      return running;
    };

    it.each([
      ['of a call', 2, { size: 3, concurrency: 2 }],
      ['of the pool', 3, { size: 3, concurrency: 8 }],
    ])('are as many as the limit %s, and never more', async (_, all, { size, concurrency }) => {
      const own = createPool({ size });
      const flags = makeFlags();
      const values = Array.from({ length: 30 }, () => ({ flags, all }));
      const counts = await own.mapArray(values, meetAndCount, concurrency);
      expect(Math.max(...counts)).toBe(all);
      await own.destroy();
    });

    it('serve several calls at once, which keep their results apart', async () => {
      const values = Array.from({ length: 200 }, (_, nth) => nth);
      const calls = [
        pool.mapArray(values, (value) => value + 1, 1),
        pool.mapArray(values, (value) => value * 2, 2),
        pool.mapArray(values, async (value) => `${value}`),
        pool.mapArray([], (value) => value),
        pool.run((value: number) => value ** 2, 9),
        lastValueFrom(
          from(values).pipe(
            pool.parallelMap((value) => -value, 1),
            toArray(),
          ),
        ),
      ] as const;
      expect(await Promise.all(calls)).toEqual([
        values.map((value) => value + 1),
        values.map((value) => value * 2),
        values.map(String),
        [],
        81,
        values.map((value) => -value),
      ]);
    });

    it('serve a second call while a first one keeps some of them', async () => {
      const flags = makeFlags();
      const waitForGo = async (given: Int32Array): Promise<string> => {
        while (Atomics.load(given, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        return 'went';
      };
      const first = pool.mapArray([flags, flags], waitForGo, 2);
      expect(await pool.mapArray([1, 2], (value) => value * 2, 3)).toEqual([2, 4]);
      raise(flags, 0);
      expect(await first).toEqual(['went', 'went']);
    });

    it('of several pools do not know each other', async () => {
      const other = createPool({ size: 1 });
      const remember = (value: string): unknown => {
        const memory = globalThis as { memory?: string[] };
        return (memory.memory ??= []).push(value);
      };
      const one = createPool({ size: 1 });
      expect(await one.mapArray(['a', 'b'], remember)).toEqual([1, 2]);
      expect(await other.mapArray(['c'], remember)).toEqual([1]);
      await Promise.all([one.destroy(), other.destroy()]);
    });

    it('are kept for the next call', async () => {
      const one = createPool({ size: 1 });
      const whoAmI = (_: unknown, __: number, { workerId }: TaskContext): number => workerId;
      expect(await one.run(whoAmI, 0)).toBe(await one.run(whoAmI, 0));
      await one.destroy();
    });
  });

  describe('a stream', () => {
    it('is mapped while it still goes on', async () => {
      const source = new Subject<number>();
      const seen: number[] = [];
      const ended = source.pipe(pool.parallelMap((value) => value * 10)).forEach((result) => {
        seen.push(result);
        // Each value is only sent when the one before has come back.
        if (seen.length < 5) source.next(seen.length);
        else source.complete();
      });
      source.next(0);
      await ended;
      expect(seen).toEqual([0, 10, 20, 30, 40]);
    });

    it('gives a result while the elements after it still run', async () => {
      const hangAfterFirst = async (_: string, index: number): Promise<number> => {
        if (index > 0) await new Promise(() => undefined);
        return index;
      };
      const results = from(['a', 'b', 'c']).pipe(pool.parallelMap(hangAfterFirst));
      expect(await firstValueFrom(results)).toBe(0);
    });

    it('starts anew for each subscription', async () => {
      const results = from([1, 2, 3]).pipe(
        pool.parallelMap((value) => value * 2, 1),
        toArray(),
      );
      expect(await lastValueFrom(results)).toEqual([2, 4, 6]);
      expect(await lastValueFrom(results)).toEqual([2, 4, 6]);
    });
  });
});
