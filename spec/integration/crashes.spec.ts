import fc from 'fast-check';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lastValueFrom, from, toArray } from 'rxjs';
import {
  createPool,
  task,
  TaskError,
  UncloneableError,
  WorkerCrashedError,
  type Pool,
} from '../../lib/index.js';
import { makeFlags, raise, until } from '../support/handshake.js';
import { platformResources } from '../support/leftovers.js';

const fixtures = join(__dirname, '../fixtures');

/** Ends the worker at the elements that are negative. */
const exitIfNegative = (value: number): number => (value < 0 ? process.exit(7) : value * 2);

/** How an element may end: with its own name as the value, or with the error of that name. */
const WAYS = ['at once', 'later', 'TaskError', 'UncloneableError', 'WorkerCrashedError'] as const;

const endIn = (way: (typeof WAYS)[number]): unknown => {
  switch (way) {
    case 'at once':
      return way;
    case 'later':
      return new Promise((resolve) => setImmediate(resolve, way));
    case 'TaskError':
      throw new RangeError(way);
    case 'UncloneableError':
      return () => way;
    case 'WorkerCrashedError':
      return process.exit(1);
  }
};

describe('a worker that ends in the middle of a call', () => {
  let pool: Pool;

  beforeEach(() => {
    pool = createPool({ size: 2 });
  });

  afterEach(() => pool.destroy());

  it('fails the call, naming the element and the exit code', async () => {
    const call = pool.mapArray([1, 2, -3, 4], exitIfNegative);
    await expect(call).rejects.toBeInstanceOf(WorkerCrashedError);
    await expect(call).rejects.toMatchObject({ index: 2, exitCode: 7 });
    await expect(call).rejects.toThrow('element 2 ended: exit code 7');
  });

  it('errors the stream likewise', async () => {
    const results = from([1, -2]).pipe(pool.parallelMap(exitIfNegative), toArray());
    await expect(lastValueFrom(results)).rejects.toMatchObject({ index: 1, exitCode: 7 });
  });

  it('loses nothing but its element when the call is settled', async () => {
    const values = Array.from({ length: 40 }, (_, nth) => (nth % 10 === 3 ? -nth : nth));
    const results = await pool.mapArray(values, exitIfNegative, { settled: true });
    expect(results).toMatchObject(
      values.map((value, index) =>
        value < 0
          ? { index, reason: { name: 'WorkerCrashedError', index, exitCode: 7 } }
          : { index, value: value * 2 },
      ),
    );
  });

  it('loses nothing but its element on the only worker there is', async () => {
    const one = createPool({ size: 1 });
    const results = await one.mapArray([1, -1, 2, -2, 3], exitIfNegative, { settled: true });
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    await one.destroy();
  });

  it('every time, for every element, is still no reason to hang', async () => {
    const values = Array.from({ length: 12 }, () => -1);
    const results = await pool.mapArray(values, exitIfNegative, { settled: true });
    expect(results.map((result) => result.status === 'rejected' && result.reason.name)).toEqual(
      values.map(() => 'WorkerCrashedError'),
    );
  });

  it('is accounted for in any mix with elements that end well and badly', () =>
    fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...WAYS), { maxLength: 15 }), async (ways) => {
        const results = await pool.mapArray(ways, endIn, { settled: true });
        expect(
          results.map((one) => (one.status === 'rejected' ? one.reason.name : one.value)),
        ).toEqual(ways);
      }),
      { numRuns: 8 },
    ));

  it('tells the cause when there is one', async () => {
    const throwLater = async (): Promise<void> => {
      setTimeout(() => {
        throw Object.assign(new RangeError('boom'), { code: 'E_BOOM' });
      }, 0);
      await new Promise(() => undefined);
    };
    await expect(pool.run(throwLater, 0)).rejects.toMatchObject({
      name: 'WorkerCrashedError',
      index: 0,
      message: expect.stringContaining('uncaught RangeError: boom') as unknown,
      cause: { name: 'RangeError', message: 'boom', code: 'E_BOOM' },
    });
  });

  it('leaves the other calls of the pool alone', async () => {
    const values = Array.from({ length: 100 }, (_, nth) => nth);
    const [crashed, other] = await Promise.allSettled([
      pool.mapArray([1, -1, 2], exitIfNegative),
      pool.mapArray(values, (value) => value + 1),
    ]);
    expect(crashed.status).toBe('rejected');
    expect(other).toEqual({ status: 'fulfilled', value: values.map((value) => value + 1) });
  });

  it('leaves a pool that goes on with a new worker', async () => {
    for (let round = 0; round < 3; round++) {
      await expect(pool.mapArray([-1, -1], exitIfNegative)).rejects.toThrow(WorkerCrashedError);
      expect(await pool.mapArray([1, 2, 3], exitIfNegative)).toEqual([2, 4, 6]);
    }
  });

  it('while it is idle is replaced, and no element is lost', async () => {
    const before = platformResources().workers;
    const one = createPool({ size: 1 });
    const exitOnFlag = (flags: Int32Array): string => {
      setInterval(() => {
        if (Atomics.load(flags, 0) === 1) process.exit(0);
      }, 1);
      return 'armed';
    };
    for (let round = 0; round < 2; round++) {
      const flags = makeFlags();
      expect(await one.run(exitOnFlag, flags)).toBe('armed');
      raise(flags, 0);
      await until(() => platformResources().workers === before);
      expect(await one.run((value: number) => value, round)).toBe(round);
    }
    await one.destroy();
  });
});

