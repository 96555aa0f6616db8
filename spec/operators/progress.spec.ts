import {
  concat,
  first,
  lastValueFrom,
  map,
  NEVER,
  of,
  Subject,
  throwError,
  type Observable,
} from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import {
  createPool,
  inline,
  progress,
  TaskError,
  type PoolEvent,
  type Progress,
  type SettledElement,
} from '../../lib/index.js';

function withTime(
  run: (helpers: {
    readonly cold: <T>(marbles: string, values?: Record<string, T>) => Observable<T>;
    readonly shown: (results: Observable<unknown>, total?: number) => Observable<string>;
    readonly expectThat: TestScheduler['expectObservable'];
  }) => void,
): void {
  const scheduler = new TestScheduler((found, expected) => {
    expect(found).toEqual(expected);
  });
  scheduler.run(({ cold, expectObservable }) => {
    run({
      cold: cold as never,
      shown: (results, total) =>
        results.pipe(
          progress(total, { scheduler, every: 100 }),
          map(({ done, failed, total }) => `${done}+${failed}/${total ?? '?'}`),
        ),
      expectThat: expectObservable,
    });
  });
}

type Ended = Extract<PoolEvent, { type: 'callEnded' }>;

const failure: SettledElement<never> = {
  ...{ status: 'rejected', reason: new TaskError(0, new Error()) },
  ...{ index: 0, attempts: 1, duration: 0 },
};

describe('progress of results', () => {
  it('comes with the first, then at a bounded rate, and at the end', () => {
    withTime(({ cold, shown, expectThat }) => {
      const results = cold('a 9ms b 9ms c 199ms d 9ms e|');
      expectThat(shown(results, 5)).toBe('a 99ms b 119ms c 10ms (d|)', {
        ...{ a: '1+0/5', b: '3+0/5', c: '4+0/5', d: '5+0/5' },
      });
    });
  });

  it('is told once where there are none, and says so', () => {
    withTime(({ cold, shown, expectThat }) => {
      expectThat(shown(cold('5ms |'))).toBe('5ms (a|)', { a: '0+0/0' });
      expectThat(shown(NEVER)).toBe('-');
    });
  });

  it('knows the total of a source that fails before it gave anything', () => {
    withTime(({ cold, shown, expectThat }) => {
      expectThat(shown(cold('5ms #'), 3)).toBe('5ms (a#)', { a: '0+0/3' });
    });
  });

  it('refuses a scheduler that is none', () => {
    expect(() => progress(3, { scheduler: 5 as never })).toThrow(
      new TypeError('progress: scheduler must be one of RxJS, such as asyncScheduler, but got 5'),
    );
  });

  it('knows the total at the end, if not before', () => {
    withTime(({ cold, shown, expectThat }) => {
      expectThat(shown(cold('a 4ms b|'))).toBe('a 5ms (b|)', { a: '1+0/?', b: '2+0/2' });
    });
  });

  it('ends with as many as came, whatever was said before', () => {
    withTime(({ cold, shown, expectThat }) => {
      expectThat(shown(cold('a 4ms b|'), 5)).toBe('a 5ms (b|)', { a: '1+0/5', b: '2+0/2' });
      expectThat(shown(cold('a 199ms b 9ms |'), 1)).toBe('a 199ms b 9ms (c|)', {
        ...{ a: '1+0/1', b: '2+0/2', c: '2+0/2' },
      });
    });
  });

  it('comes with the first and at the end only, if that is what is asked for', () => {
    const scheduler = new TestScheduler((found, expected) => {
      expect(found).toEqual(expected);
    });
    scheduler.run(({ cold, expectObservable }) => {
      const figures = cold('a 999ms b 999ms c|').pipe(
        progress(3, { scheduler, every: Infinity }),
        map(({ done }) => String(done)),
      );
      expectObservable(figures).toBe('1 2000ms (3|)');
    });
  });

  it('counts elements apart that failed, of a settled call', () => {
    withTime(({ cold, shown, expectThat }) => {
      expectThat(shown(cold('a|', { a: failure }), 1)).toBe('a(b|)', { a: '0+1/1', b: '0+1/1' });
    });
  });

  it('comes before an error', () => {
    withTime(({ shown, expectThat }) => {
      const results = concat(
        of(1, 2),
        throwError(() => 'over'),
      );
      expectThat(shown(results, 3)).toBe('(ab#)', { a: '1+0/3', b: '2+0/3' }, 'over');
    });
  });

  it('ends with whoever wants it, and lets go of the source', () => {
    const results = new Subject<number>();
    const told: Progress[] = [];
    const subscription = results.pipe(progress(3)).subscribe((one) => told.push(one));
    results.next(1);
    subscription.unsubscribe();
    expect(results.observed).toBe(false);
    expect(told).toHaveLength(1);
  });

  it('says what is wrong at the call', () => {
    expect(() => progress(-1)).toThrow('progress: total must be an integer of at least 0');
    expect(() => progress(1, { every: 0 })).toThrow(RangeError);
    expect(() => progress(1, { ever: 5 } as never)).toThrow('Did you mean "every"?');
  });
});

