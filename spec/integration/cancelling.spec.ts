import { from, lastValueFrom, startWith, Subject, take, throwError, toArray } from 'rxjs';
import { createPool, parallelMap, type Pool, type TaskContext } from '../../lib/index.js';
import { blockUntilRaised, makeFlags, raise, raised, until } from '../support/handshake.js';

const STARTED = 0;
const MET = 1;
const ABORTED = 2;
const GO = 3;

/** The first element ends as soon as the second has begun; the others never end. */
const hangAfterFirst = async (flags: Int32Array, index: number): Promise<number> => {
  Atomics.add(flags, 0, 1);
  while (Atomics.load(flags, 0) < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  if (index > 0) await new Promise(() => undefined);
  return index;
};

/** The same, but the others do not even let the worker breathe. */
const loopAfterFirst = async (flags: Int32Array, index: number): Promise<number> => {
  Atomics.add(flags, 0, 1);
  if (index > 0) while (true);
  while (Atomics.load(flags, 0) < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  return index;
};

/** Ends when it is aborted, and counts that. */
const waitForAbort = async (
  flags: Int32Array,
  _: number,
  { signal }: TaskContext,
): Promise<string> => {
  Atomics.add(flags, 0, 1);
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  Atomics.add(flags, 2, 1);
  Atomics.notify(flags, 2);
  return 'aborted';
};

const waitForGo = async (flags: Int32Array): Promise<string> => {
  Atomics.add(flags, 0, 1);
  while (Atomics.load(flags, 3) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  return 'went';
};

/** Completes only when every worker of a pool of two takes part at the same time. */
async function useBothWorkers(pool: Pool): Promise<void> {
  const meet = async (flags: Int32Array): Promise<string> => {
    Atomics.add(flags, 1, 1);
    while (Atomics.load(flags, 1) < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    return 'met';
  };
  const flags = makeFlags();
  expect(await pool.mapArray([flags, flags], meet, 2)).toEqual(['met', 'met']);
  expect(Atomics.load(flags, MET)).toBe(2);
}

describe('cancelling a call', () => {
  let pool: Pool;

  beforeEach(() => {
    pool = createPool({ size: 2 });
  });

  afterEach(() => pool.destroy());

  it.each([
    ['waiting for something', hangAfterFirst],
    ['in an endless loop', loopAfterFirst],
  ])('take(1) frees the workers, also of elements that are %s', async (_, fn) => {
    const flags = makeFlags();
    const source = from(Array.from({ length: 10 }, () => flags));
    const results = source.pipe(parallelMap(fn, { pool, concurrency: 2 }), take(1), toArray());
    expect(await lastValueFrom(results)).toEqual([0]);
    await useBothWorkers(pool);
    // The slot of the first is refilled before its result is delivered, so a third may have begun.
    expect(Atomics.load(flags, STARTED)).toBeLessThanOrEqual(3);
  });

  it('take(1) frees the workers of an endless source', async () => {
    const source = new Subject<Int32Array>();
    const flags = makeFlags();
    const endless = source.pipe(startWith(flags), pool.parallelMap(waitForGo), take(1));
    const result = lastValueFrom(endless);
    source.next(flags);
    raise(flags, GO);
    expect(await result).toBe('went');
    expect(source.observed).toBe(false);
    await useBothWorkers(pool);
  });

  it('unsubscribing aborts what runs and starts nothing more', async () => {
    const flags = makeFlags();
    const all = Array.from({ length: 10 }, () => flags);
    const seen: unknown[] = [];
    const subscription = from(all)
      .pipe(pool.parallelMap(waitForAbort))
      .subscribe((result) => seen.push(result));
    await until(() => Atomics.load(flags, STARTED) === 2);
    subscription.unsubscribe();
    blockUntilRaised(flags, ABORTED, 2);
    await pool.close();
    expect(Atomics.load(flags, STARTED)).toBe(2);
    expect(seen).toEqual([]);
  });

  it('unsubscribing at once starts nothing at all', async () => {
    const flags = makeFlags();
    from([flags, flags]).pipe(pool.parallelMap(waitForAbort)).subscribe().unsubscribe();
    await pool.close();
    expect(Atomics.load(flags, STARTED)).toBe(0);
  });

  it('unsubscribing leaves the other calls alone', async () => {
    const own = makeFlags();
    const other = makeFlags();
    const subscription = from([own]).pipe(pool.parallelMap(waitForAbort)).subscribe();
    const going = pool.mapArray([other, other], waitForGo, 1);
    await Promise.all([raised(own, STARTED), raised(other, STARTED)]);
    subscription.unsubscribe();
    raise(other, GO);
    expect(await going).toEqual(['went', 'went']);
  });

  it('an error of the source cancels the rest', async () => {
    const flags = makeFlags();
    const source = new Subject<Int32Array>();
    const result = lastValueFrom(source.pipe(pool.parallelMap(waitForAbort)));
    source.next(flags);
    const failure = expect(result).rejects.toThrow('no more');
    await raised(flags, STARTED);
    source.error(new Error('no more'));
    blockUntilRaised(flags, ABORTED);
    await failure;
    await useBothWorkers(pool);
  });

  it('an error of one element cancels the others', async () => {
    const flags = makeFlags();
    const failFirst = async (given: Int32Array, index: number, { signal }: TaskContext) => {
      Atomics.add(given, 0, 1);
      while (Atomics.load(given, 0) < 2) await new Promise((resolve) => setTimeout(resolve, 1));
      if (index === 0) throw new RangeError('first');
      if (!signal.aborted) {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      }
      Atomics.add(given, 2, 1);
      Atomics.notify(given, 2);
    };
    const call = pool.mapArray([flags, flags, flags, flags, flags, flags], failFirst);
    await expect(call).rejects.toMatchObject({ index: 0, cause: { message: 'first' } });
    blockUntilRaised(flags, ABORTED);
    await useBothWorkers(pool);
    expect(Atomics.load(flags, STARTED)).toBeLessThanOrEqual(3);
  });

  it('an error of the source that comes at once starts nothing', async () => {
    const failing = throwError(() => new Error('at once')).pipe(pool.parallelMap(waitForAbort));
    await expect(lastValueFrom(failing)).rejects.toThrow('at once');
  });

  describe('by a signal', () => {
    it('rejects with its reason, aborts what runs, and starts nothing more', async () => {
      const flags = makeFlags();
      const controller = new AbortController();
      const { signal } = controller;
      const call = pool.mapArray([flags, flags, flags, flags], waitForAbort, { signal });
      await until(() => Atomics.load(flags, STARTED) === 2);
      const reason = new Error('changed my mind');
      controller.abort(reason);
      blockUntilRaised(flags, ABORTED, 2);
      await expect(call).rejects.toBe(reason);
      await pool.close();
      expect(Atomics.load(flags, STARTED)).toBe(2);
    });

    it('errors a stream with its reason', async () => {
      const flags = makeFlags();
      const controller = new AbortController();
      const stream = from([flags]).pipe(
        pool.parallelMap(waitForAbort, { signal: controller.signal }),
      );
      const result = lastValueFrom(stream);
      await raised(flags, STARTED);
      controller.abort('no');
      await expect(result).rejects.toBe('no');
    });

    it('that was aborted before starts nothing', async () => {
      const flags = makeFlags();
      const signal = AbortSignal.abort();
      await expect(pool.mapArray([flags], waitForAbort, { signal })).rejects.toBe(signal.reason);
      await pool.close();
      expect(Atomics.load(flags, STARTED)).toBe(0);
    });
  });
});
