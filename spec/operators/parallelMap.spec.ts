import {
  firstValueFrom,
  lastValueFrom,
  map,
  NEVER,
  of,
  range,
  Subject,
  throwError,
  toArray,
} from 'rxjs';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import {
  BufferOverflowError,
  createPool,
  inline,
  parallelMap,
  PoolClosedError,
  TaskError,
  type Pool,
  type SettledElement,
} from '../../lib/index.js';
import { virtualExecutor, type VirtualExecutor } from '../support/virtualExecutor.js';

/** Frames that an element takes: its own value, so that `cold('a', { a: 3 })` takes three. */
const itself = (value: unknown): number => value as number;

/** Runs a marble test on slots in virtual time. */
function marbles(
  test: (helpers: RunHelpers & { pool: Pool; executor: VirtualExecutor }) => void,
): () => void {
  return () => {
    const scheduler = new TestScheduler((actual, expected) => {
      expect(actual).toEqual(expected);
    });
    scheduler.run((helpers) => {
      const executor = virtualExecutor(itself);
      const pool = createPool({ size: 8, idleTimeout: Infinity, executor });
      test({ ...helpers, executor, pool });
    });
  };
}

const errorOf = (index: number, cause: unknown): TaskError => new TaskError(index, cause);
const times10 = (value: number): number => value * 10;
const failAt2 = (value: number): number => {
  if (value === 2) throw new RangeError('two');
  return value;
};

