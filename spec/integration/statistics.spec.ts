import { concat, filter, from, lastValueFrom, map, take, throwError, toArray } from 'rxjs';
import { setImmediate } from 'node:timers/promises';
import {
  createPool,
  defaultPool,
  inline,
  mapArray,
  PoolClosedError,
  trace,
} from '../../lib/index.js';
import { makeFlags, raised } from '../support/handshake.js';

const half = (value: number): number => value / 2;
const values = Array.from({ length: 10_000 }, (_, nth) => nth);

describe('the statistics of a pool of threads', () => {
  it('account for what was done, and leave nothing in flight', async () => {
    await using pool = createPool({ size: 2 });
    await pool.mapArray(values, half);
    const { elements, workers, calls, times } = pool.stats();
    expect(elements).toEqual({
      ...{ arrived: 10_000, waiting: 0, inFlight: 0, done: 10_000, failed: 0 },
      ...{ cancelled: 0, dropped: 0, retried: 0 },
    });
    expect(calls).toEqual({ open: 0, ended: 1 });
    expect(workers).toMatchObject({ alive: workers.opened, busy: 0, crashed: 0, failedToStart: 0 });
    expect(times.wait.count).toBe(10_000);
    expect(times.run.count).toBe(10_000);
  });

  it('are to be had of the default pool as well', async () => {
    const before = defaultPool().stats().elements.done;
    await mapArray([1, 2, 3], half, 1);
    expect(defaultPool().stats().elements.done).toBe(before + 3);
  });

  it('count results that were not taken as given out, as the call has ended', async () => {
    await using pool = createPool({ size: 1, executor: inline() });
    await lastValueFrom(from(values).pipe(pool.parallelMap(half), take(3)));
    const { arrived, done, cancelled, waiting, inFlight } = pool.stats().elements;
    expect(done).toBeGreaterThanOrEqual(3);
    expect(done + cancelled).toBe(arrived);
    expect(waiting + inFlight).toBe(0);
  });
});

describe('the events of a pool', () => {
  it('tell of workers, calls, batches and elements, and complete with the pool', async () => {
    const pool = createPool({ size: 1, executor: inline() });
    const told = lastValueFrom(pool.events$.pipe(toArray()));
    await pool.mapArray([1, 2], half, { batchSize: 2 });
    await pool.close();
    const events = await told;
    expect(events.map(({ type }) => type)).toEqual([
      ...['callStarted', 'elementsArrived', 'workerStarting', 'workerOpened', 'batchStarted'],
      ...['batchReturned', 'elementsDone', 'callEnded', 'workerClosed'],
    ]);
    expect(events[0]).toMatchObject({ type: 'callStarted', call: 0, name: 'half', concurrency: 1 });
    expect(events.at(-1)).toMatchObject({ type: 'workerClosed', reason: 'pool closed' });
  });

  it('tell why a worker ended, also where its call goes on', async () => {
    const pool = createPool({
      size: 2,
      initializer: ({ workerId }) => {
        if (workerId === 0) throw new Error('no licence left');
      },
    });
    const told = lastValueFrom(
      pool.events$.pipe(
        filter((event) => event.type === 'workerFailed' || event.type === 'workerCrashed'),
        map(({ type, worker, reason }) => `${type} ${worker}: ${reason}`),
        toArray(),
      ),
    );
    await pool.mapArray([1, 2], () => process.exit(7), { settled: true, concurrency: 1 });
    await pool.close();
    const [first, ...others] = await told;
    expect(first).toMatch(/^workerFailed 0: .*initializer failed: .*no licence left/);
    expect(others[0]).toMatch(/^workerCrashed \d+: .*exit code 7/);
  });

  it.each([
    ['over its time', { timeout: 20 }],
    ['after its call', { isAborted: true }],
  ])(
    'tell of a worker that was ended for an element that went on %s as overdue',
    async (_, how) => {
      const { isAborted = false, ...options } = how as { isAborted?: boolean; timeout?: number };
      const recording = trace();
      const pool = createPool({ size: 1, trace: recording });
      const told = lastValueFrom(pool.events$.pipe(toArray()));
      const flags = makeFlags();
      const controller = new AbortController();
      const call = pool.mapArray(
        [flags],
        (shared) => {
          Atomics.add(shared, 0, 1);
          while (true);
        },
        { ...options, signal: controller.signal },
      );
      const failure = expect(call).rejects.toThrow();
      if (isAborted) {
        await raised(flags, 0);
        controller.abort();
      }
      await failure;
      while (pool.stats().workers.overdue === 0) await setImmediate();
      expect(pool.stats().workers).toMatchObject({ overdue: 1, crashed: 0 });
      expect(recording.read().workers[0]).toMatchObject({ ending: 'overdue' });
      await pool.close();
      expect(await told).toContainEqual(
        expect.objectContaining({ type: 'workerClosed', reason: 'overdue' }),
      );
    },
  );

  it('tell of a call that its source failed as one that failed', async () => {
    const pool = createPool({ size: 1, executor: inline() });
    const told = lastValueFrom(
      pool.events$.pipe(
        filter((event) => event.type === 'callEnded'),
        map(({ how }) => how),
        toArray(),
      ),
    );
    const failing = concat(
      from([1, 2]),
      throwError(() => new Error('source')),
    );
    await expect(lastValueFrom(failing.pipe(pool.parallelMap(half)))).rejects.toThrow('source');
    const failingToo = function* (): Generator<number> {
      yield 1;
      throw new Error('generator');
    };
    await expect(lastValueFrom(from(pool.mapStream(failingToo(), half)))).rejects.toThrow(
      'generator',
    );
    await pool.close();
    expect(await told).toEqual(['failed', 'failed']);
  });

  it('let an observer destroy the pool: the call fails as it does then', async () => {
    const pool = createPool({ size: 1, executor: inline() });
    pool.events$.subscribe(({ type }) => {
      if (type === 'batchStarted') void pool.destroy();
    });
    const never = (): Promise<never> => new Promise(() => undefined);
    await expect(pool.mapArray([1], never)).rejects.toThrow(PoolClosedError);
  });

  it('go on for the others when an observer throws, which is told of as by RxJS', async () => {
    const pool = createPool({ size: 1, executor: inline() });
    const error = new Error('an observer of the user');
    const others = lastValueFrom(
      pool.events$.pipe(
        map(({ type }) => type),
        toArray(),
      ),
    );
    const thrown = await new Promise((resolve) => {
      jest.spyOn(globalThis, 'setTimeout').mockImplementation(((report: () => void) => {
        try {
          report();
        } catch (reported) {
          resolve(reported);
        }
      }) as never);
      pool.events$.subscribe(({ type }) => {
        if (type === 'callStarted') throw error;
      });
      void pool.mapArray([1], half);
    });
    jest.restoreAllMocks();
    await pool.close();
    expect(thrown).toBe(error);
    expect(await others).toContain('elementsDone');
  });
});
