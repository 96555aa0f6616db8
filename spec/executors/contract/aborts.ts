/** The contract: an aborted batch starts nothing more, tells the function, and still returns. */
import type { TaskContext } from '../../../lib/task/task.js';
import { makeFlags, raise, raised } from '../../support/handshake.js';
import { kindsOf, type Rig } from './Rig.js';

const STARTED = 0;
const GO = 1;

/** Counts its starts, and ends once its signal is aborted. */
const waitForAbort = async (
  flags: Int32Array,
  index: number,
  { signal }: TaskContext,
): Promise<string> => {
  Atomics.add(flags, 0, 1);
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }
  return `${index} aborted`;
};

/** Counts its starts, and ends once the test lets it. */
const waitForGo = async (flags: Int32Array): Promise<string> => {
  Atomics.add(flags, 0, 1);
  while (Atomics.load(flags, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  return 'went';
};

export function aborts(rig: () => Rig): void {
  it('the signal of the element that runs, and starts no other', async () => {
    await rig().open();
    const flags = makeFlags();
    const run = rig().run(waitForAbort, [flags, flags, flags]);
    await raised(flags, STARTED);
    rig().executor.abort(0, run.id);
    expect(await run.ends).toEqual([{ value: '0 aborted' }, 'unstarted', 'unstarted']);
    expect(Atomics.load(flags, STARTED)).toBe(1);
  });

  it('an element in the middle: those before it keep their outcomes', async () => {
    await rig().open();
    const flags = makeFlags();
    const middle = async (
      given: Int32Array,
      index: number,
      { signal }: TaskContext,
    ): Promise<number> => {
      Atomics.add(given, 0, 1);
      if (index === 1) await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return index;
    };
    const run = rig().run(middle, [flags, flags, flags]);
    await run.firstSettled;
    rig().executor.abort(0, run.id);
    expect(await run.ends).toEqual([{ value: 0 }, { value: 1 }, 'unstarted']);
    expect(Atomics.load(flags, STARTED)).toBe(2);
  });

  it('without the function’s help: the batch returns once the function has', async () => {
    await rig().open();
    const flags = makeFlags();
    const run = rig().run(waitForGo, [flags, flags]);
    await raised(flags, STARTED);
    rig().executor.abort(0, run.id);
    expect(run.isOver).toBe(false);
    raise(flags, GO);
    expect(await run.ends).toEqual([{ value: 'went' }, 'unstarted']);
    expect(Atomics.load(flags, STARTED)).toBe(1);
  });

  it('a batch that has only just been handed over', async () => {
    await rig().open();
    const flags = makeFlags();
    const run = rig().run(waitForAbort, [flags, flags, flags]);
    rig().executor.abort(0, run.id);
    const ends = await run.ends;
    // It may or may not have come to start the first; what it started, it gives an outcome for.
    const started = kindsOf(ends).filter((kind) => kind !== 'unstarted').length;
    expect(Atomics.load(flags, STARTED)).toBe(started);
    expect(started).toBeLessThanOrEqual(1);
  });

  it('twice without harm', async () => {
    await rig().open();
    const flags = makeFlags();
    const run = rig().run(waitForAbort, [flags, flags]);
    await raised(flags, STARTED);
    rig().executor.abort(0, run.id);
    rig().executor.abort(0, run.id);
    expect(kindsOf(await run.ends)).toEqual(['value', 'unstarted']);
    expect(rig().losses).toEqual([]);
  });

  it('nothing of the batch that runs when asked for one that it does not know', async () => {
    await rig().open();
    const flags = makeFlags();
    const earlier = rig().run((value: number) => value, [1]);
    await earlier.ends;
    rig().executor.abort(0, earlier.id);
    const run = rig().run(waitForGo, [flags, flags]);
    await raised(flags, STARTED);
    rig().executor.abort(0, earlier.id);
    rig().executor.abort(0, 9999);
    rig().executor.abort(77, run.id);
    raise(flags, GO);
    expect(await run.ends).toEqual([{ value: 'went' }, { value: 'went' }]);
  });

  it('one batch only: the next one on the slot runs whole', async () => {
    await rig().open();
    const flags = makeFlags();
    const aborted = rig().run(waitForAbort, [flags, flags]);
    await raised(flags, STARTED);
    rig().executor.abort(0, aborted.id);
    await aborted.ends;
    const tell = (_value: number, index: number, { signal }: TaskContext) => [
      index,
      signal.aborted,
    ];
    expect(await rig().run(tell, [0, 0]).ends).toEqual([
      { value: [0, false] },
      { value: [1, false] },
    ]);
  });

  it('one slot only: the others go on', async () => {
    await Promise.all([rig().open(0), rig().open(1)]);
    const flags = [makeFlags(), makeFlags()] as const;
    const aborted = rig().run(waitForAbort, [flags[0], flags[0]], { slot: 0 });
    const other = rig().run(waitForGo, [flags[1], flags[1]], { slot: 1 });
    await Promise.all(flags.map((own) => raised(own, STARTED)));
    rig().executor.abort(0, aborted.id);
    expect(kindsOf(await aborted.ends)).toEqual(['value', 'unstarted']);
    raise(flags[1], GO);
    expect(await other.ends).toEqual([{ value: 'went' }, { value: 'went' }]);
  });

  it('an element that fails because of it', async () => {
    await rig().open();
    const flags = makeFlags();
    const giveUp = async (given: Int32Array, _: number, { signal }: TaskContext): Promise<void> => {
      Atomics.add(given, 0, 1);
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    };
    const run = rig().run(giveUp, [flags, flags]);
    await raised(flags, STARTED);
    rig().executor.abort(0, run.id);
    const [end, ...rest] = await run.ends;
    expect(end).toMatchObject({ reason: { name: 'TaskError', cause: { name: 'AbortError' } } });
    expect(rest).toEqual(['unstarted']);
  });
}
