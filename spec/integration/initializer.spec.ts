/** What a pool's workers begin with, on real threads: its initializer, and what all of its calls share. */
import { from, lastValueFrom, toArray } from 'rxjs';
import {
  createPool,
  inline,
  mapArray,
  parallelMap,
  task,
  TaskCaptureError,
  UncloneableError,
  WorkerCrashedError,
  type InitializerContext,
  type TaskContext,
} from '../../lib/index.js';
import { makeFlags, raise } from '../support/handshake.js';
import { leftoversSince, platformResources } from '../support/leftovers.js';

const RUNS = 0;
const MAY_WORK = 1;
type Flags = InitializerContext<Int32Array>;

const prepare = ({ shared, workerId }: Flags): void => {
  Atomics.add(shared, 0, 1);
  (globalThis as { prepared?: number }).prepared = workerId;
};
const prepared = (_: unknown, __: number, { workerId }: TaskContext<Int32Array>): boolean =>
  (globalThis as { prepared?: number }).prepared === workerId;
/** Fails until the test lets it work. */
const failAtFirst = ({ shared }: Flags): void => {
  Atomics.add(shared, 0, 1);
  if (Atomics.load(shared, 1) === 0) throw new RangeError('not yet');
};

describe('the initializer of a pool', () => {
  it('has run in each worker before its first element, and runs once in each', async () => {
    const shared = makeFlags();
    await using pool = createPool({ size: 2, shared, initializer: prepare });
    const values = Array.from({ length: 200 }, (_, nth) => nth);
    for (const all of [await pool.mapArray(values, prepared), await pool.mapArray([1], prepared)]) {
      expect(all.every(Boolean)).toBe(true);
    }
    expect(Atomics.load(shared, RUNS)).toBeLessThanOrEqual(2);
  });

  it('runs in workers that replace others, too', async () => {
    const shared = makeFlags();
    await using pool = createPool({
      size: 1,
      maxElementsPerWorker: 2,
      shared,
      initializer: prepare,
    });
    expect(await pool.mapArray([1, 2, 3, 4, 5, 6], prepared)).toEqual(Array(6).fill(true));
    expect(Atomics.load(shared, RUNS)).toBeGreaterThanOrEqual(3);
  });

  it('may be a task of a module, and fill what that keeps', async () => {
    const module = require.resolve('../fixtures/modules/tasks.cjs');
    await using pool = createPool({ size: 1, initializer: task(module, 'count', () => undefined) });
    const count = task(module, 'count', (): number => 0);
    expect(await pool.mapArray([1, 2], count)).toEqual([2, 3]);
  });

  it('that fails ends each call that waits, once, with its error; the pool goes on', async () => {
    const before = platformResources();
    const shared = makeFlags();
    const pool = createPool({ size: 2, shared, initializer: failAtFirst });
    const ends: unknown[] = [];
    const note = (end: unknown): number => ends.push(end);
    const same = (value: number): number => value;
    const results = from([1, 2, 3]).pipe(pool.parallelMap(same));
    await Promise.all([
      pool.mapArray([1, 2, 3], same).then(note, note),
      pool.mapArray([1, 2, 3], same, { settled: true }).then(note, note),
      pool.run(same, 1).then(note, note),
      new Promise<void>((resolve) =>
        results.subscribe({ next: note, error: (reason) => resolve(void note(reason)) }),
      ),
    ]);
    expect(ends).toHaveLength(4);
    for (const end of ends) {
      expect(end).toBeInstanceOf(WorkerCrashedError);
      expect(end).toMatchObject({ index: undefined, cause: { message: 'not yet' } });
      expect((end as Error).message).toMatch(/^The pool's initializer failed: RangeError: not yet/);
    }
    // Three in a row, or as many more as were on their way with the third.
    expect(Atomics.load(shared, RUNS)).toBeLessThanOrEqual(4);

    raise(shared, MAY_WORK);
    expect(await pool.mapArray([1, 2, 3], same)).toEqual([1, 2, 3]);
    await pool.close();
    expect(await leftoversSince(before)).toEqual([]);
  });

  it('is refused at once where it uses what is around it', () => {
    const around = 'around';
    const create = (): unknown =>
      createPool({
        initializer: () => {
          (globalThis as { prepared?: string }).prepared = around;
        },
      });
    expect(create).toThrow(TaskCaptureError);
    expect(create).toThrow('createPool cannot send this function to a worker: it uses around');
  });

  it('keeps what is around it in this thread', async () => {
    const seen: number[] = [];
    const initializer = ({ workerId }: InitializerContext): number => seen.push(workerId);
    await using pool = createPool({ size: 2, executor: inline(), initializer });
    expect(await pool.mapArray([1, 2], async (value) => value + seen.length)).toEqual([3, 4]);
    expect(seen).toEqual([0, 1]);
  });

  it('does not spoil the executor for another pool where it is refused', async () => {
    const executor = inline();
    expect(() => createPool({ executor, shared: () => undefined } as object)).toThrow();
    await createPool({ executor }).destroy();
  });
});

describe('what a pool shares', () => {
  const lookUp = (key: string, _: number, { shared }: TaskContext<Map<string, number>>) =>
    shared.get(key);
  const table = new Map([['a', 1]]);

  it('is seen by every call that has no shared value of its own', async () => {
    await using pool = createPool({ size: 2, shared: table });
    expect(await pool.mapArray(['a', 'b'], lookUp)).toEqual([1, undefined]);
    const own = { shared: new Map([['a', 2]]) };
    expect(await pool.mapArray(['a', 'b'], lookUp, own)).toEqual([2, undefined]);
    expect(await pool.run(lookUp, 'a')).toBe(1);
    expect(await mapArray(['a'], lookUp, { pool })).toEqual([1]);
    const stream = from(['a']).pipe(parallelMap(lookUp, { pool }), toArray());
    expect(await lastValueFrom(stream)).toEqual([1]);
  });

  it('is what it was when the pool was made', async () => {
    const changing = new Map([['a', 1]]);
    await using pool = createPool({ size: 1, shared: changing });
    changing.set('a', 2);
    expect(await pool.run(lookUp, 'a')).toBe(1);
  });

  it('may be null, which a call has instead of it as well', async () => {
    const sharedOf = (_: unknown, __: number, { shared }: TaskContext<unknown>): unknown => shared;
    await using pool = createPool({ size: 1, shared: null });
    expect(await pool.mapArray([1], sharedOf)).toEqual([null]);
    await using other = createPool({ size: 1, shared: 'the pool' });
    expect(await other.mapArray([1], sharedOf, { shared: null })).toEqual([null]);
    expect(await other.mapArray([1], sharedOf, { shared: undefined })).toEqual(['the pool']);
  });

  it('is refused at once where it cannot be copied', () => {
    const shared = { table, user: { save: () => undefined } } as unknown;
    const create = (): unknown => createPool({ shared });
    expect(create).toThrow(UncloneableError);
    expect(create).toThrow(
      'The shared value cannot be copied between threads: shared.user.save is a function',
    );
  });
});
