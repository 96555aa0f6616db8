/** Pools whose workers run a file of the user's own. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { from, lastValueFrom } from 'rxjs';
import { createPool, mapArray, parallelMap, type Pool } from '../../lib/index.js';
import { runNode } from '../support/runNode.js';

const workers = join(__dirname, '../fixtures/workers');

interface Exposed {
  double: (value: number) => number;
}

const double = (pool: Pool) => pool.task<Exposed>('double');

describe.each(['exposes.cjs', 'exposes.mjs'])('a pool of the worker file %s', (file) => {
  let pool: Pool;
  beforeEach(() => {
    pool = createPool({ size: 2, worker: () => new Worker(join(workers, file)) });
  });
  afterEach(() => pool.destroy());

  it('runs what the file exposes, by every face', async () => {
    expect(await pool.mapArray([1, 2, 3], double(pool))).toEqual([2, 4, 6]);
    expect(await pool.run(double(pool), 4)).toBe(8);
    expect(await lastValueFrom(from([5]).pipe(pool.parallelMap(double(pool))))).toBe(10);
  });

  it('is where its tasks run when a call names no pool, and when it names this one', async () => {
    expect(await mapArray([1], double(pool))).toEqual([2]);
    expect(await lastValueFrom(from([2]).pipe(parallelMap(double(pool), { pool })))).toBe(4);
  });

  it('runs inline functions as well', async () => {
    expect(await pool.mapArray([1, 2], (value) => value + 1)).toEqual([2, 3]);
  });

  it('refuses a name that is not exposed, and tells those that are', async () => {
    const wrong = pool.task<{ duoble: (value: number) => number }>('duoble');
    await expect(pool.mapArray([1], wrong)).rejects.toMatchObject({
      name: 'TaskLoadError',
      message: expect.stringMatching(
        /no function "duoble"; it exposes: double, .*Did you mean "double"\?$/,
      ) as string,
    });
  });
});

describe('a worker file', () => {
  it('has the workerData that its user gave it', async () => {
    const worker = (): Worker => new Worker(join(workers, 'exposes.cjs'), { workerData: 'mine' });
    await using pool = createPool({ size: 1, worker });
    expect(await pool.run(pool.task<{ tellData: () => unknown }>('tellData'), 0)).toBe('mine');
  });

  it('that dies fails the element that it ran, and is made anew', async () => {
    let made = 0;
    const worker = (): Worker => (made++, new Worker(join(workers, 'exposes.cjs')));
    await using pool = createPool({ size: 1, worker });
    const exit = pool.task<{ exit: () => number }>('exit');
    await expect(pool.run(exit, 0)).rejects.toMatchObject({ exitCode: 3, index: 0 });
    expect(await pool.run(double(pool), 1)).toBe(2);
    expect(made).toBe(2);
  });

  it('is refused when it is handed out a second time', async () => {
    const only = new Worker(join(workers, 'exposes.cjs'));
    await using first = createPool({ size: 1, worker: () => only });
    await using second = createPool({ size: 1, worker: () => only });
    expect(await first.run(double(first), 1)).toBe(2);
    await expect(second.run(double(second), 1)).rejects.toThrow('it returned the same one twice');
  });

  it('is refused when it has ended before', async () => {
    const ended = new Worker('', { eval: true });
    await new Promise((resolve) => ended.once('exit', resolve));
    await using pool = createPool({ size: 1, worker: () => ended });
    await expect(pool.run(double(pool), 1)).rejects.toThrow('it returned one that has ended');
  });

  it.each([
    [
      'that ends without expose',
      '',
      /exit code 0.*must call expose\(\{ \.\.\. \}\), imported from/,
    ],
    [
      'that throws',
      'throw new RangeError("at load")',
      /uncaught RangeError: at load\. It threw before it had called expose/,
    ],
    ['with a slip of syntax', 'const x = ;', /uncaught SyntaxError: Unexpected token ';'/],
    [
      'that exposes what is no function',
      'require("rxjs-parallel-map/worker").expose({ limit: 3 })',
      /expects an object of functions, expose\(\{ std, max \}\), but limit is 3\. The worker file is what/,
    ],
    [
      'that exposes nothing',
      'require("rxjs-parallel-map/worker").expose({})',
      /but got one without any/,
    ],
    [
      'that exposes a function alone',
      'require("rxjs-parallel-map/worker").expose(() => 1)',
      /but got function \(anonymous\)/,
    ],
    [
      'that calls expose twice',
      'const { expose } = require("rxjs-parallel-map/worker"); expose({ a() {} }); expose({ b() {} })',
      /expose\(\) was called in a worker that serves already/,
    ],
    [
      'that calls the expose of threads',
      'require("threads/worker").expose({ double: (x) => x })',
      /it calls the expose\(\) of another package/,
    ],
  ])('%s is told of with what was expected', async (_, source, expected) => {
    await using pool = createPool({ size: 1, worker: () => new Worker(source, { eval: true }) });
    const reason: unknown = await pool.run(double(pool), 1).catch((error: unknown) => error);
    expect(reason).toMatchObject({ name: 'WorkerCrashedError', index: undefined });
    expect((reason as Error).message).toMatch(/^The worker file is not ready: /);
    expect((reason as Error).message).toMatch(expected);
  });

  it('cannot be loaded in the main thread', async () => {
    const { stderr, code } = await runNode([join(workers, 'exposes.cjs')]);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'expose() belongs into a worker file, but was called in the main thread',
    );
  });
});

describe('the option worker', () => {
  it('whose function throws or is none is told of', async () => {
    const worker = (): Worker => {
      throw new ReferenceError('Worker is not defined');
    };
    await using pool = createPool({ size: 1, worker });
    await expect(pool.run(double(pool), 1)).rejects.toThrow(
      /^The function `worker` made no worker: ReferenceError: Worker is not defined\. Import it/,
    );
    expect(() => createPool({ worker: './worker.js' as never })).toThrow(
      /^The option worker must be a function that makes a Worker, .*, but got "\.\/worker\.js"$/,
    );
  });

  it('that gives a promise is told of, and the worker that comes of it is ended', async () => {
    const ended: Promise<unknown>[] = [];
    const worker = async (): Promise<Worker> => {
      const made = new Worker('setInterval(() => {}, 1000)', { eval: true });
      ended.push(new Promise((resolve) => made.once('exit', resolve)));
      return made;
    };
    await using pool = createPool({ size: 1, worker: worker as never });
    await expect(pool.run(double(pool), 1)).rejects.toThrow('it returned an object (Promise)');
    expect(await Promise.all(ended)).toHaveLength(3);
  });

  it('stands alone: what workers are given belongs into its function', () => {
    const worker = (): Worker => new Worker('', { eval: true });
    expect(() => createPool({ worker, env: {} })).toThrow('The option env has no effect');
  });

  it('is what pool.task needs', async () => {
    await using pool = createPool({ size: 1 });
    await expect(pool.run(double(pool), 1)).rejects.toThrow('this pool has no worker file');
    expect(() => double(pool)(1)).toThrow("runs in the pool's workers only");
    expect(() => pool.task<Exposed>('' as never)).toThrow('pool.task() expects the name');
  });
});
