import { from, lastValueFrom, toArray } from 'rxjs';
import {
  createPool,
  inline,
  mapArray,
  parallelMap,
  TaskCaptureError,
  threads,
  type Pool,
} from '../../lib/index.js';

const fn = (value: unknown): unknown => value;

/** The error of a mistake, whether it is thrown or rejected. */
async function mistake(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return 'no error';
}

describe.each([
  [
    'parallelMap',
    ', ordered, reorderWindow, overflow, highWaterMark, total',
    (options: unknown) => parallelMap(fn, options as never),
  ],
  ['mapArray', '', (options: unknown) => mapArray([1], fn, options as never)],
])('the options of %s', (name, more, call) => {
  it.each([
    [0, RangeError, '0'],
    [-3, RangeError, '-3'],
    [NaN, RangeError, 'NaN'],
    [1.5, RangeError, '1.5'],
    [Infinity, RangeError, 'Infinity'],
    ['3', TypeError, '"3"'],
    [null, TypeError, 'null'],
    [true, TypeError, 'true'],
    [2n, TypeError, '2n'],
  ])('refuse a concurrency of %p', async (concurrency, type, quoted) => {
    const error = new type(
      `${name}: concurrency must be an integer of at least 1, but got ${quoted}. Leave it out for one worker per core`,
    );
    await expect(mistake(() => call(concurrency))).resolves.toEqual(error);
    await expect(mistake(() => call({ concurrency }))).resolves.toEqual(error);
    await expect(mistake(() => call(concurrency))).resolves.toBeInstanceOf(type);
  });

  it.each([
    [
      { retires: 3 },
      `${name} has no option "retires". Did you mean "retry"? It knows: concurrency, perWorker, settled, retry, batchSize, cost, key, transfer, timeout, shared, signal, onProgress, trace, pool${more}`,
    ],
    [[], `${name} expects an options object, but got an object (Array)`],
    [
      { perWorker: 0 },
      `${name}: perWorker must be an integer of at least 1, but got 0. Leave it out for functions that compute`,
    ],
    [
      { perWorker: 1025 },
      `${name}: perWorker must be at most 1024, but got 1025. Use more workers`,
    ],
    [
      { perWorker: 2, batchSize: 10 },
      `${name}: batchSize does not go together with perWorker, where each element goes to its worker on its own, so that none waits behind another. Leave one of them out`,
    ],
    [{ settled: 'yes' }, `${name}: settled must be true or false, but got "yes"`],
    [{ cost: 3 }, `${name}: cost must be a function of an element, but got 3`],
    [{ cost: 'size' }, `${name}: cost must be a function of an element, but got "size"`],
    [{ key: 'id' }, `${name}: key must be a function of an element, but got "id"`],
    [
      { key: () => 1, cost: () => 1 },
      `${name}: key does not go together with cost, since elements of one key run in the order of the input, and not the dearest first. Leave one of them out`,
    ],
    [
      { transfer: [] },
      `${name}: transfer must be a function of an element, but got an object (Array)`,
    ],
    [{ signal: {} }, `${name}: signal must be an AbortSignal, but got an object (Object)`],
    [
      { pool: {} },
      `${name}: pool must come from createPool() of the same copy of this package, but got an object (Object)`,
    ],
  ])('refuse %p', async (options, message) => {
    await expect(mistake(() => call(options))).resolves.toEqual(new TypeError(message));
  });
});

describe.each([
  ['parallelMap', (options: unknown) => parallelMap(fn, options as never)],
  ['mapArray', (options: unknown) => mapArray([], fn, options as never)],
])('the batchSize of %s', (name, call) => {
  it.each([
    [0, RangeError, '0'],
    [-1, RangeError, '-1'],
    [2.5, RangeError, '2.5'],
    [NaN, RangeError, 'NaN'],
    [Infinity, RangeError, 'Infinity'],
    ['10', TypeError, '"10"'],
    [null, TypeError, 'null'],
  ])('is refused when it is %p', async (batchSize, type, quoted) => {
    const error = new type(
      `${name}: batchSize must be an integer of at least 1, but got ${quoted}. Leave it out, or say 'auto'`,
    );
    await expect(mistake(() => call({ batchSize }))).resolves.toEqual(error);
    await expect(mistake(() => call({ batchSize }))).resolves.toBeInstanceOf(type);
  });

  it.each([1, 7, 1e9, 'auto', undefined])('may be %p', async (batchSize) => {
    await expect(mistake(() => call({ batchSize }))).resolves.toBe('no error');
  });
});

