import {
  createPool,
  inline,
  mapArray,
  parallelMap,
  TaskCaptureError,
  threads,
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
  ['parallelMap', (options: unknown) => parallelMap(fn, options as never)],
  ['mapArray', (options: unknown) => mapArray([1], fn, options as never)],
])('the options of %s', (name, call) => {
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
      `${name} has no option "retires". It knows: concurrency, settled, signal, pool`,
    ],
    [[], `${name} expects an options object, but got an object (Array)`],
    [{ settled: 'yes' }, `${name}: settled must be true or false, but got "yes"`],
    [{ signal: {} }, `${name}: signal must be an AbortSignal, but got an object (Object)`],
    [
      { pool: {} },
      `${name}: pool must come from createPool() of the same copy of this package, but got an object (Object)`,
    ],
  ])('refuse %p', async (options, message) => {
    await expect(mistake(() => call(options))).resolves.toEqual(new TypeError(message));
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
    ['native', Math.sqrt, 'function sqrt'],
    ['bound', fn.bind(null), 'function bound fn'],
    ['a Proxy', new Proxy(fn, {}), 'function fn'],
  ])('is refused when it is %s, with what to do instead', async (_, foreign, name) => {
    expect(() => parallelMap(foreign)).toThrow(TaskCaptureError);
    await expect(mistake(() => mapArray([1], foreign as never))).resolves.toMatchObject({
      message: `${name} is native, bound or a Proxy, so it has no source that could travel to a worker. Wrap it in a function, (value) => Math.sqrt(value), or make it a module task with task(import.meta.url, ...).`,
    });
  });
});

describe('the options of createPool', () => {
  it.each([
    [{ size: 0 }, RangeError, 'createPool: size must be an integer of at least 1, but got 0'],
    [{ size: '2' }, TypeError, 'createPool: size must be an integer of at least 1, but got "2"'],
    [{ idleTimeout: 0 }, RangeError, 'createPool: idleTimeout must be milliseconds from 1 to'],
    [{ idleTimeout: NaN }, RangeError, 'or Infinity, but got NaN'],
    [{ idleTimeout: '1s' }, TypeError, 'or Infinity, but got "1s"'],
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
