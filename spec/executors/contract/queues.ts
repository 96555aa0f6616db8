/** The contract: a slot holds a second batch; what has not started can be taken back from both. */
import type { TaskContext } from '../../../lib/task/task.js';
import { makeFlags, raise, raised } from '../../support/handshake.js';
import type { Rig } from './Rig.js';

const STARTED = 0;
const GO = 1;

/** Counts its starts, and ends once the test lets it. */
const waitForGo = async (flags: Int32Array, index: number): Promise<number> => {
  Atomics.add(flags, 0, 1);
  while (Atomics.load(flags, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  return index;
};

/** Counts its starts, and tells whether it was aborted. */
const count = (flags: Int32Array, _: number, { signal }: TaskContext): boolean => {
  Atomics.add(flags, 0, 1);
  return signal.aborted;
};

export function queues(rig: () => Rig): void {
  it('a second batch behind the one that runs, and starts it when that one returns', async () => {
    await rig().open();
    const [first, second] = [makeFlags(), makeFlags()];
    const running = rig().run(waitForGo, [first, first]);
    const waiting = rig().run(count, [second, second]);
    await raised(first, STARTED);
    expect(Atomics.load(second, STARTED)).toBe(0);
    raise(first, GO);
    expect(await running.ends).toEqual([{ value: 0 }, { value: 1 }]);
    expect(await waiting.ends).toEqual([{ value: false }, { value: false }]);
    expect(Atomics.load(second, STARTED)).toBe(2);
  });

  it('a batch of another task behind the one whose task is being loaded', async () => {
    await rig().open();
    const from = (source: string) => ({
      key: source,
      source: { kind: 'inline', source } as const,
      fn: undefined,
    });
    const runs = [rig().runTask(from('() => 1'), [0]), rig().runTask(from('() => 2'), [0])];
    expect(await Promise.all(runs.map((run) => run.ends))).toEqual([
      [{ value: 1 }],
      [{ value: 2 }],
    ]);
  });

  it('always two batches, handed over in the very returns of those before', async () => {
    await rig().open();
    const ended: number[] = [];
    await new Promise<void>((resolve) => {
      let next = 0;
      const runNext = (): void => {
        const value = next++;
        if (value === 42) return resolve();
        if (value > 40) return;
        rig().run((given: number) => given, [value], {
          onReturned: () => {
            ended.push(value);
            runNext();
          },
        });
      };
      runNext();
      runNext();
    });
    expect(ended).toEqual(Array.from({ length: 41 }, (_, nth) => nth));
  });

  it('and aborts the second only: the first one runs whole', async () => {
    await rig().open();
    const [first, second] = [makeFlags(), makeFlags()];
    const running = rig().run(waitForGo, [first, first]);
    const waiting = rig().run(count, [second, second]);
    await raised(first, STARTED);
    rig().executor.abort(0, waiting.id);
    raise(first, GO);
    expect(await running.ends).toEqual([{ value: 0 }, { value: 1 }]);
    expect(await waiting.ends).toEqual(['unstarted', 'unstarted']);
    expect(Atomics.load(second, STARTED)).toBe(0);
  });

  it('and aborts the first only: the second one runs whole, and is not aborted', async () => {
    await rig().open();
    const [first, second] = [makeFlags(), makeFlags()];
    const running = rig().run(waitForGo, [first, first]);
    const waiting = rig().run(count, [second, second]);
    await raised(first, STARTED);
    rig().executor.abort(0, running.id);
    raise(first, GO);
    expect(await running.ends).toEqual([{ value: 0 }, 'unstarted']);
    expect(await waiting.ends).toEqual([{ value: false }, { value: false }]);
  });

  describe('takes back what has not started', () => {
    const reclaim = (batch: number): number => rig().executor.reclaim!(0, batch);

    it('of the batch that runs, which returns with those that started', async () => {
      await rig().open();
      const flags = makeFlags();
      const run = rig().run(waitForGo, [flags, flags, flags], { indices: [7, 8, 20] });
      await raised(flags, STARTED);
      expect(reclaim(run.id)).toBe(1);
      expect(run.isOver).toBe(false);
      raise(flags, GO);
      expect(await run.ends).toEqual([{ value: 7 }, 'unstarted', 'unstarted']);
      expect(Atomics.load(flags, STARTED)).toBe(1);
    });

    it('of the batch behind it: all; it returns in its turn, and the slot goes on', async () => {
      await rig().open();
      const [first, second] = [makeFlags(), makeFlags()];
      const running = rig().run(waitForGo, [first]);
      const waiting = rig().run(count, [second, second]);
      await raised(first, STARTED);
      expect(reclaim(waiting.id)).toBe(0);
      raise(first, GO);
      expect(await running.ends).toEqual([{ value: 0 }]);
      expect(await waiting.ends).toEqual(['unstarted', 'unstarted']);
      expect(Atomics.load(second, STARTED)).toBe(0);
      expect(await rig().run(count, [second]).ends).toEqual([{ value: false }]);
    });

    it('without aborting what runs', async () => {
      await rig().open();
      const flags = makeFlags();
      const tellOfAbort = async (
        given: Int32Array,
        _: number,
        { signal }: TaskContext,
      ): Promise<boolean> => {
        Atomics.add(given, 0, 1);
        while (Atomics.load(given, 1) === 0) await new Promise((next) => setTimeout(next, 1));
        return signal.aborted;
      };
      const run = rig().run(tellOfAbort, [flags, flags]);
      await raised(flags, STARTED);
      reclaim(run.id);
      raise(flags, GO);
      expect(await run.ends).toEqual([{ value: false }, 'unstarted']);
    });

    it('once: whoever asks again is told the same', async () => {
      await rig().open();
      const flags = makeFlags();
      const run = rig().run(waitForGo, [flags, flags]);
      await raised(flags, STARTED);
      expect([reclaim(run.id), reclaim(run.id)]).toEqual([1, 1]);
      rig().executor.abort(0, run.id);
      expect(reclaim(run.id)).toBe(1);
      raise(flags, GO);
      expect(await run.ends).toEqual([{ value: 0 }, 'unstarted']);
    });

    it('nothing when all have started, or when the batch is unknown or has returned', async () => {
      await rig().open();
      const flags = makeFlags();
      const run = rig().run(waitForGo, [flags]);
      await raised(flags, STARTED);
      expect(reclaim(run.id)).toBe(1);
      raise(flags, GO);
      await run.ends;
      expect(reclaim(run.id)).toBeGreaterThanOrEqual(1);
      expect(reclaim(9999)).toBe(Infinity);
      expect(rig().executor.reclaim!(77, run.id)).toBe(Infinity);
      expect(await rig().run(waitForGo, [flags, flags]).ends).toEqual([{ value: 0 }, { value: 1 }]);
    });

    it('of a batch that has only just been handed over: each runs, or is taken back', async () => {
      await rig().open();
      const flags = makeFlags();
      raise(flags, GO);
      const run = rig().run(waitForGo, [flags, flags, flags, flags]);
      const taken = reclaim(run.id);
      const ends = await run.ends;
      expect(ends.map((end) => end !== 'unstarted')).toEqual(
        [0, 1, 2, 3].map((nth) => nth < taken),
      );
      expect(Atomics.load(flags, STARTED)).toBe(taken);
    });
  });
}