describe.each([
  ['parallelMap', (options: unknown) => parallelMap(fn, options as never)],
  ['mapArray', (options: unknown) => mapArray([], fn, options as never)],
])('the retry of %s', (name, call) => {
  const range = 'must be an integer of at least 0, or Infinity, but got';

  it.each([
    [-1, RangeError, `retry ${range} -1`],
    [0.5, RangeError, `retry ${range} 0.5`],
    [NaN, RangeError, `retry ${range} NaN`],
    ['3', TypeError, 'retry must be how often to try again, or { count, delay, on }, but got "3"'],
    [
      true,
      TypeError,
      'retry must be how often to try again, or { count, delay, on }, but got true',
    ],
    [
      null,
      TypeError,
      'retry must be how often to try again, or { count, delay, on }, but got null',
    ],
    [{}, TypeError, `retry.count ${range} undefined`],
    [{ count: '3' }, TypeError, `retry.count ${range} "3"`],
    [{ count: -1 }, RangeError, `retry.count ${range} -1`],
    [
      { count: 1, delay: -1 },
      TypeError,
      'retry.delay must be milliseconds from 0 to 2147483647, or a function that gives them, but got -1',
    ],
    [
      { count: 1, on: TypeError.name },
      TypeError,
      'retry.on must be a function of an error, but got "TypeError"',
    ],
  ])('is refused when it is %p', async (retry, type, message) => {
    const error = await mistake(() => call({ retry }));
    expect(error).toEqual(new type(`${name}: ${message}`));
    expect(error).toBeInstanceOf(type);
  });

  it('is refused with an option that it does not know', async () => {
    const error = await mistake(() => call({ retry: { count: 1, dealy: 5 } }));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toContain(`${name}: retry has no option "dealy"`);
  });

  it.each([0, 1, Infinity, undefined, { count: 2 }, { count: 2, delay: 10, on: () => true }])(
    'may be %p',
    async (retry) => {
      await expect(mistake(() => call({ retry }))).resolves.toBe('no error');
    },
  );

  it('is refused beside transfer, unless nothing is tried again', async () => {
    const transfer = (): [] => [];
    const error = new TypeError(
      `${name}: retry does not go together with transfer, since what was moved to a worker is gone when the element fails there. Leave one of them out`,
    );
    await expect(mistake(() => call({ retry: 1, transfer }))).resolves.toEqual(error);
    await expect(mistake(() => call({ retry: 0, transfer }))).resolves.toBe('no error');
  });
});

describe.each([
  ['parallelMap', (options: unknown) => parallelMap(fn, options as never)],
  ['mapArray', (options: unknown) => mapArray([], fn, options as never)],
])('the timeout of %s', (name, call) => {
  it.each([
    [0, RangeError, '0'],
    [-1, RangeError, '-1'],
    [NaN, RangeError, 'NaN'],
    [2 ** 31, RangeError, '2147483648'],
    ['1s', TypeError, '"1s"'],
    [null, TypeError, 'null'],
  ])('is refused when it is %p', async (timeout, type, quoted) => {
    const error = await mistake(() => call({ timeout }));
    const message = `${name}: timeout must be milliseconds from 1 to 2147483647, or Infinity, but got ${quoted}`;
    expect(error).toEqual(new type(message));
    expect(error).toBeInstanceOf(type);
  });

  it.each([1, 2.5, 2 ** 31 - 1, Infinity, undefined])('may be %p', async (timeout) => {
    await expect(mistake(() => call({ timeout }))).resolves.toBe('no error');
  });
});

