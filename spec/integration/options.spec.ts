/** The options of a call on real threads, alone and with calls of other options beside it. */
import { from, lastValueFrom, toArray } from 'rxjs';
import {
  createPool,
  TaskError,
  UncloneableError,
  type Pool,
  type TaskContext,
} from '../../lib/index.js';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, nth) => nth);

/** Notes the elements in the order in which they start: how many there are, then each. */
const noteStart = (value: number, _: number, { shared }: TaskContext<Int32Array>): number => {
  shared[1 + Atomics.add(shared, 0, 1)] = value;
  return value;
};
const makeNotes = (count: number): Int32Array =>
  new Int32Array(new SharedArrayBuffer((1 + count) * Int32Array.BYTES_PER_ELEMENT));

describe('on real threads', () => {
  let pool: Pool;
  beforeEach(() => {
    pool = createPool({ size: 3 });
  });
  afterEach(() => pool.destroy());

  describe('cost', () => {
    const values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3];

    it('has the dearest run first, and leaves the results in the order of the input', async () => {
      const notes = makeNotes(values.length);
      const options = { cost: (value: number) => value, concurrency: 1, shared: notes };
      expect(await pool.mapArray(values, noteStart, options)).toEqual(values);
      expect([...notes.slice(1)]).toEqual([...values].sort((a, b) => b - a));
    });

    it('goes with a size of batches: each has the dearest of those that wait', async () => {
      const notes = makeNotes(values.length);
      const cost = (value: number): number => -value;
      const options = { cost, batchSize: 4, concurrency: 1, shared: notes };
      expect(await pool.mapArray(values, noteStart, options)).toEqual(values);
      expect([...notes.slice(1)]).toEqual([...values].sort((a, b) => a - b));
    });

    it('counts only among those that wait, in a stream', async () => {
      const notes = makeNotes(values.length);
      const options = { cost: (value: number) => value, concurrency: 1, shared: notes };
      const results = from(values).pipe(pool.parallelMap(noteStart, options), toArray());
      expect(new Set(await lastValueFrom(results))).toEqual(new Set(values));
      expect([...notes.slice(1)].sort()).toEqual([...values].sort());
    });
  });

  describe('calls of every kind at once', () => {
    const values = numbers(500);
    const failOnSevens = (value: number): number => {
      if (value % 7 === 0) throw new RangeError(`${value} is bad`);
      return value + 1;
    };
    const sum = (bytes: Uint8Array): number => bytes.reduce((total, byte) => total + byte, 0);
    const look = (value: number, _: number, { shared }: TaskContext<number[]>): number =>
      shared[value % shared.length]!;
    const fill = (value: number, _: number, { transfer }: TaskContext): Uint8Array => {
      const bytes = new Uint8Array(3).fill(value);
      return transfer(bytes, [bytes.buffer]);
    };

    it('give each their own results', async () => {
      const bytes = values.map((value) => new Uint8Array([value % 256, 1]));
      const calls = [
        pool.mapArray(values, (value) => value * 2, { batchSize: 1 }),
        pool.mapArray(values, async (value) => value * 3, { batchSize: 7, concurrency: 2 }),
        pool.mapArray(values, (value) => value * 5, { batchSize: 1000 }),
        pool.mapArray(values, (value) => -value, { cost: (value) => value % 10 }),
        pool.mapArray(bytes, sum, { transfer: ({ buffer }) => [buffer], batchSize: 20 }),
        pool.mapArray(values, look, { shared: [1, 2, 3] }),
        pool.mapArray(values, look, { shared: [4, 5], cost: () => 0 }),
        pool.mapArray(values, fill, { concurrency: 1 }),
      ] as const;
      const settled = pool.mapArray(values, failOnSevens, { settled: true, batchSize: 9 });

      expect(await Promise.all(calls)).toEqual([
        values.map((value) => value * 2),
        values.map((value) => value * 3),
        values.map((value) => value * 5),
        values.map((value) => -value),
        values.map((value) => (value % 256) + 1),
        values.map((value) => [1, 2, 3][value % 3]),
        values.map((value) => [4, 5][value % 2]),
        values.map((value) => new Uint8Array(3).fill(value)),
      ]);
      expect(bytes.every(({ byteLength }) => byteLength === 0)).toBe(true);
      for (const [index, end] of (await settled).entries()) {
        const status = index % 7 === 0 ? 'rejected' : 'fulfilled';
        expect(end).toMatchObject({ index, status });
        if (end.status === 'fulfilled') expect(end.value).toBe(index + 1);
        else expect(end.reason.cause).toMatchObject({ message: `${index} is bad` });
      }
    });

    it('go on when one of them fails, and when one is cancelled', async () => {
      const controller = new AbortController();
      const never = (): Promise<never> => new Promise(() => {});
      const failing = pool.mapArray(values, failOnSevens, { batchSize: 3 });
      const cancelled = pool.mapArray(values, never, {
        batchSize: 3,
        concurrency: 1,
        signal: controller.signal,
      });
      const going = pool.mapArray(values, look, { shared: [1, 2], batchSize: 3 });
      await expect(failing).rejects.toBeInstanceOf(TaskError);
      controller.abort('enough');
      await expect(cancelled).rejects.toBe('enough');
      expect(await going).toEqual(values.map((value) => [1, 2][value % 2]));
    });
  });

  describe('a shared value that cannot be copied', () => {
    it('fails the call with an UncloneableError, and leaves the pool as it was', async () => {
      const shared: unknown = { table: [1], save: () => undefined };
      const call = pool.mapArray([1, 2], (value) => value, { shared });
      await expect(call).rejects.toBeInstanceOf(UncloneableError);
      await expect(call).rejects.toThrow(
        'The shared value cannot be copied between threads: shared.save is a function',
      );
      expect(await pool.mapArray([1, 2], (value) => value * 2)).toEqual([2, 4]);
    });

    it('fails each element of a settled call', async () => {
      const shared: unknown = () => {};
      const fn = (value: number): number => value;
      const results = await pool.mapArray([1, 2], fn, { shared, settled: true });
      expect(results).toEqual([
        expect.objectContaining({ status: 'rejected', index: 0 }),
        expect.objectContaining({ status: 'rejected', index: 1 }),
      ]);
    });
  });
});
