/** What users do by mistake, or did not expect; each once went wrong. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createPool,
  mapArray,
  task,
  threads,
  type Pool,
  type TaskContext,
} from '../../lib/index.js';
import { runNode } from '../support/runNode.js';

const fixtures = join(__dirname, '../fixtures');
const fixture = (name: string): URL => pathToFileURL(join(fixtures, 'modules', name));

describe('on real threads', () => {
  let pool: Pool;
  beforeEach(() => {
    pool = createPool({ size: 2 });
  });
  afterEach(() => pool.destroy());

  /** Node writes an error whose cause is itself, and cannot read what it wrote. */
  const unreadable = new Error('self');
  unreadable.cause = unreadable;

  it.each([
    ['says nothing', () => void (performance.now = () => undefined as never)],
    ['says what is no number', () => void (performance.now = () => NaN)],
    [
      'goes back',
      () =>
        void (performance.now = (
          (now) => () =>
            -(now += 1000)
        )(0)),
    ],
  ])('a task that leaves a clock behind which %s harms no other', async (_, leave) => {
    await using alone = createPool({ size: 1 });
    await alone.run(leave, 0);
    const values = Array.from({ length: 1000 }, (_, nth) => nth);
    expect(await alone.mapArray(values, (value) => value)).toEqual(values);
    const settled = await alone.mapArray(values, (value) => value, { settled: true, retry: 1 });
    expect(settled.every(({ duration }) => duration >= 0 && duration < 60_000)).toBe(true);
    const { mean } = alone.stats().times.run;
    expect(mean).toBeGreaterThanOrEqual(0);
  });

  it('an element that no worker can read is named at once, and the others are computed', async () => {
    const values = [1, { deep: [unreadable] }, 3, 4];
    const results = await pool.mapArray(values, (value) => typeof value, {
      ...{ settled: true, batchSize: 4 },
    });
    const { status, reason } = results[1] as { status: string; reason?: unknown };
    expect(results.map((one) => one.status)).toEqual([
      ...['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
    ]);
    expect({ status, reason }).toMatchObject({
      reason: {
        name: 'UncloneableError',
        index: 1,
        side: 'input',
        reason: 'input[1].deep[0] is an error that is its own cause',
      },
    });
  });

  it('a shared value that no worker can read is named', async () => {
    const call = pool.mapArray([1, 2], (value) => value, { shared: { unreadable } });
    await expect(call).rejects.toMatchObject({
      name: 'UncloneableError',
      reason: 'shared.unreadable is an error that is its own cause',
    });
  });

  it('what runs while such an element comes is not to blame', async () => {
    const one = createPool({ size: 1 });
    const results = await one.mapArray(
      [1, 2, unreadable, 4],
      async (value) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        return value;
      },
      { settled: true, batchSize: 2 },
    );
    await one.destroy();
    expect(results.map(({ status, attempts }) => [status, attempts])).toEqual([
      ['fulfilled', 1],
      ['fulfilled', 1],
      ['rejected', 1],
      ['fulfilled', expect.any(Number)],
    ]);
  });

  it('a Proxy that was revoked is thrown like anything else', async () => {
    const throwRevoked = (): never => {
      const { proxy, revoke } = Proxy.revocable(new Error(), {});
      revoke();
      throw proxy;
    };
    await expect(pool.run(throwRevoked, 0)).rejects.toMatchObject({ name: 'TaskError', index: 0 });
  });

  it('a module that ends its workers fails its own call, and not the one beside it', async () => {
    const exits = task<{ fn: (value: number) => number }>(fixture('exitOnImport.mjs'), 'fn');
    const beside = pool.mapArray([...Array(50).keys()], (value) => value + 1);
    const failed = pool.mapArray([1, 2], exits, { settled: true });
    await expect(failed).resolves.toMatchObject([
      { status: 'rejected', reason: { name: 'WorkerCrashedError', index: 0 } },
      { status: 'rejected', reason: { name: 'WorkerCrashedError', index: 1 } },
    ]);
    expect(await beside).toHaveLength(50);
  });

  const nest = (depth: number): object => {
    let value = {};
    for (let level = 0; level < depth; level++) value = { value };
    return value;
  };

  it('a result too deep to be posted fails its element only', async () => {
    const results = await pool.mapArray([1, 100_000, 2], nest, { settled: true });
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { reason: 'result is nested too deeply' } });
  });

  it.each([
    ['too deep to be read', nest, 8000],
    [
      'that is an error with itself as its cause',
      () => {
        const error = new Error('self');
        return Object.assign(error, { cause: error });
      },
      1,
    ],
  ])('a result %s fails its element, and its worker lives on', async (_, fn, value) => {
    const one = createPool({ size: 1 });
    const whoAmI = (_: unknown, __: number, { workerId }: TaskContext): number => workerId;
    const before = await one.run(whoAmI, 0);
    await expect(one.run<number, unknown>(fn, value)).rejects.toMatchObject({
      name: 'UncloneableError',
      side: 'result',
      reason: expect.stringContaining('result was sent but cannot be read here') as string,
    });
    expect(await one.run(whoAmI, 0)).toBe(before);
    await one.destroy();
  });

  it('results that cannot be read do not keep those before and after them from arriving', async () => {
    const one = createPool({ size: 1 });
    const results = await one.mapArray([1, 2, 8000, 3, 8000, 8000, 4, 5], nest, {
      settled: true,
      batchSize: 1,
    });
    expect(results.map(({ status }) => status[0]).join('')).toBe('ffrfrrff');
    await one.destroy();
  });

  it('an error with a chain of ten thousand causes arrives', async () => {
    const fail = (depth: number): never => {
      let error = new Error('root');
      for (let nth = 0; nth < depth; nth++) error = new Error(`${nth}`, { cause: error });
      throw error;
    };
    await expect(pool.run(fail, 10_000)).rejects.toMatchObject({
      name: 'TaskError',
      cause: { message: '9999', cause: { message: '9998' } },
    });
  });

  it('inline functions are strict, as in the module that they come from', async () => {
    const sloppy = function (this: unknown): string {
      return typeof this;
    };
    expect(await pool.run(sloppy, 0)).toBe('undefined');
  });

  it('inline functions may call the helper that esbuild and tsx put in to keep names', async () => {
    const source = '(x) => { const double = __name((y) => y * 2, "double"); return double(x); }';
    const compiled = eval(source) as (x: number) => number;
    expect(await pool.run(compiled, 4)).toBe(8);
  });
});

