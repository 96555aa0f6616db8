import { BatchRun, type BatchRunOptions, type Ended } from '../../lib/task/BatchRun.js';
import type { TaskContext } from '../../lib/task/task.js';

/** Runs a batch, and notes what it reports on the way and at its end. */
function run(values: readonly unknown[], options: Partial<BatchRunOptions>) {
  const reported: unknown[][] = [];
  let next = 0;
  const returned = new Promise<Ended>((onReturned) => {
    new BatchRun({
      fn: (value: unknown) => value,
      workerId: 0,
      shared: undefined,
      ranges: [{ start: 0, end: values.length }],
      values,
      settled: false,
      reportAfter: Infinity,
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
});
