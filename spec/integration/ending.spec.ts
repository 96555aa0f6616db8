import { join } from 'node:path';
import { from, lastValueFrom, NEVER, startWith, Subject, toArray } from 'rxjs';
import {
  createPool,
  parallelMap,
  PoolClosedError,
  type InitializerContext,
  type Pool,
} from '../../lib/index.js';
import { blockUntilRaised, makeFlags, raise, raised, until } from '../support/handshake.js';
import { leftoversSince, platformResources } from '../support/leftovers.js';

const STARTED = 0;
const GO = 1;

const waitForGo = async (flags: Int32Array): Promise<string> => {
  Atomics.add(flags, 0, 1);
  while (Atomics.load(flags, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  return 'went';
};

const hangOnLoad = { execArgv: ['--require', join(__dirname, '../fixtures/preloads/hang.cjs')] };
const hangAsync = ({ shared }: InitializerContext<Int32Array>): Promise<never> => {
  Atomics.add(shared, 0, 1);
  return new Promise(() => undefined);
};
const hangInALoop = ({ shared }: InitializerContext<Int32Array>): never => {
  Atomics.add(shared, 0, 1);
  while (true);
};
const exitAtOnce = ({ shared }: InitializerContext<Int32Array>): never => {
  Atomics.add(shared, 0, 1);
  process.exit(3);
};

/** What a pool's workers do when it ends, and whether a flag says that they do. */
const STARTS = [
  { what: 'start', options: {}, isTold: false },
  { what: 'hang before they say hello', options: hangOnLoad, isTold: false },
  { what: 'hang in the initializer', options: { initializer: hangAsync }, isTold: true },
  { what: 'loop in the initializer', options: { initializer: hangInALoop }, isTold: true },
  { what: 'exit in the initializer', options: { initializer: exitAtOnce }, isTold: true },
];

describe.each(STARTS)('a pool whose workers $what', ({ options, isTold }) => {
  it.each(['close', 'destroy'] as const)('ends by %s once its call is cancelled', async (how) => {
    const before = platformResources();
    const shared = makeFlags();
    const pool = createPool({ size: 2, shared, ...options });
    const controller = new AbortController();
    const call = pool.mapArray([1, 2], (value) => value, { signal: controller.signal });
    const failure = expect(call).rejects.toBe('enough');
    if (isTold) await raised(shared, STARTED);
    controller.abort('enough');
    await pool[how]();
    await failure;
    expect(await leftoversSince(before)).toEqual([]);
  });

  it('ends by destroy, and by close and destroy, while its call waits', async () => {
    const before = platformResources();
    const shared = makeFlags();
    const pool = createPool({ size: 2, shared, ...options });
    const call = pool.mapArray([1, 2], (value) => value);
    const failure = expect(call).rejects.toBeInstanceOf(PoolClosedError);
    if (isTold) await raised(shared, STARTED);
    await Promise.all([pool.close(), pool.destroy(), pool[Symbol.asyncDispose]()]);
    await failure;
    expect(await leftoversSince(before)).toEqual([]);
  });
});

it('a pool whose workers crash just now ends by destroy', async () => {
  const before = platformResources();
  const flags = makeFlags();
  const pool = createPool({ size: 2 });
  const crash = (given: Int32Array): never => {
    Atomics.add(given, 0, 1);
    Atomics.notify(given, 0);
    process.exit(3);
  };
  await pool.mapArray([1, 2], (value) => value);
  const call = pool.mapArray([flags, flags, flags], crash, { settled: true });
  const end = call.then(
    (all) => all.map(({ status }) => status),
    (error: unknown) => (error as Error).name,
  );
  blockUntilRaised(flags, STARTED);
  await pool.destroy();
  expect(await end).toBe('PoolClosedError');
  expect(await leftoversSince(before)).toEqual([]);
});

describe('ending a pool', () => {
  let pool: Pool;
  let before: ReturnType<typeof platformResources>;

  beforeEach(() => {
    before = platformResources();
    pool = createPool({ size: 2 });
  });

  afterEach(() => pool.destroy());

  it('with close lets the calls end that are under way, and refuses new ones', async () => {
    const flags = makeFlags();
    const call = pool.mapArray([flags, flags, flags, flags], waitForGo);
    await raised(flags, STARTED);
    let isClosed = false;
    const closing = pool.close().then(() => (isClosed = true));
    await expect(pool.mapArray([1], (value) => value)).rejects.toBeInstanceOf(PoolClosedError);
    expect(isClosed).toBe(false);
    raise(flags, GO);
    expect(await call).toEqual(['went', 'went', 'went', 'went']);
    await closing;
    expect(await leftoversSince(before)).toEqual([]);
  });

  it('with close waits for a stream that has not ended yet', async () => {
    const source = new Subject<number>();
    const results = lastValueFrom(
      source.pipe(
        pool.parallelMap((value) => value + 1),
        toArray(),
      ),
    );
    source.next(1);
    const closing = pool.close();
    source.next(2);
    source.complete();
    expect((await results).sort()).toEqual([2, 3]);
    await closing;
    expect(await leftoversSince(before)).toEqual([]);
  });

  it('with destroy ends calls now, whatever the workers do', async () => {
    const flags = makeFlags();
    const loop = (given: Int32Array): never => {
      Atomics.add(given, 0, 1);
      while (true);
    };
    const call = pool.mapArray([flags, flags, flags], loop);
    const failure = expect(call).rejects.toBeInstanceOf(PoolClosedError);
    const settled = pool.mapArray([1, 2], (value) => value, { settled: true });
    const alsoFailing = expect(settled).rejects.toBeInstanceOf(PoolClosedError);
    await until(() => Atomics.load(flags, STARTED) === 2);
    await pool.destroy();
    await Promise.all([failure, alsoFailing]);
    expect(await leftoversSince(before)).toEqual([]);
  });

  it('with destroy while the workers are still starting', async () => {
    const call = pool.mapArray([1, 2], (value) => value);
    const failure = expect(call).rejects.toBeInstanceOf(PoolClosedError);
    await pool.destroy();
    await failure;
    expect(await leftoversSince(before)).toEqual([]);
  });

  it('with destroy while close still waits ends both', async () => {
    const stuck = lastValueFrom(
      NEVER.pipe(
        startWith(1),
        pool.parallelMap((value) => value),
      ),
    );
    const failure = expect(stuck).rejects.toBeInstanceOf(PoolClosedError);
    const closing = pool.close();
    await pool.destroy();
    await closing;
    await failure;
    expect(await leftoversSince(before)).toEqual([]);
  });

  it('works any number of times, in every way, also when it was never used', async () => {
    await Promise.all([pool.close(), pool.close(), pool.destroy()]);
    await pool.destroy();
    await pool.close();
    await pool[Symbol.asyncDispose]();
    expect(await leftoversSince(before)).toEqual([]);
  });

  it.each(['close', 'destroy'] as const)('with %s refuses every later use', async (how) => {
    expect(await pool.mapArray([1], (value) => value)).toEqual([1]);
    await pool[how]();
    const same = (value: number): number => value;
    await expect(pool.mapArray([1], same)).rejects.toBeInstanceOf(PoolClosedError);
    await expect(pool.mapArray([], same)).rejects.toBeInstanceOf(PoolClosedError);
    await expect(pool.run(same, 1)).rejects.toBeInstanceOf(PoolClosedError);
    const stream = from([1]).pipe(parallelMap(same, { pool }));
    await expect(lastValueFrom(stream)).rejects.toBeInstanceOf(PoolClosedError);
    expect(await leftoversSince(before)).toEqual([]);
  });

  it('with `await using` destroys it', async () => {
    expect(await pool.run((value: number) => value, 1)).toBe(1);
    await pool[Symbol.asyncDispose]();
    await expect(pool.run((value: number) => value, 1)).rejects.toBeInstanceOf(PoolClosedError);
    expect(await leftoversSince(before)).toEqual([]);
  });
});
