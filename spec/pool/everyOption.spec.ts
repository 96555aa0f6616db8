/** Every option of every call, with values of every kind: taken on purpose, or refused at the call by name. */
import { SHARE_ENV, type Worker } from 'node:worker_threads';
import {
  createPool,
  inline,
  mapArray,
  mapStream,
  parallelMap,
  threads,
  type Pool,
} from '../../lib/index.js';
import { quote } from '../../lib/quote.js';

const VALUES: readonly unknown[] = [
  ...[undefined, null, true, false],
  ...[NaN, -Infinity, -1, -0, 0, 0.5, 1, 1.5, 2 ** 53, Infinity, new Number(1)],
  ...['', '1', 'auto', new String('auto'), 1n, Symbol('one')],
  ...[{}, [], { a: 1 }, [1], new Map([['a', 1]]), new Set([1]), new Date(0), Promise.resolve(1)],
  ...[(value: unknown): unknown => value, /a/, new Int32Array(1)],
];

/** What is right for an option, beside `undefined`, which means its default everywhere. */
type IsRight = (value: unknown) => boolean;

const isFunction: IsRight = (value) => typeof value === 'function';
const isPositiveInteger: IsRight = (value) => Number.isInteger(value) && (value as number) >= 1;
const isBoolean: IsRight = (value) => typeof value === 'boolean';
const isPlainObject: IsRight = (value) =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
const isMegabytes: IsRight = (value) =>
  typeof value === 'number' && value > 0 && value !== Infinity;
const canBeCloned: IsRight = (value) =>
  !(['function', 'symbol'].includes(typeof value) || value instanceof Promise);
const anything: IsRight = () => true;
/** It has a method or a mark that nothing among the values has. */
const nothing: IsRight = () => false;

const isDelay: IsRight = (value) =>
  typeof value === 'number' && value >= 1 && (value < 2 ** 31 || value === Infinity);
const isCount: IsRight = (value) =>
  (Number.isInteger(value) && (value as number) >= 0) || value === Infinity;

const OF_A_CALL: Readonly<Record<string, IsRight>> = {
  concurrency: isPositiveInteger,
  perWorker: (value) => isPositiveInteger(value) && (value as number) <= 1024,
  settled: isBoolean,
  retry: isCount,
  timeout: isDelay,
  batchSize: (value) => isPositiveInteger(value) || value === 'auto',
  cost: isFunction,
  key: isFunction,
  transfer: isFunction,
  // What of it cannot be copied is named when it is sent.
  shared: anything,
  signal: nothing,
  onProgress: isFunction,
  trace: nothing,
};

const OF_A_PULLED_STREAM: Readonly<Record<string, IsRight>> = {
  ...OF_A_CALL,
  ordered: isBoolean,
  reorderWindow: isPositiveInteger,
  highWaterMark: isPositiveInteger,
  total: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
};

const OF_A_PUSHED_STREAM: Readonly<Record<string, IsRight>> = {
  ...OF_A_PULLED_STREAM,
  overflow: nothing, // some words, which are not among the values
};

const OF_THREADS: Readonly<Record<string, IsRight>> = {
  env: isPlainObject,
  execArgv: (value) => Array.isArray(value) && value.length === 0,
  resourceLimits: (value) => isPlainObject(value) && Object.keys(value as object).length === 0,
  worker: isFunction,
};

const OF_A_POOL: Readonly<Record<string, IsRight>> = {
  size: isPositiveInteger,
  idleTimeout: isDelay,
  maxElementsPerWorker: isPositiveInteger,
  initializer: isFunction,
  shared: canBeCloned,
  trace: nothing,
  executor: nothing,
  ...OF_THREADS,
};

const fn = (value: unknown): unknown => value;
let pool: Pool;
beforeAll(() => (pool = createPool({ executor: inline() })));
afterAll(() => pool.destroy());

/** With those that others only make sense beside. */
const forPulled = (options: object): object =>
  isPlainObject(options) ? { ordered: true, ...options } : options;
const forPushed = (options: object): object =>
  isPlainObject(options) ? { ordered: true, overflow: 'error', ...options } : options;

interface Door {
  readonly call: (options: object) => unknown;
  readonly options: Readonly<Record<string, IsRight>>;
}

/** Each without an element, so that no worker is started. */
const DOORS: Readonly<Record<string, Door>> = {
  parallelMap: {
    call: (options) => parallelMap(fn, forPushed(options)),
    options: { ...OF_A_PUSHED_STREAM, pool: nothing },
  },
  mapStream: {
    call: (options) => void mapStream([], fn, forPulled(options)),
    options: { ...OF_A_PULLED_STREAM, pool: nothing },
  },
  mapArray: {
    call: (options) => mapArray([], fn, options),
    options: { ...OF_A_CALL, pool: nothing },
  },
  'pool.parallelMap': {
    call: (options) => pool.parallelMap(fn, forPushed(options)),
    options: OF_A_PUSHED_STREAM,
  },
  'pool.mapStream': {
    call: (options) => void pool.mapStream([], fn, forPulled(options)),
    options: OF_A_PULLED_STREAM,
  },
  'pool.mapArray': { call: (options) => pool.mapArray([], fn, options), options: OF_A_CALL },
  'pool.run': {
    call: (options) => pool.run(fn, 1, options),
    options: { signal: nothing, retry: isCount, timeout: isDelay, trace: nothing },
  },
  createPool: { call: (options) => createPool(options).destroy(), options: OF_A_POOL },
  threads: { call: (options) => threads(options), options: OF_THREADS },
};