describe('the option onProgress', () => {
  const failAt2 = (value: number): number => {
    if (value === 2) throw new Error('two');
    return value;
  };
  const counts = ({ done, failed, total }: Progress) => `${done}+${failed}/${total ?? '?'}`;

  it.each([1, 4])(
    'tells the same at the end, whatever the concurrency: %d',
    async (concurrency) => {
      await using pool = createPool({ size: 4, executor: inline() });
      const told: Progress[] = [];
      const options = {
        ...{ concurrency, settled: true },
        onProgress: (one: Progress) => void told.push(one),
      };
      await pool.mapArray([1, 2, 3], failAt2, options);
      expect(told.at(-1)).toMatchObject({ done: 2, failed: 1, total: 3, eta: 0 });
      for await (const _ of pool.mapStream([1, 2, 3, 4], failAt2, options));
      expect(told.at(-1)).toMatchObject({ done: 3, failed: 1, total: 4, eta: 0 });
    },
  );

  it('comes at a bounded rate, and has come when the call is over', async () => {
    jest.useFakeTimers();
    try {
      await using pool = createPool({ size: 1, executor: inline() });
      const told: string[] = [];
      await pool.mapArray([1, 3, 4, 5], failAt2, {
        batchSize: 1,
        onProgress: (one) => told.push(counts(one)),
      });
      // No time has gone by.
      expect(told).toHaveLength(2);
      expect(told.at(-1)).toBe('4+0/4');
    } finally {
      jest.useRealTimers();
    }
  });

  it('tells of what had ended when the call failed, and of nothing once it is cancelled', async () => {
    await using pool = createPool({ size: 1, executor: inline() });
    const told: string[] = [];
    const onProgress = (one: Progress) => void told.push(counts(one));
    await expect(pool.mapArray([1, 2, 3], failAt2, { batchSize: 1, onProgress })).rejects.toThrow();
    expect(told.at(-1)).toBe('1+1/3');
    told.length = 0;
    for await (const _ of pool.mapStream([1, 3, 4], failAt2, { onProgress, total: 3 })) break;
    const then = told.length;
    await pool.close();
    expect(told).toHaveLength(then);
  });

  it('tells of nothing more once its signal has cancelled the call', async () => {
    await using pool = createPool({ size: 1, executor: inline() });
    const told: string[] = [];
    const controller = new AbortController();
    const ends = lastValueFrom(
      pool.events$.pipe(first((event): event is Ended => event.type === 'callEnded')),
    );
    const call = pool.mapArray([1, 2], () => new Promise(() => undefined), {
      onProgress: (one) => told.push(counts(one)),
      signal: controller.signal,
    });
    const before = told.length;
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    expect((await ends).how).toBe('cancelled');
    expect(told).toHaveLength(before);
  });

  it.each<readonly [string, () => void]>([
    [
      'throws',
      () => {
        throw new Error('no terminal');
      },
    ],
    ['rejects with', () => Promise.reject(new Error('no terminal'))],
  ])('fails the call with what it %s', async (_, onProgress) => {
    await using pool = createPool({ size: 1, executor: inline() });
    const never = (): Promise<never> => new Promise(() => undefined);
    const call = pool.mapArray([1, 2], (value: number) => (value === 1 ? 1 : never()), {
      batchSize: 1,
      onProgress,
    });
    await expect(call).rejects.toThrow('no terminal');
  });
});