describe('an element that fails', () => {
  let pool: Pool;

  beforeEach(() => {
    pool = createPool({ size: 2 });
  });

  afterEach(() => pool.destroy());

  it('fails the call with what the function threw, rebuilt', async () => {
    const parse = (text: string): unknown => JSON.parse(text) as unknown;
    const call = pool.mapArray(['1', '{', '3'], parse);
    await expect(call).rejects.toBeInstanceOf(TaskError);
    await expect(call).rejects.toMatchObject({ index: 1, cause: { name: 'SyntaxError' } });
  });

  it('is one result among others when the call is settled', async () => {
    const values = [1, () => 2, 3, Symbol('4'), 5];
    const same = (value: unknown, index: number): unknown => {
      if (index === 2) throw new RangeError('three');
      return index === 4 ? () => value : value;
    };
    const results = await pool.mapArray(values, same, { settled: true });
    const reasons = results.map((one) => (one.status === 'rejected' ? one.reason : one.value));
    expect(reasons[0]).toBe(1);
    expect(reasons[1]).toBeInstanceOf(UncloneableError);
    expect(reasons[2]).toBeInstanceOf(TaskError);
    expect(reasons[3]).toMatchObject({ index: 3, side: 'input' });
    expect(reasons[4]).toMatchObject({ index: 4, side: 'result' });
  });
});

describe('workers that cannot start', () => {
  it.each([
    ['because of an option', ['--no-such-option'], 'no-such-option'],
    ['because they exit', ['--require', join(fixtures, 'preloads/exit3.cjs')], 'exit code 3'],
    ['because they throw', ['--require', join(fixtures, 'preloads/throw.cjs')], 'RangeError'],
  ])('%s fail every call, with the reason', async (_, execArgv, expected) => {
    const pool = createPool({ size: 2, execArgv });
    const call = (): Promise<unknown> => pool.mapArray([1, 2, 3], (value) => value);
    await expect(call()).rejects.toBeInstanceOf(WorkerCrashedError);
    await expect(call()).rejects.toThrow(expected);
    await expect(pool.mapArray([1, 2, 3], (value) => value, { settled: true })).rejects.toThrow(
      expected,
    );
    await pool.close();
  });

  it('because of the task’s own module fail the call, and not the pool', async () => {
    const pool = createPool({ size: 2 });
    const url = pathToFileURL(join(fixtures, 'modules/exitOnImport.mjs'));
    const never = task<{ never: () => unknown }>(url, 'never');
    await expect(pool.mapArray([1, 2, 3], never)).rejects.toMatchObject({ exitCode: 9 });
    expect(await pool.mapArray([1, 2], (value) => value)).toEqual([1, 2]);
    await pool.close();
  });
});
