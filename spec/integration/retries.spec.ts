/** Tries and time-outs on real threads. What becomes of every kind of failure is in crashMatrix.spec.ts. */
import { from, lastValueFrom, toArray } from 'rxjs';
import { backoff, createPool, TaskError, TaskTimeoutError, type Pool } from '../../lib/index.js';
import { blockUntilRaised, makeFlags } from '../support/handshake.js';

/** Ends its worker as often as is said, and then well. */
const crashAtFirst = ({ tries, crashes }: { tries: Int32Array; crashes: number }, index: number) =>
  Atomics.add(tries, 0, 1) < crashes ? process.exit(7) : index;

const throwAtFirst = (tries: Int32Array, index: number): number => {
  if (Atomics.add(tries, 0, 1) === 0) throw new RangeError('not yet');
  return index;
};

describe('elements that fail', () => {
  let pool: Pool;
  beforeEach(() => (pool = createPool({ size: 2 })));
  afterEach(() => pool.destroy());

  it('are tried again on a new worker, where one ended with them', async () => {
    const values = [0, 1, 2].map((crashes) => ({ tries: makeFlags(), crashes }));
    const results = await pool.mapArray(values, crashAtFirst, { retry: 2, settled: true });
    expect(results).toMatchObject([
      { status: 'fulfilled', value: 0, attempts: 1 },
      { status: 'fulfilled', value: 1, attempts: 2 },
      { status: 'fulfilled', value: 2, attempts: 3 },
    ]);
  });

  it('are given up after three workers, however often they may be tried', async () => {
    const values = [Infinity, 0, 0].map((crashes) => ({ tries: makeFlags(), crashes }));
    const call = pool.mapArray(values, crashAtFirst, { retry: Infinity });
    await expect(call).rejects.toMatchObject({ index: 0, exitCode: 7, when: 'quarantined' });
    expect(Atomics.load(values[0]!.tries, 0)).toBe(3);
  });

  it('do not end a stream while they may be tried again', async () => {
    const results = from([makeFlags(), makeFlags(), makeFlags()]).pipe(
      pool.parallelMap(throwAtFirst, { retry: { count: 1, delay: backoff({ initial: 1 }) } }),
      toArray(),
    );
    expect((await lastValueFrom(results)).sort()).toEqual([0, 1, 2]);
  });

  it('are judged by their error', async () => {
    const on = (error: Error): boolean => !(error instanceof TaskError);
    const call = pool.run(throwAtFirst, makeFlags(), { retry: { count: 5, on } });
    await expect(call).rejects.toMatchObject({ cause: { message: 'not yet' } });
    expect(await pool.run(throwAtFirst, makeFlags(), { retry: 1 })).toBe(0);
  });
});

describe('elements with a time-out', () => {
  let pool: Pool;
  beforeEach(() => (pool = createPool({ size: 1 })));
  afterEach(() => pool.destroy());

  const hang = (_: number): Promise<never> => new Promise(() => undefined);

  it('fail with it, and leave the pool to others', async () => {
    const call = pool.run(hang, 0, { timeout: 20 });
    await expect(call).rejects.toBeInstanceOf(TaskTimeoutError);
    expect(await pool.run((x: number) => x, 1)).toBe(1);
  });

  it('take nothing along that had ended: it does not run again', async () => {
    const runs = new Int32Array(new SharedArrayBuffer(4 * 50));
    const loopSometimes = (counts: Int32Array, index: number): number => {
      Atomics.add(counts, index, 1);
      if (index % 20 === 7) for (;;);
      return index;
    };
    const values = Array.from({ length: 50 }, () => runs);
    const ends = await pool.mapArray(values, loopSometimes, {
      timeout: 20,
      settled: true,
      batchSize: 50,
    });
    expect(ends.filter(({ status }) => status === 'rejected').map(({ index }) => index)).toEqual([
      7, 27, 47,
    ]);
    expect([...runs]).toEqual(values.map(() => 1));
  });

  it('are given up after three workers, where they do not stop', async () => {
    const call = pool.run(hang, 0, { timeout: 1, retry: Infinity });
    await expect(call).rejects.toThrow('it is not tried again');
  });

  it('take no other along that was moved to their worker', async () => {
    await pool.mapArray([0, 1, 2], (x: number) => x); // now it knows how quick they are
    const fill = (bytes: Uint8Array): number => {
      if (bytes[0] === 3) for (;;);
      return bytes[0]!;
    };
    const values = Array.from({ length: 8 }, (_, nth) => new Uint8Array([nth]));
    const transfer = ({ buffer }: Uint8Array): ArrayBuffer[] => [buffer as ArrayBuffer];
    const ends = await pool.mapArray(values, fill, { timeout: 20, settled: true, transfer });
    expect(ends.map(({ status }) => status === 'fulfilled')).toEqual(
      values.map((_, nth) => nth !== 3),
    );
  });

  it('take those along that were moved in the same batch, which is told of', async () => {
    const fill = (bytes: Uint8Array): void => {
      if (bytes[0] === 0) for (;;);
    };
    const values = Array.from({ length: 2 }, (_, nth) => new Uint8Array([nth]));
    const transfer = ({ buffer }: Uint8Array): ArrayBuffer[] => [buffer as ArrayBuffer];
    const options = { timeout: 20, settled: true, transfer, batchSize: 2 } as const;
    expect(await pool.mapArray(values, fill, options)).toMatchObject([
      { reason: { name: 'TaskTimeoutError', workerEnded: true } },
      { reason: { name: 'WorkerCrashedError', when: 'moved', exitCode: undefined, index: 1 } },
    ]);
  });

  it('are not blamed for a main thread that is busy when they end', async () => {
    const raiseAtEnd = (flags: Int32Array, index: number): number => {
      Atomics.store(flags, 0, 1);
      Atomics.notify(flags, 0);
      return index;
    };
    const flags = makeFlags();
    const timeout = 50;
    await pool.run((x: number) => x, 0);
    const call = pool.mapArray([flags], raiseAtEnd, { timeout });
    blockUntilRaised(flags, 0);
    // Keeps this thread busy, with no look at the clock of the elements, until their time is over.
    Atomics.wait(makeFlags(), 0, 0, 3 * timeout);
    expect(await call).toEqual([0]);
  });
});
