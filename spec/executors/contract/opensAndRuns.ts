/** The contract: slots open, batches run on them, outcomes come back. */
import { prepareTask } from '../../../lib/task/prepareTask.js';
import type { TaskContext } from '../../../lib/task/task.js';
import { makeFlags, raise, until } from '../../support/handshake.js';
import type { Rig, Run } from './Rig.js';

const double = (value: number): number => value * 2;
const doubleLater = async (value: number): Promise<number> => value * 2;

export function opensAndRuns(rig: () => Rig): void {
  it.each([
    ['a function that returns', double],
    ['an async function', doubleLater],
  ])('%s, for a batch of one element', async (_, fn) => {
    await rig().open();
    const run = rig().run(fn, [21]);
    expect(await run.ends).toEqual([{ value: 42 }]);
    expect(rig().said).toEqual(['returned 0']);
  });

  it.each([
    ['a function that returns', double],
    ['an async function', doubleLater],
    [
      'one that is async now and then',
      (value: number) => (value % 2 ? 2 * value : Promise.resolve(2 * value)),
    ],
  ])('%s, for several elements in their order, the last outcome with the return', async (_, fn) => {
    await rig().open();
    const run = rig().run(fn, [1, 2, 3, 4]);
    expect(await run.ends).toEqual([{ value: 2 }, { value: 4 }, { value: 6 }, { value: 8 }]);
    expect(rig().said.map((said) => said.split(' ')[1])).toEqual(['0', '1', '2', '3']);
    expect(run.lastPositions).toContain(3);
  });

  it('one element of a slot at a time, however long its promise takes', async () => {
    await rig().open();
    const overlap = async ({ flags }: { flags: Int32Array }): Promise<number> => {
      const running = Atomics.add(flags, 0, 1) + 1;
      for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setTimeout(resolve, 0));
      Atomics.sub(flags, 0, 1);
      return running;
    };
    const flags = makeFlags();
    const run = rig().run(overlap, [{ flags }, { flags }, { flags }, { flags }]);
    expect(await run.ends).toEqual([{ value: 1 }, { value: 1 }, { value: 1 }, { value: 1 }]);
  });

  it('a function that gives something to wait for which is no Promise', async () => {
    await rig().open();
    const thenable = (value: number) =>
      ({
        then: (resolve: (value: number) => void) => {
          setTimeout(() => resolve(value + 1), 0);
        },
      }) as PromiseLike<number>;
    expect(await rig().run(thenable, [1, 2]).ends).toEqual([{ value: 2 }, { value: 3 }]);
  });

  it('thousands of elements in one batch, without losing one or changing their order', async () => {
    await rig().open();
    const values = Array.from({ length: 5000 }, (_, nth) => nth);
    const run = rig().run(double, values);
    expect(await run.ends).toEqual(values.map((value) => ({ value: 2 * value })));
    expect(rig().said.map((said) => Number(said.split(' ')[1]))).toEqual(values);
  });

  it('the function with the value, the place in the input, and the context', async () => {
    await rig().open(3);
    const tell = (value: string, index: number, { workerId, signal }: TaskContext) => [
      value,
      index,
      workerId,
      signal.aborted,
    ];
    const run = rig().run(tell, ['a', 'b'], { slot: 3, indices: [70, 4] });
    expect(await run.ends).toEqual([{ value: ['a', 70, 3, false] }, { value: ['b', 4, 3, false] }]);
  });

  it('with copies of the values, and gives copies of the results', async () => {
    await rig().open();
    const add = (list: number[]): number[] => {
      list.push(0);
      return list;
    };
    const list = [1, 2];
    const [end] = await rig().run(add, [list]).ends;
    expect(end).toEqual({ value: [1, 2, 0] });
    expect(list).toEqual([1, 2]);
  });

  it('with every kind of data there and back', async () => {
    await rig().open();
    const values = [
      undefined,
      null,
      NaN,
      -0,
      '',
      false,
      2n ** 70n,
      new Date(0),
      new Map([['set', new Set([1])]]),
      new Float64Array([0.1, NaN]),
      { list: [1, { deep: null }], none: undefined },
    ];
    const ends = await rig().run((given: unknown) => given, values).ends;
    expect(ends).toEqual(values.map((value) => ({ value })));
  });

  it('and measures how long the function took, where it ran, if that is wanted', async () => {
    await rig().open();
    const run = rig().run(doubleLater, [1, 2], { settled: true });
    await run.ends;
    for (const duration of run.durations) expect(duration).toBeGreaterThanOrEqual(0);
    const unsettled = rig().run(doubleLater, [1, 2]);
    await unsettled.ends;
    expect(unsettled.durations).toEqual([undefined, undefined]);
  });

  it('and tells of the outcomes of a long batch while it runs', async () => {
    await rig().open();
    const flags = makeFlags();
    const waitAtLast = async (given: Int32Array, index: number): Promise<number> => {
      while (index === 3 && Atomics.load(given, 0) === 0) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return index;
    };
    const run = rig().run(waitAtLast, [flags, flags, flags, flags]);
    await until(() => rig().said.length === 3);
    expect(rig().said).toEqual(['settled 0', 'settled 1', 'settled 2']);
    expect(run.isOver).toBe(false);
    raise(flags, 0);
    expect(await run.ends).toEqual([{ value: 0 }, { value: 1 }, { value: 2 }, { value: 3 }]);
    expect(run.lastPositions).toEqual([3]);
  });

  it('one batch after the other, the same task and another one', async () => {
    await rig().open();
    const first = prepareTask((value: number) => value + 1, 'the contract');
    const second = prepareTask((value: number) => value - 1, 'the contract');
    for (const [task, expected] of [
      [first, 6],
      [second, 4],
      [first, 6],
      [second, 4],
    ] as const) {
      expect(await rig().runTask(task, [5]).ends).toEqual([{ value: expected }]);
    }
  });

  it('the next batch when it is handed over in the very return of the last one', async () => {
    await rig().open();
    const runs: Run[] = [];
    await new Promise<void>((resolve) => {
      const next = (value: number): void => {
        const onReturned = (): void => (value < 20 ? next(value + 1) : resolve());
        runs.push(rig().run(double, [value], { onReturned }));
      };
      next(1);
    });
    const ends = await Promise.all(runs.map((run) => run.ends));
    const values = ends.flat().map((end) => (end as { value: number }).value);
    expect(values.sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, nth) => 2 * nth + 2),
    );
  });

  it('several slots at the same time', async () => {
    await Promise.all([rig().open(0), rig().open(1), rig().open(2)]);
    // None of them ends before all of them have begun.
    const meet = async (flags: Int32Array): Promise<string> => {
      Atomics.add(flags, 0, 1);
      while (Atomics.load(flags, 0) < 3) await new Promise((resolve) => setTimeout(resolve, 1));
      return 'met';
    };
    const flags = makeFlags();
    const runs = [0, 1, 2].map((slot) => rig().run(meet, [flags], { slot }));
    for (const run of runs) expect(await run.ends).toEqual([{ value: 'met' }]);
  });

  it('tasks of which only the source is at hand', async () => {
    await rig().open();
    const source = { kind: 'inline', source: 'triple(value) { return 3 * value; }' } as const;
    const run = rig().runTask({ key: 'triple', source, fn: undefined }, [1, 2]);
    expect(await run.ends).toEqual([{ value: 3 }, { value: 6 }]);
  });
}
