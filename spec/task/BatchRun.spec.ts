import { BatchRun, type BatchRunOptions, type Ended } from '../../lib/task/BatchRun.js';
import type { AnyFunction, Runnable, TaskContext } from '../../lib/task/task.js';

type Options = Partial<Omit<BatchRunOptions, 'fn'>> & { readonly fn?: AnyFunction };

/** Runs a batch, and notes what it reports on the way and at its end. */
function run(values: readonly unknown[], { fn, ...options }: Options) {
  const reported: unknown[][] = [];
  let next = 0;
  const returned = new Promise<Ended>((onReturned) => {
    new BatchRun({
      fn: (fn ?? ((value: unknown) => value)) as Runnable,
      workerId: 0,
      shared: undefined,
      ranges: [{ start: 0, end: values.length }],
      values,
      settled: false,
      wantsTimes: false,
      reportAfter: Infinity,
      now: () => performance.now(),
      claim: () => (next < values.length ? next++ : undefined),
      onSettled: (ended) => reported.push(ended.values),
      onReturned,
      ...options,
    }).start();
  });
  return { reported, returned };
}

const failAt2 = (value: number) => {
  if (value === 2) throw new Error('two');
  return value;
};

describe('a batch that runs', () => {
  it('reports a failure before the next element starts, with what ended before', async () => {
    const { reported, returned } = run([1, 2, 3, 4], { fn: failAt2 });
    await returned;
    expect(reported).toEqual([[1, undefined]]);
  });

  it('reports no failure by itself where failures are results', async () => {
    const { reported, returned } = run([1, 2, 3, 4], { fn: failAt2, settled: true });
    await returned;
    expect(reported).toEqual([]);
  });

  it('reports what has ended once so much time went by, and others follow', async () => {
    const { reported, returned } = run([1, 2], { reportAfter: 0 });
    expect((await returned).values).toEqual([2]);
    expect(reported).toEqual([[1]]);
  });

  it('notices after eight elements at the latest that they take long now', async () => {
    let now = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
    const slowFrom100 = (value: number): void => {
      if (value >= 100) now += 1000;
    };
    const { reported, returned } = run([...Array(120).keys()], {
      fn: slowFrom100,
      reportAfter: 10,
    });
    await returned;
    jest.restoreAllMocks();
    expect(reported[0]!.length).toBeGreaterThan(100);
    expect(reported[0]!.length).toBeLessThanOrEqual(108);
  });

  it('tells each element its place in the input', async () => {
    const ranges = [
      { start: 7, end: 9 },
      { start: 2, end: 3 },
    ];
    const { returned } = run(['a', 'b', 'c'], { fn: (_value, index: number) => index, ranges });
    expect((await returned).values).toEqual([7, 8, 2]);
  });

  it('gives a signal of its own to each element that asks for it', async () => {
    const fn = (_value: unknown, _index: number, context: TaskContext) => context.signal;
    const [first, second] = (await run([1, 2], { fn }).returned).values;
    expect(first).toBeInstanceOf(AbortSignal);
    expect(second).not.toBe(first);
  });

  it('gives a context of its own to each element that waits', async () => {
    const fn = async (_value: unknown, _index: number, context: TaskContext) => context;
    const [first, second] = (await run([1, 2], { fn }).returned).values;
    expect(second).not.toBe(first);
  });

  it('gives a context that was kept to no other element', async () => {
    const kept: TaskContext[] = [];
    const fn = (_value: unknown, _index: number, context: TaskContext): void => {
      kept.push(context);
    };
    await run([1, 2], { fn }).returned;
    expect(kept[1]!.signal).not.toBe(kept[0]!.signal);
  });

  it('gives one context to all where the function takes none', async () => {
    const contexts = new Set<unknown>();
    const fn = (...all: unknown[]): void => void contexts.add(all[2]);
    await run([1, 2, 3], { fn }).returned;
    expect(contexts.size).toBe(1);
  });

  describe('moves what an element hands over', () => {
    const [a, b, c] = [new ArrayBuffer(1), new ArrayBuffer(2), new ArrayBuffer(3)] as const;

    it('with its result', async () => {
      const fn = (value: ArrayBuffer, _index: number, { transfer }: TaskContext) =>
        transfer(value, [value]);
      expect((await run([a, b], { fn }).returned).transfer).toEqual([a, b]);
      const later = async (...args: Parameters<typeof fn>) => fn(...args);
      expect((await run([a, b], { fn: later }).returned).transfer).toEqual([a, b]);
    });

    it('but not where it fails after all', async () => {
      const fn = (value: ArrayBuffer, index: number, { transfer }: TaskContext) => {
        transfer(value, [value]);
        if (index === 1) throw new Error('no');
      };
      const options = { settled: true };
      expect((await run([a, b, c], { fn, ...options }).returned).transfer).toEqual([a, c]);
      const later = async (...args: Parameters<typeof fn>) => {
        fn(...args);
      };
      expect((await run([a, b, c], { fn: later, ...options }).returned).transfer).toEqual([a, c]);
    });

    it('but not what it hands over when it has ended, with the result of another', async () => {
      let transferOfFirst: TaskContext['transfer'] | undefined;
      const fn = async (value: ArrayBuffer, _index: number, { transfer }: TaskContext) => {
        transferOfFirst?.(c, [c]);
        transferOfFirst ??= transfer;
        return transfer(value, [value]);
      };
      expect((await run([a, b], { fn }).returned).transfer).toEqual([a, b]);
    });

    it('and says so where it hands over no list', async () => {
      const fn = (value: ArrayBuffer, _index: number, { transfer }: TaskContext) =>
        transfer(value, value as never);
      const [failure] = (await run([a], { fn }).returned).thrown;
      expect(String(failure?.thrown)).toBe(
        'TypeError: context.transfer expects a list of what is to be moved, transfer(result, [buffer]), but got an object (ArrayBuffer)',
      );
    });

    it.each([
      ['a view', new Uint8Array(2), 'a view of that (Uint8Array). Hand over its buffer'],
      ['a plain object', {}, 'an object (Object)'],
      ['a list', [], 'an object (Array)'],
      ['a number', 3, '3'],
      ['nothing', undefined, 'undefined'],
    ])('and says so where %s is in the list', async (_, item, got) => {
      const fn = (value: ArrayBuffer, _index: number, { transfer }: TaskContext) =>
        transfer(value, [value, item as never]);
      const { thrown, transfer } = await run([a], { fn }).returned;
      expect(String(thrown[0]?.thrown)).toMatch(
        /^TypeError: context\.transfer: list\[1\] must be /,
      );
      expect(String(thrown[0]?.thrown)).toContain(`but got ${got}`);
      expect(transfer).toEqual([]);
    });
  });
});