describe.each([
  ['inline', () => createPool({ size: 2, executor: inline() })],
  ['threads', () => createPool({ size: 2 })],
])('the functions among the options, on %s', (_, makePool) => {
  let pool: Pool;
  beforeEach(() => (pool = makePool()));
  afterEach(() => pool.destroy());

  const both = (options: object): Promise<unknown>[] => [
    pool.mapArray([3, 1, 2], fn, options),
    lastValueFrom(from([3, 1, 2]).pipe(pool.parallelMap(fn, options), toArray())),
  ];
  /** The pool serves the next call, and its input is all there. */
  const stillRuns = async (): Promise<void> => {
    await expect(pool.mapArray([1, 2, 3], fn)).resolves.toEqual([1, 2, 3]);
  };

  it.each([
    [NaN, 'NaN'],
    ['1', '"1"'],
    [undefined, 'undefined'],
    [1n, '1n'],
  ])('a cost of %p fails the call', async (cost, quoted) => {
    for (const call of both({ cost: () => cost })) {
      await expect(call).rejects.toEqual(
        new TypeError(`cost(value) must give a number, but gave ${quoted}`),
      );
    }
    await stillRuns();
  });

  it('a cost that throws in the midst of the input fails the call with that', async () => {
    const cost = (value: number): number => {
      if (value === 2) throw new RangeError('priceless');
      return value;
    };
    for (const call of both({ cost })) {
      await expect(call).rejects.toEqual(new RangeError('priceless'));
    }
    await stillRuns();
  });

  it.each([Infinity, -Infinity, -1, 0])('a cost may be %p', async (cost) => {
    for (const call of both({ cost: () => cost })) {
      expect(new Set((await call) as number[])).toEqual(new Set([1, 2, 3]));
    }
  });

  it('a key that throws in the midst of the input fails the call with that', async () => {
    const key = (value: number): number => {
      if (value === 2) throw new RangeError('keyless');
      return value;
    };
    for (const call of both({ key })) {
      await expect(call).rejects.toEqual(new RangeError('keyless'));
    }
    await stillRuns();
  });

  it.each([NaN, undefined, null, 'one', Symbol('one'), {}])('a key may be %p', async (key) => {
    for (const call of both({ key: () => key })) await expect(call).resolves.toEqual([3, 1, 2]);
  });

  it('a transfer that throws fails the call with that', async () => {
    const transfer = (): never => {
      throw new RangeError('immovable');
    };
    for (const call of both({ transfer })) {
      await expect(call).rejects.toEqual(new RangeError('immovable'));
    }
    await stillRuns();
  });

  it.each([
    ['no array', () => 5],
    ['undefined', () => undefined],
    ['a buffer itself', () => new ArrayBuffer(1)],
    ['a list of what cannot be transferred', () => [5]],
  ])('a transfer that gives %s fails the call', async (__, transfer) => {
    for (const call of both({ transfer })) {
      await expect(call).rejects.toBeInstanceOf(Error);
    }
    await stillRuns();
  });
});

describe('the function', () => {
  it.each([undefined, null, 3, 'fn', {}])('is refused when it is %p', async (notFn) => {
    const expected = expect.stringMatching(
      /^parallelMap expects a function that maps one element, \(value, index, context\) => result, but got /,
    ) as string;
    expect(() => parallelMap(notFn as never)).toThrow(TypeError);
    await expect(mistake(() => parallelMap(notFn as never))).resolves.toMatchObject({
      message: expected,
    });
  });

  it.each([
    ['native', Math.sqrt],
    ['bound', fn.bind(null)],
    ['a Proxy', new Proxy(fn, {})],
  ])('is refused when it is %s', async (_, foreign) => {
    expect(() => parallelMap(foreign)).toThrow(TaskCaptureError);
    await expect(mistake(() => mapArray([1], foreign as never))).resolves.toBeInstanceOf(
      TaskCaptureError,
    );
  });

  it('is refused when it uses what is around it, before anything is started', async () => {
    const around = 1;
    expect(() => parallelMap((x: number) => x + around)).toThrow(TaskCaptureError);
    const caught = await mistake(() => mapArray([1], (x: number) => x + around));
    expect(caught).toMatchObject({ name: 'TaskCaptureError', captures: [{ name: 'around' }] });
  });

  it('keeps what is around it on an executor of this thread', async () => {
    const around = 1;
    const pool = createPool({ size: 1, executor: inline() });
    expect(await pool.mapArray([1], (x) => x + around)).toEqual([2]);
    await pool.destroy();
  });
});

describe('the options of createPool', () => {
  it.each([
    [{ size: 0 }, RangeError, 'createPool: size must be an integer of at least 1, but got 0'],
    [{ size: '2' }, TypeError, 'createPool: size must be an integer of at least 1, but got "2"'],
    [{ idleTimeout: 0 }, RangeError, 'createPool: idleTimeout must be milliseconds from 1 to'],
    [{ idleTimeout: NaN }, RangeError, 'or Infinity, but got NaN'],
    [{ idleTimeout: '1s' }, TypeError, 'or Infinity, but got "1s"'],
    [
      { maxElementsPerWorker: 0 },
      RangeError,
      'createPool: maxElementsPerWorker must be an integer of at least 1, but got 0',
    ],
    [{ maxElementsPerWorker: '9' }, TypeError, 'of at least 1, but got "9". Leave it out to keep'],
    [{ threads: 4 }, TypeError, 'createPool has no option "threads". It knows: size, idleTimeout'],
    [{ executor: 'inline' }, TypeError, 'createPool: executor must be threads() or inline(), but'],
    [{ executor: inline }, TypeError, 'but got function inline'],
    [
      { executor: threads(), env: {} },
      TypeError,
      'createPool: env belongs to the executor where one is given: threads({ env })',
    ],
    [4, TypeError, 'createPool expects an options object, but got 4'],
    [null, TypeError, 'createPool expects an options object, but got null'],
  ])('refuse %p', (options, type, message) => {
    const call = (): unknown => createPool(options as never);
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  });

  it('may all be left out', async () => {
    const pool = createPool();
    expect(pool.size).toBeGreaterThanOrEqual(1);
    await pool.close();
  });
});
