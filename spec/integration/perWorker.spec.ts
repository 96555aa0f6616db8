/** Several elements at once in each worker, on real threads: shared memory shows what runs beside what. */
import { from, lastValueFrom, take, toArray } from 'rxjs';
import { createPool, inline, type Pool, type TaskContext } from '../../lib/index.js';

const RUNNING = 0;
const MOST = 1;
const STARTED = 2;

const makeMemory = (): Int32Array => new Int32Array(new SharedArrayBuffer(64));

/** Waits for a moment, and notes how many did so at once, in all workers together. */
const note = async (value: number, _: number, { shared }: TaskContext<Int32Array>) => {
  const running = Atomics.add(shared, 0, 1) + 1;
  for (let most; running > (most = Atomics.load(shared, 1));) {
    Atomics.compareExchange(shared, 1, most, running);
  }
  await new Promise((resolve) => setTimeout(resolve, value % 3));
  Atomics.sub(shared, 0, 1);
  return value;
};

/** Ends when so many are there. */
const meet = async (count: number, _: number, { shared, workerId }: TaskContext<Int32Array>) => {
  Atomics.add(shared, 2, 1);
  while (Atomics.load(shared, 2) < count) await new Promise((resolve) => setTimeout(resolve, 1));
  return workerId;
};

const inputs = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('with perWorker', () => {
  let pool: Pool;
  let shared: Int32Array;
  beforeEach(() => {
    pool = createPool({ size: 2 });
    shared = makeMemory();
  });
  afterEach(() => pool.destroy());

  it('each worker runs so many at once, and all take part', async () => {
    const workers = await pool.mapArray(new Array<number>(10).fill(10), meet, {
      perWorker: 5,
      shared,
    });
    expect(new Set(workers).size).toBe(2);
    for (const id of new Set(workers)) expect(workers.filter((one) => one === id)).toHaveLength(5);
  });

  it.each([
    [2, 1, 2],
    [2, 3, 6],
    [1, 7, 7],
  ])(
    '%i workers with %i each never run more than %i at once',
    async (concurrency, perWorker, most) => {
      const options = { concurrency, perWorker, shared };
      expect(await pool.mapArray(inputs(300), note, options)).toEqual(inputs(300));
      expect(Atomics.load(shared, RUNNING)).toBe(0);
      expect(Atomics.load(shared, MOST)).toBeLessThanOrEqual(most);
    },
  );

  it('results come in order where asked, in both forms', async () => {
    const options = { perWorker: 4, ordered: true, shared };
    const pushed = from(inputs(200)).pipe(pool.parallelMap(note, options), toArray());
    expect(await lastValueFrom(pushed)).toEqual(inputs(200));
    const pulled = from(pool.mapStream(inputs(200), note, options)).pipe(toArray());
    expect(await lastValueFrom(pulled)).toEqual(inputs(200));
  });

  it('elements of one key run one at a time all the same', async () => {
    const alone = async (key: number, _: number, { shared }: TaskContext<Int32Array>) => {
      const beside = Atomics.add(shared, key, 1);
      await new Promise((resolve) => setTimeout(resolve, 1));
      Atomics.sub(shared, key, 1);
      return beside;
    };
    const keys = inputs(100).map((index) => index % 7);
    const options = { perWorker: 4, key: (key: number) => key, shared };
    expect(await pool.mapArray(keys, alone, options)).toEqual(keys.map(() => 0));
  });

  it('another call has its turn, though the first has always something that waits', async () => {
    const busy = createPool({ size: 1 });
    const endless = function* (): Generator<number> {
      for (let value = 0; ; value++) yield value;
    };
    const stream = busy.mapStream(endless(), note, { perWorker: 5, shared });
    const results = stream[Symbol.asyncIterator]();
    await results.next();
    const state = { isOver: false };
    const other = busy.run((value: number) => value + 1, 1).finally(() => (state.isOver = true));
    while (!state.isOver) await results.next();
    expect(await other).toBe(2);
    await results.return();
    await busy.close();
  });

  it('what a crash takes along beside the guilty is tried again alone where asked, and so is not lost', async () => {
    const fragile = async (value: number, _: number, { shared }: TaskContext<Int32Array>) => {
      Atomics.add(shared, 2, 1);
      while (Atomics.load(shared, 2) < 5) await new Promise((resolve) => setTimeout(resolve, 1));
      if (value === 3) process.exit(1);
      return value;
    };
    const options = { concurrency: 1, perWorker: 5, retry: 9, settled: true, shared } as const;
    const ends = await pool.mapArray(inputs(5), fragile, options);
    expect(ends.filter(({ status }) => status === 'rejected')).toMatchObject([
      { index: 3, attempts: 3, reason: { when: 'quarantined' } },
    ]);
  });

  it('what had ended before another one kept the thread busy over its time does not run again', async () => {
    const loop = async (value: number, _: number, { shared }: TaskContext<Int32Array>) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (value === 9 && Atomics.add(shared, 15, 1) === 0) for (;;);
      Atomics.add(shared, value, 1);
    };
    const options = { concurrency: 1, perWorker: 10, timeout: 400, retry: 2, shared };
    await pool.mapArray(inputs(10), loop, options);
    expect([...shared.subarray(0, 10)]).toEqual(new Array(10).fill(1));
  });

  it('one that hangs over its time costs its neighbours nothing', async () => {
    const hang = async (value: number): Promise<number> => {
      if (value === 3) await new Promise(() => undefined);
      return value;
    };
    const options = { concurrency: 1, perWorker: 5, timeout: 20, settled: true } as const;
    const ends = await pool.mapArray(inputs(200), hang, options);
    const failed = ends.filter(({ status }) => status === 'rejected');
    expect(failed).toMatchObject([{ index: 3, reason: { workerEnded: true } }]);
    expect(await pool.run((value: number) => value, 1)).toBe(1);
  });

  it('workers are replaced after so many elements', async () => {
    const short = createPool({ size: 1, maxElementsPerWorker: 3 });
    const idOf = async (_: number, __: number, { workerId }: TaskContext) => workerId;
    const workers = await short.mapArray(inputs(9), idOf, { perWorker: 5 });
    expect(new Set(workers).size).toBe(3);
    await short.close();
  });

  it('elements are moved to their worker one by one', async () => {
    const values = inputs(20).map((value) => new Uint8Array([value]));
    const read = async (bytes: Uint8Array) => bytes[0];
    const options = { perWorker: 3, transfer: ({ buffer }: Uint8Array<ArrayBuffer>) => [buffer] };
    expect(await pool.mapArray(values, read, options)).toEqual(inputs(20));
    expect(values.every(({ byteLength }) => byteLength === 0)).toBe(true);
  });

  it('a stream that is left early cancels all that runs', async () => {
    const wait = (value: number, _: number, { signal, shared }: TaskContext<Int32Array>) => {
      if (value === 0) return value;
      Atomics.add(shared, 0, 1);
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          Atomics.sub(shared, 0, 1);
          resolve(value);
        });
      });
    };
    const first = from(inputs(50)).pipe(pool.parallelMap(wait, { perWorker: 5, shared }), take(1));
    expect(await lastValueFrom(first)).toBe(0);
    await pool.close();
    expect(Atomics.load(shared, RUNNING)).toBe(0);
  });

  it('the same holds in this thread', async () => {
    const here = createPool({ size: 1, executor: inline() });
    expect(await here.mapArray([5, 5, 5, 5, 5], meet, { perWorker: 5, shared })).toHaveLength(5);
    expect(Atomics.load(shared, STARTED)).toBe(5);
    await here.close();
  });
});