describe('a module that uses its own task at its top level', () => {
  it('fails with what to do, rather than start workers without end', async () => {
    const { code, stderr } = await runNode([join(fixtures, 'programs/taskAndCall.mjs')]);
    expect(code).toBe(1);
    expect(stderr).toContain('TaskLoadError: mapArray was called while a worker loaded file:');
    expect(stderr).toContain('make the call only if isMainThread');
  });
});

describe('an executor', () => {
  it('belongs to one pool', () => {
    const executor = threads();
    createPool({ executor });
    expect(() => createPool({ executor })).toThrow('this executor belongs to another pool');
  });

  it('refuses options that it does not know', () => {
    expect(() => threads({ argv: [] } as never)).toThrow(
      'threads has no option "argv". It knows: env, execArgv, resourceLimits',
    );
  });
});

describe('the methods of a pool', () => {
  it('refuse what does not apply to them', async () => {
    const pool = createPool({ size: 1 });
    const fn = (value: number): number => value;
    await expect(pool.mapArray([1], fn, { pool } as never)).rejects.toThrow(
      'pool.mapArray has no option "pool"',
    );
    await expect(pool.run(fn, 1, { settled: true } as never)).rejects.toThrow(
      'pool.run has no option "settled"',
    );
    await expect(pool.run(3 as never, 1)).rejects.toThrow('pool.run expects a function');
    await expect(mapArray([1], fn, [] as never)).rejects.toThrow('expects an options object');
  });

  it('close and destroy resolve to nothing', async () => {
    const pool = createPool();
    await expect(pool.close()).resolves.toBeUndefined();
    await expect(pool.destroy()).resolves.toBeUndefined();
  });
});
