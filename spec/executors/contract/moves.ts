/** The contract: memory that is moved rather than copied, and values that all batches share. */
import type { TaskContext } from '../../../lib/task/task.js';
import { makeFlags, raise, raised } from '../../support/handshake.js';
import { kindsOf, type Rig } from './Rig.js';

const sum = (bytes: Uint8Array): number => bytes.reduce((total, byte) => total + byte, 0);

export function moves(rig: () => Rig): void {
  it('inputs, which are empty here afterwards', async () => {
    await rig().open();
    const values = [new Uint8Array([1, 2]), new Uint8Array([3, 4])];
    const run = rig().run(sum, values, { transfer: values.map(({ buffer }) => buffer) });
    expect(await run.ends).toEqual([{ value: 3 }, { value: 7 }]);
    expect(values.map(({ byteLength }) => byteLength)).toEqual([0, 0]);
  });

  it('only what is to be moved; the rest is copied', async () => {
    await rig().open();
    const values = [new Uint8Array([1, 2]), new Uint8Array([3, 4])];
    const run = rig().run(sum, values, { transfer: [values[0]!.buffer] });
    expect(await run.ends).toEqual([{ value: 3 }, { value: 7 }]);
    expect(values.map(({ byteLength }) => byteLength)).toEqual([0, 2]);
  });

  it('nothing, when an input cannot be copied: the others can go again', async () => {
    await rig().open();
    const value = new Uint8Array([1, 2]);
    const run = rig().run(sum, [value, (() => 0) as never], { transfer: [value.buffer] });
    expect(kindsOf(await run.ends)).toEqual(['unstarted', 'UncloneableError']);
    const again = rig().run(sum, [value], { transfer: [value.buffer] });
    expect(await again.ends).toEqual([{ value: 3 }]);
  });

  it.each([
    ['a function that returns', ''],
    ['an async function', 'later'],
  ])('results of %s', async (_, when) => {
    await rig().open();
    const fill = (
      later: string,
      index: number,
      { transfer }: TaskContext,
    ): Uint8Array | Promise<Uint8Array> => {
      const bytes = new Uint8Array(4).fill(index);
      transfer(bytes, [bytes.buffer]);
      return later ? Promise.resolve(bytes) : bytes;
    };
    const ends = await rig().run(fill, [when, when, when]).ends;
    expect(ends).toEqual([0, 1, 2].map((index) => ({ value: new Uint8Array(4).fill(index) })));
  });

  it('a result that is still being made, not before it is ready', async () => {
    await rig().open();
    const flags = makeFlags();
    // The outcome of the first is told of while the second runs, which has named its memory already.
    const nameEarly = async (given: Int32Array, index: number, { transfer }: TaskContext) => {
      const bytes = new Uint8Array(4).fill(index + 1);
      transfer(bytes, [bytes.buffer]);
      while (index === 1 && Atomics.load(given, 0) === 0) {
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return bytes;
    };
    const run = rig().run(nameEarly, [flags, flags]);
    await run.firstSettled;
    raise(flags, 0);
    const ends = await run.ends;
    expect(ends).toEqual([1, 2].map((byte) => ({ value: new Uint8Array(4).fill(byte) })));
  });

  it('a result that two elements would move: it is copied', async () => {
    await rig().open();
    const giveSame = (_: number, __: number, { transfer }: TaskContext): Uint8Array => {
      const store = globalThis as { ours?: Uint8Array };
      const bytes = (store.ours ??= new Uint8Array([5]));
      return transfer(bytes, [bytes.buffer as ArrayBuffer]);
    };
    const ends = await rig().run(giveSame, [0, 0]).ends;
    delete (globalThis as { ours?: Uint8Array }).ours;
    expect(ends).toEqual([{ value: new Uint8Array([5]) }, { value: new Uint8Array([5]) }]);
  });

  describe('and hands each function the shared value', () => {
    const table = (id: number, rows: readonly number[]) => ({ id, value: { rows } });
    const row = (nth: number, _: number, { shared }: TaskContext<{ rows: number[] }>): number =>
      shared.rows[nth]!;

    it('of its own batch', async () => {
      await rig().open();
      const [one, two] = [table(1, [10, 11]), table(2, [20, 21])];
      const runs = [one, two].map((shared) => rig().run(row as never, [0, 1], { shared }));
      expect(await Promise.all(runs.map((run) => run.ends))).toEqual([
        [{ value: 10 }, { value: 11 }],
        [{ value: 20 }, { value: 21 }],
      ]);
      const again = rig().run(row as never, [0, 1], { shared: one });
      expect(await again.ends).toEqual([{ value: 10 }, { value: 11 }]);
    });

    it('as a copy, which the slot may change', async () => {
      const shared = table(1, [10]);
      const increase = (_: number, __: number, context: TaskContext<{ rows: number[] }>): number =>
        ++context.shared.rows[0]!;
      await rig().open();
      const ends = await rig().run(increase as never, [0, 0], { shared }).ends;
      expect(ends).toEqual([{ value: 11 }, { value: 12 }]);
      expect(shared.value.rows).toEqual([10]);
    });

    it('or names it in the error of each, if it cannot be copied', async () => {
      const shared = { id: 1, value: { rows: [() => 0] } };
      await rig().open();
      const ends = await rig().run(row as never, [0, 1], { shared }).ends;
      expect(kindsOf(ends)).toEqual(['UncloneableError', 'UncloneableError']);
      const { reason } = ends[0] as { reason: Error };
      expect(reason.message).toContain(
        'The shared value cannot be copied between threads: shared.rows[0]',
      );
    });

    it('which is the same object for all batches on a slot', async () => {
      await rig().open();
      const shared = table(1, [1]);
      const isKnown = (_: number, __: number, context: TaskContext<object>): boolean => {
        const store = globalThis as { first?: object };
        const known = store.first === context.shared;
        store.first ??= context.shared;
        return known;
      };
      const ends = [];
      for (let nth = 0; nth < 3; nth++) {
        ends.push(await rig().run(isKnown as never, [0], { shared }).ends);
      }
      delete (globalThis as { first?: object }).first;
      expect(ends).toEqual([[{ value: false }], [{ value: true }], [{ value: true }]]);
    });

    it('also when the batch that brought it was stopped before it ran', async () => {
      await rig().open();
      const flags = makeFlags();
      const hold = async (given: Int32Array): Promise<void> => {
        Atomics.add(given, 0, 1);
        while (Atomics.load(given, 1) === 0) await new Promise((next) => setTimeout(next, 1));
      };
      const running = rig().run(hold, [flags]);
      const stopped = rig().run(row as never, [0], { shared: table(1, [10]) });
      await raised(flags, 0);
      rig().executor.abort(0, stopped.id);
      raise(flags, 1);
      await running.ends;
      expect(await stopped.ends).toEqual(['unstarted']);
      const run = rig().run(row as never, [0], { shared: table(1, [10]) });
      expect(await run.ends).toEqual([{ value: 10 }]);
    });

    it('also after an input that could not be copied', async () => {
      await rig().open();
      const shared = table(1, [10]);
      await rig().run(row as never, [() => 0], { shared }).ends;
      expect(await rig().run(row as never, [0], { shared }).ends).toEqual([{ value: 10 }]);
    });

    it('until it is forgotten; one that nobody knows can be forgotten as well', async () => {
      await rig().open();
      await rig().run(row as never, [0], { shared: table(1, [10]) }).ends;
      rig().executor.forget(1);
      rig().executor.forget(1);
      rig().executor.forget(99);
      const run = rig().run(row as never, [0], { shared: table(2, [20]) });
      expect(await run.ends).toEqual([{ value: 20 }]);
    });

    it('and once it is forgotten, what comes under its number next', async () => {
      await rig().open();
      await rig().run(row as never, [0], { shared: table(1, [10]) }).ends;
      rig().executor.forget(1);
      const run = rig().run(row as never, [0], { shared: table(1, [30]) });
      expect(await run.ends).toEqual([{ value: 30 }]);
    });

    it('also to a slot that opened later', async () => {
      const shared = table(1, [10]);
      await rig().open(0);
      await rig().run(row as never, [0], { shared }).ends;
      await rig().open(1);
      const run = rig().run(row as never, [0], { shared, slot: 1 });
      expect(await run.ends).toEqual([{ value: 10 }]);
    });

    it('whose shared memory is the same everywhere', async () => {
      await Promise.all([rig().open(0), rig().open(1)]);
      const shared = { id: 1, value: makeFlags() };
      const add = (_: number, __: number, context: TaskContext<Int32Array>): void => {
        Atomics.add(context.shared, 0, 1);
      };
      const runs = [0, 1].map((slot) => rig().run(add as never, [0, 0], { slot, shared }));
      await Promise.all(runs.map((run) => run.ends));
      expect(Atomics.load(shared.value, 0)).toBe(4);
    });
  });
}
