import {
  createPool,
  inline,
  mapArray,
  PoolClosedError,
  TaskError,
  type Pool,
} from '../../lib/index.js';

describe('mapArray', () => {
  let pool: Pool;
  beforeEach(() => {
    pool = createPool({ size: 2, executor: inline() });
  });
  afterEach(() => pool.destroy());

  it('gives the results in the order of the input, whoever finished first', async () => {
    const finished: number[] = [];
    // Each element waits for the one after it: the last one finishes first.
    const gates = new Map<number, () => void>();
    const wait = (value: number): Promise<void> | undefined =>
      value === 1 ? undefined : new Promise((resolve) => gates.set(value, resolve));
    const inReverse = async (value: number): Promise<number> => {
      await wait(value);
      finished.push(value);
      gates.get(value + 1)?.();
      return value * 10;
    };
    const concurrency = 3;
    const wide = createPool({ size: concurrency, executor: inline() });
    await expect(wide.mapArray([3, 2, 1], inReverse, { concurrency })).resolves.toEqual([
      30, 20, 10,
    ]);
    expect(finished).toEqual([1, 2, 3]);
  });

  it('gives an empty array for an empty input, and starts no worker', async () => {
    await expect(mapArray([], (value: number) => value)).resolves.toEqual([]);
  });

  it('reads any iterable', async () => {
    const double = (value: number): number => value * 2;
    await expect(pool.mapArray(new Set([1, 2]), double)).resolves.toEqual([2, 4]);
    await expect(
      pool.mapArray(
        (function* () {
          yield* [3, 4];
        })(),
        double,
      ),
    ).resolves.toEqual([6, 8]);
  });

  it('hands the function the value, its place and a context', async () => {
    const fn = (value: string, index: number, context: object): unknown[] => [
      value,
      index,
      ['workerId', 'shared', 'signal', 'transfer'].every((name) => name in context),
    ];
    await expect(pool.mapArray(['a', 'b'], fn)).resolves.toEqual([
      ['a', 0, true],
      ['b', 1, true],
    ]);
  });

  it('gives undefined, null and holes a place like any other value', async () => {
    const values: unknown[] = [undefined, null];
    values[3] = 0;
    const results = await pool.mapArray(values, (value) => value ?? 'none');
    expect(results).toEqual(['none', 'none', 'none', 0]);
  });

  it('rejects with the first failure, and starts nothing more', async () => {
    const started: number[] = [];
    const fn = (value: number): number => {
      started.push(value);
      if (value === 2) throw new RangeError('two');
      return value;
    };
    const failure = await pool.mapArray([1, 2, 3, 4], fn, 1).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TaskError);
    expect(failure).toMatchObject({ index: 1, cause: new RangeError('two') });
    expect(started).toEqual([1, 2]);
  });

  it('gives each failure its place when settled', async () => {
    const fn = (value: number): number => {
      if (value === 2) throw new RangeError('two');
      return value;
    };
    const results = await pool.mapArray([1, 2, 3], fn, { settled: true });
    expect(results.map(({ status, index, attempts }) => [status, index, attempts])).toEqual([
      ['fulfilled', 0, 1],
      ['rejected', 1, 1],
      ['fulfilled', 2, 1],
    ]);
    expect(results[1]).toMatchObject({ reason: { name: 'TaskError', index: 1 } });
  });

  it('rejects with the reason of a signal, before and while it runs', async () => {
    const never = (): Promise<never> => new Promise(() => {});
    const before = pool.mapArray([1], never, { signal: AbortSignal.abort('before') });
    await expect(before).rejects.toBe('before');
    const controller = new AbortController();
    const during = pool.mapArray([1], never, { signal: controller.signal });
    controller.abort('during');
    await expect(during).rejects.toBe('during');
  });

  it('has one listener on a signal, however many calls it has', async () => {
    const { signal } = new AbortController();
    const add = jest.spyOn(signal, 'addEventListener');
    const calls = Array.from({ length: 20 }, () =>
      pool.mapArray([1], (value) => value, { signal }),
    );
    await Promise.all(calls);
    expect(add).toHaveBeenCalledTimes(1);
  });

  it('rejects when its pool was closed before', async () => {
    await pool.close();
    await expect(pool.mapArray([1], (value) => value)).rejects.toThrow(PoolClosedError);
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [7, '7'],
    ['abc', '"abc"'],
    [{ length: 2 }, 'an object (Object)'],
  ])('refuses %p as input', async (values, quoted) => {
    const call = mapArray(values as never, (value: unknown) => value);
    await expect(call).rejects.toThrow(
      new TypeError(
        `mapArray expects an array or another iterable as its first argument, but got ${quoted}. A stream goes through parallelMap`,
      ),
    );
  });

  it('rejects with what the iterable throws', async () => {
    const broken = (function* () {
      yield 1;
      throw new Error('broken input');
    })();
    await expect(mapArray(broken, (value) => value)).rejects.toThrow('broken input');
  });
});

describe('pool.run', () => {
  it('runs a function once', async () => {
    const pool = createPool({ executor: inline() });
    await expect(pool.run((text: string) => text.length, 'four')).resolves.toBe(4);
  });
});