describe('parallelMap', () => {
  describe('order', () => {
    it(
      'gives results as workers finish, not in the order of the input',
      marbles(({ cold, expectObservable, pool }) => {
        const source = cold('ab|', { a: 5, b: 1 });
        const result = source.pipe(parallelMap(times10, { pool, concurrency: 2 }));
        expectObservable(result).toBe('--b--(a|)', { a: 50, b: 10 });
      }),
    );

    it(
      'hands the next element to whichever worker becomes free',
      marbles(({ cold, expectObservable, pool }) => {
        // Worker 1 has the 6; worker 2 has the 1, the 2 and the 3.
        const source = cold('(abcd|)', { a: 6, b: 1, c: 2, d: 3 });
        const result = source.pipe(parallelMap(times10, { pool, concurrency: 2 }));
        expectObservable(result).toBe('-b-c--(ad|)', { a: 60, b: 10, c: 20, d: 30 });
      }),
    );

    it(
      'is serial with one worker',
      marbles(({ cold, expectObservable, pool }) => {
        const source = cold('(abc|)', { a: 3, b: 1, c: 2 });
        const result = source.pipe(parallelMap(times10, { pool, concurrency: 1 }));
        expectObservable(result).toBe('---ab-(c|)', { a: 30, b: 10, c: 20 });
      }),
    );
  });

  describe('order, where it is asked for', () => {
    it(
      'is that of the input, while workers go on',
      marbles(({ cold, expectObservable, pool }) => {
        // Worker 1 has the 6; worker 2 has the 1, the 2 and the 3.
        const source = cold('(abcd|)', { a: 6, b: 1, c: 2, d: 3 });
        const result = source.pipe(parallelMap(times10, { pool, concurrency: 2, ordered: true }));
        expectObservable(result).toBe('------(abcd|)', { a: 60, b: 10, c: 20, d: 30 });
      }),
    );

    it(
      'holds elements back that are beyond the window',
      marbles(({ cold, expectObservable, pool }) => {
        // The 4 and the 5 start when the 6 has ended, though worker 2 had nothing to do.
        const source = cold('(abcd|)', { a: 6, b: 1, c: 4, d: 5 });
        const options = { pool, concurrency: 2, ordered: true, reorderWindow: 2 };
        const result = source.pipe(parallelMap(times10, options));
        expectObservable(result).toBe('------(ab)c(d|)', { a: 60, b: 10, c: 40, d: 50 });
      }),
    );

    it(
      'does not keep a failure waiting',
      marbles(({ cold, expectObservable, pool }) => {
        const source = cold('(ab|)', { a: 6, b: 2 });
        const result = source.pipe(parallelMap(failAt2, { pool, concurrency: 2, ordered: true }));
        expectObservable(result).toBe('--#', {}, errorOf(1, new RangeError('two')));
      }),
    );

    it(
      'is that of failures, too, where they are results',
      marbles(({ cold, expectObservable, pool }) => {
        const options = { pool, concurrency: 2, ordered: true, settled: true } as const;
        const result = cold('(ab|)', { a: 6, b: 2 }).pipe(
          parallelMap(failAt2, options),
          map(({ status, index }) => `${index} ${status}`),
        );
        expectObservable(result).toBe('------(ab|)', { a: '0 fulfilled', b: '1 rejected' });
      }),
    );
  });

  describe('more elements than can be mapped', () => {
    /** A is running when the others come, of which two may wait. */
    const overflowing = (overflow: 'buffer' | 'error' | 'drop-oldest' | 'drop-newest') => {
      return { concurrency: 1, overflow, ...(overflow !== 'buffer' && { highWaterMark: 2 }) };
    };
    const values = { a: 3, b: 1, c: 1.5, d: 2, e: 2.5 };
    const itself10 = (value: number): number => value;

    it.each([
      ['drop-oldest', ['a', 'd', 'e']],
      ['drop-newest', ['a', 'b', 'c']],
      ['buffer', ['a', 'b', 'c', 'd', 'e']],
    ] as const)('are dealt with as %s says', (overflow, left) => {
      marbles(({ hot, flush, pool }) => {
        const got: unknown[] = [];
        hot('(abcde|)', values)
          .pipe(parallelMap(itself10, { pool, ...overflowing(overflow) }))
          .subscribe((value) => got.push(value));
        flush();
        expect(got).toEqual(left.map((name) => values[name]));
      })();
    });

    it.each([
      ['drop-oldest', [1, 2]],
      ['drop-newest', [3, 4]],
    ] as const)('are told of where failures are results: %s', (overflow, dropped) => {
      marbles(({ hot, flush, pool }) => {
        const got: SettledElement<number>[] = [];
        const options = { pool, ...overflowing(overflow), settled: true, ordered: true } as const;
        hot('(abcde|)', values)
          .pipe(parallelMap(itself10, options))
          .subscribe((element) => got.push(element));
        flush();
        expect(got.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
        const rejected = got.filter(({ status }) => status === 'rejected');
        expect(rejected.map(({ index }) => index)).toEqual(dropped);
        expect(rejected[0]).toMatchObject({
          reason: { name: 'BufferOverflowError', index: dropped[0], highWaterMark: 2 },
          attempts: 0,
        });
      })();
    });

    it('may have run before where they are tried again, so that those are not dropped', () => {
      const options = { overflow: 'drop-oldest', retry: 1 } as const;
      expect(() => parallelMap(itself10, options)).toThrow(/does not go together with retry/);
      expect(() => parallelMap(itself10, { ...options, retry: 0 })).not.toThrow();
      expect(() => parallelMap(itself10, { ...options, overflow: 'drop-newest' })).not.toThrow();
    });

    it.each(['drop-oldest', 'drop-newest'] as const)('keep their order with %s', (overflow) => {
      marbles(({ hot, flush, pool }) => {
        const got: number[] = [];
        const options = { pool, ...overflowing(overflow), ordered: true };
        hot('(abcde|)', values)
          .pipe(parallelMap(itself10, options))
          .subscribe((value) => got.push(value));
        flush();
        expect(got).toEqual(overflow === 'drop-oldest' ? [3, 2, 2.5] : [3, 1, 1.5]);
      })();
    });

    it(
      'end the call where they are an error, and what runs is cancelled',
      marbles(({ hot, expectObservable, expectSubscriptions, flush, pool, executor }) => {
        const source = hot('(abc)-d-e', values);
        const result = source.pipe(
          parallelMap(itself10, { pool, ...overflowing('error'), highWaterMark: 1 }),
        );
        expectObservable(result).toBe('#', {}, new BufferOverflowError(undefined, 1));
        expectSubscriptions(source.subscriptions).toBe('(^!)');
        flush();
        expect(executor.log).toContain('abort 0');
      }),
    );
  });

  describe('completion', () => {
    it(
      'never ends for a source that never does',
      marbles(({ expectObservable, expectSubscriptions, cold, pool }) => {
        const source = cold<number>('-');
        expectObservable(source.pipe(parallelMap(times10, { pool })), '^----!').toBe('-');
        expectSubscriptions(source.subscriptions).toBe('^----!');
      }),
    );

    it(
      'completes at once for an empty source, and asks for no worker',
      marbles(({ cold, expectObservable, flush, pool, executor }) => {
        expectObservable(cold<number>('|').pipe(parallelMap(times10, { pool }))).toBe('|');
        flush();
        expect(executor.log).toEqual([]);
      }),
    );

    it(
      'waits for what is running when the source completes',
      marbles(({ cold, expectObservable, expectSubscriptions, pool }) => {
        const source = cold('a|', { a: 4 });
        expectObservable(source.pipe(parallelMap(times10, { pool }))).toBe('----(a|)', { a: 40 });
        expectSubscriptions(source.subscriptions).toBe('^!');
      }),
    );

    it(
      'can be subscribed again, each time afresh',
      marbles(({ cold, expectObservable, pool }) => {
        const indexed = parallelMap((value: number, index: number) => value * 10 + index, { pool });
        const result = cold('a-b|', { a: 1, b: 1 }).pipe(indexed);
        expectObservable(result, '^').toBe('-a-(b|)', { a: 10, b: 11 });
        expectObservable(result, '-----^').toBe('------a-(b|)', { a: 10, b: 11 });
      }),
    );
  });

  describe('errors', () => {
    it(
      'passes on an error of the source at once, and cancels what runs',
      marbles(({ cold, expectObservable, flush, pool, executor }) => {
        const result = cold('a-#', { a: 9 }).pipe(parallelMap(times10, { pool }));
        expectObservable(result).toBe('--#');
        flush();
        expect(executor.log).toContain('abort 0');
      }),
    );

    it(
      'errors with the first failure, unsubscribes from the source and starts nothing more',
      marbles(({ cold, expectObservable, expectSubscriptions, flush, pool, executor }) => {
        const source = cold('(abcd)-e', { a: 1, b: 2, c: 3, d: 7, e: 8 });
        const result = source.pipe(parallelMap(failAt2, { pool, concurrency: 2 }));
        const error = errorOf(1, new RangeError('two'));
        expectObservable(result).toBe('-a#', { a: 1 }, error);
        expectSubscriptions(source.subscriptions).toBe('^-!');
        flush();
        expect(executor.log).not.toContain('start 7');
      }),
    );

    it(
      'errors although the source is endless and silent',
      marbles(({ cold, expectObservable, pool }) => {
        const result = cold('a-', { a: 2 }).pipe(parallelMap(failAt2, { pool }));
        expectObservable(result).toBe('--#', {}, errorOf(0, new RangeError('two')));
      }),
    );

    it(
      'gives every failure as a value when settled, and goes on',
      marbles(({ cold, expectObservable, pool }) => {
        const options = { pool, concurrency: 1, settled: true } as const;
        const result = cold('(abc|)', { a: 1, b: 2, c: 3 }).pipe(parallelMap(failAt2, options));
        const common = { attempts: 1, duration: 0 };
        expectObservable(result).toBe('-a-b--(c|)', {
          a: { status: 'fulfilled', index: 0, value: 1, ...common },
          b: { status: 'rejected', index: 1, reason: errorOf(1, new RangeError('two')), ...common },
          c: { status: 'fulfilled', index: 2, value: 3, ...common },
        });
      }),
    );
  });

  describe('unsubscription', () => {
    it(
      'drops what has not started and aborts what runs',
      marbles(({ cold, expectObservable, expectSubscriptions, flush, pool, executor }) => {
        const source = cold('(abc)', { a: 5, b: 6, c: 7 });
        const result = source.pipe(parallelMap(times10, { pool, concurrency: 2 }));
        expectObservable(result, '^--!').toBe('---');
        expectSubscriptions(source.subscriptions).toBe('^--!');
        flush();
        expect(executor.log.filter((entry) => entry.startsWith('abort'))).toHaveLength(2);
        expect(executor.log).not.toContain('start 7');
      }),
    );

    it(
      'leaves the workers to the next call on the pool',
      marbles(({ cold, expectObservable, pool }) => {
        const busy = cold('(ab)', { a: 50, b: 50 }).pipe(pool.parallelMap(times10, 2));
        expectObservable(busy, '^-!').toBe('--');
        const next = cold('--(a|)', { a: 2 }).pipe(pool.parallelMap(times10, 2));
        expectObservable(next).toBe('----(a|)', { a: 20 });
      }),
    );

    it('ends a synchronous endless source when the first result is enough', async () => {
      const pool = createPool({ size: 1, executor: inline() });
      const result = range(0, Infinity).pipe(pool.parallelMap(times10));
      await expect(firstValueFrom(result)).resolves.toBe(0);
    });

    it('does not subscribe to the source when the signal is aborted already', () => {
      const source = new Subject<number>();
      const signal = AbortSignal.abort('enough');
      const error = jest.fn();
      source.pipe(parallelMap(times10, { signal })).subscribe({ error });
      expect(error).toHaveBeenCalledWith('enough');
      expect(source.observed).toBe(false);
    });

    it('errors with the reason of the signal when it is aborted', () => {
      const controller = new AbortController();
      const error = jest.fn();
      const { signal } = controller;
      NEVER.pipe(parallelMap(times10, { signal })).subscribe({ error });
      controller.abort('enough');
      expect(error).toHaveBeenCalledWith('enough');
    });
  });

  describe('on the inline executor', () => {
    const pool = createPool({ size: 2, executor: inline() });

    it('emits synchronously what a synchronous function gives', () => {
      const seen: number[] = [];
      of(1, 2, 3)
        .pipe(pool.parallelMap(times10))
        .subscribe((value) => seen.push(value));
      expect(seen).toEqual([10, 20, 30]);
    });

    it('takes elements that its own results bring about', () => {
      const source = new Subject<number>();
      const seen: number[] = [];
      source.pipe(pool.parallelMap((value: number) => value + 1)).subscribe({
        next: (value) => {
          seen.push(value);
          if (value < 5) source.next(value);
          else source.complete();
        },
        complete: () => seen.push(Infinity),
      });
      source.next(0);
      expect(seen).toEqual([1, 2, 3, 4, 5, Infinity]);
    });

    it('gives one result for each of many elements', async () => {
      const results = range(0, 5000).pipe(pool.parallelMap(times10), toArray());
      const expected = Array.from({ length: 5000 }, (_, index) => index * 10);
      await expect(lastValueFrom(results)).resolves.toEqual(expected);
    });

    it('passes on what the source throws', async () => {
      const result = throwError(() => new Error('source')).pipe(pool.parallelMap(times10));
      await expect(lastValueFrom(result)).rejects.toThrow('source');
    });
  });

  it('errors with a PoolClosedError when its pool was closed before', async () => {
    const pool = createPool({ executor: inline() });
    await pool.close();
    const result = of(1).pipe(parallelMap(times10, { pool }));
    await expect(lastValueFrom(result)).rejects.toThrow(PoolClosedError);
  });
});