/** The error of a mistake, whether it is thrown or rejected. */
async function mistake(call: () => unknown): Promise<unknown> {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.each(Object.entries(DOORS))('%s', (door, { call, options }) => {
  describe.each(Object.entries(options))('option %s', (name, isRight) => {
    const right = VALUES.filter((value) => value === undefined || isRight(value));
    const wrong = VALUES.filter((value) => !right.includes(value));

    it('is taken where it is right, or undefined', async () => {
      for (const value of right) {
        const error = await mistake(() => call({ [name]: value }));
        expect([value, error]).toEqual([value, undefined]);
      }
    });

    it('is refused where it is wrong, with its name, what is expected, and what came', async () => {
      for (const value of wrong) {
        const error = await mistake(() => call({ [name]: value }));
        const type =
          typeof value === 'number' ? /^(Type|Range)Error$/ : /^(Type|Uncloneable)Error$/;
        expect([value, (error as Error).name]).toEqual([value, expect.stringMatching(type)]);
        const { message } = error as Error;
        expect(message).toMatch(
          new RegExp(`(^|\\W)${name}\\b.*(must|expects|has no option|cannot be copied)`),
        );
        // What is wrong in it is told of instead.
        const isAboutAPart = / as number \d|retry\.count|has no option|cannot be copied/.test(
          message,
        );
        if (!isAboutAPart) expect(message).toContain(` got ${quote(value)}`);
      }
    });
  });

  it('refuses an option that it does not know, with the names of all', async () => {
    const all = Object.keys(options);
    const error = await mistake(() => call({ xyzzy: undefined }));
    expect(error).toBeInstanceOf(TypeError);
    const [what, known] = (error as Error).message.split('. It knows: ');
    expect(what).toBe(`${door} has no option "xyzzy"`);
    expect(known!.split(', ').sort()).toEqual(all.sort());
  });

  it('refuses a slip of the fingers with the name that was meant', async () => {
    for (const name of Object.keys(options)) {
      const isTwice = name.at(-1) === name.at(-2);
      const slip = `${name.slice(0, -2)}${name.at(-1)!}${isTwice ? '' : name.at(-2)!}`;
      const error = await mistake(() => call({ [slip]: 1 }));
      expect(error).toBeInstanceOf(TypeError);
      const { message } = error as Error;
      expect(message).toContain(`${door} has no option "${slip}". Did you mean "${name}"?`);
    }
  });

  it('takes no options from what is no object of options', async () => {
    const isTaken = (value: unknown): boolean =>
      value === undefined || (isPlainObject(value) && Object.keys(value as object).length === 0);
    const takesConcurrency = 'concurrency' in options;
    for (const value of VALUES) {
      const isRight = isTaken(value) || (takesConcurrency && isPositiveInteger(value));
      const error = await mistake(() => call(value as object));
      expect([value, error === undefined]).toEqual([value, isRight]);
      if (!isRight) expect(error).toBeInstanceOf(typeof value === 'number' ? Error : TypeError);
    }
  });
});

describe('what is in an option of workers', () => {
  const texts = ['', '1', 'auto'];

  it.each(VALUES.map((value) => [value]))('is checked: env with %p', async (value) => {
    const isRight = ['string', 'number', 'boolean', 'undefined'].includes(typeof value);
    const error = await mistake(() => threads({ env: { NAME: value as string } }));
    const message = `The option env must be an object of texts, { NAME: "value" }, or SHARE_ENV, but got ${quote(value)} as NAME`;
    expect(error).toEqual(isRight ? undefined : new TypeError(message));
  });

  it.each(VALUES.map((value) => [value]))('is checked: execArgv with %p', async (value) => {
    const error = await mistake(() => threads({ execArgv: ['--no-warnings', value as string] }));
    const message = `The option execArgv must be an array of texts, ["--no-warnings"], but got ${quote(value)} as number 1`;
    expect(error).toEqual(texts.includes(value as string) ? undefined : new TypeError(message));
  });

  it.each(VALUES.map((value) => [value]))('is checked: a limit of %p', async (value) => {
    for (const name of [
      ...['maxOldGenerationSizeMb', 'maxYoungGenerationSizeMb', 'codeRangeSizeMb', 'stackSizeMb'],
    ]) {
      const error = await mistake(() => threads({ resourceLimits: { [name]: value } }));
      const message = `The option resourceLimits.${name} must be megabytes above 0, but got ${quote(value)}`;
      if (value === undefined || isMegabytes(value)) expect(error).toBeUndefined();
      else expect(error).toEqual(new (typeof value === 'number' ? RangeError : TypeError)(message));
    }
  });

  it('is checked: the names of the limits', () => {
    const resourceLimits = { maxOldGenerationSize: 100 } as object;
    expect(() => threads({ resourceLimits })).toThrow(
      'The option resourceLimits has no option "maxOldGenerationSize". Did you mean "maxOldGenerationSizeMb"?',
    );
  });

  it('may be the environment itself', () => {
    expect(() => threads({ env: SHARE_ENV })).not.toThrow();
    expect(() => threads({ env: process.env })).not.toThrow();
    expect(() => threads({ env: { ...process.env } })).not.toThrow();
    expect(() => threads({ worker: (): Worker => undefined as never })).not.toThrow();
  });
});
