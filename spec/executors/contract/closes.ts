/** The contract: closing ends a slot at any moment, accounts for its batch, and leaves nothing. */
import { ParallelError, WorkerCrashedError } from '../../../lib/errors.js';
import type { TaskContext } from '../../../lib/task/task.js';
import { makeFlags, raise, raised, until } from '../../support/handshake.js';
import { kindsOf, reasonOf, type Rig } from './Rig.js';

const STARTED = 0;
const GO = 1;

/** Ends at once for the first element, and never for the others. */
const hangAfterFirst = async (flags: Int32Array, index: number): Promise<string> => {
  Atomics.add(flags, 0, 1);
  if (index > 0) await new Promise(() => undefined);
  return 'ended';
};

const hang = async (flags: Int32Array): Promise<void> => {
  Atomics.add(flags, 0, 1);
  await new Promise(() => undefined);
};

/** Says when it was told to stop, and goes on until the test lets it end. */
const hearAbort = async (flags: Int32Array, _: number, { signal }: TaskContext): Promise<void> => {
  Atomics.add(flags, 0, 1);
  signal.addEventListener('abort', () => Atomics.store(flags, 2, 1));
  while (Atomics.load(flags, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
};

export function closes(rig: () => Rig): void {
  it('a slot that is still opening: its open rejects, and nothing is left', async () => {
    const opening = rig().executor.open(0, (reason) => rig().losses.push(reason));
    const outcome = opening?.then(
      () => 'opened',
      (reason: unknown) => reason,
    );
    await rig().close(0);
    // Where opening takes no time there is nothing to reject.
    if (outcome) expect(await outcome).toBeInstanceOf(ParallelError);
    expect(rig().losses).toEqual([]);
    expect(await rig().leftovers()).toEqual([]);
  });

  it('many slots that are still opening', async () => {
    const slots = [0, 1, 2, 3];
    const opening = slots.map(async (slot) => {
      await rig().executor.open(slot, () => rig().said.push('lost'));
    });
    const settled = Promise.allSettled(opening);
    await Promise.all(slots.map((slot) => rig().close(slot)));
    await settled;
    expect(rig().said).toEqual([]);
    expect(await rig().leftovers()).toEqual([]);
  });

  it('an idle slot, without saying that it was lost', async () => {
    await rig().open();
    await rig().close();
    expect(rig().said).toEqual([]);
    expect(await rig().leftovers()).toEqual([]);
  });

  it('a slot that runs: its element is lost, what was not started comes back', async () => {
    await rig().open();
    const flags = makeFlags();
    const run = rig().run(hangAfterFirst, [flags, flags, flags, flags], { indices: [0, 1, 2, 3] });
    await until(() => Atomics.load(flags, STARTED) === 2);
    // What is killed can tell no more of an element that had ended: it counts as unstarted.
    await run.firstSettled;
    await rig().close();
    const ends = await run.ends;
    expect(kindsOf(ends)).toEqual(['value', 'WorkerCrashedError', 'unstarted', 'unstarted']);
    expect(reasonOf(ends[1])).toMatchObject({ index: 1 });
    expect(rig().losses).toEqual([]);
    expect(Atomics.load(flags, STARTED)).toBe(2);
    expect(await rig().leftovers()).toEqual([]);
  });

  it('a slot at its first element', async () => {
    await rig().open();
    const flags = makeFlags();
    const run = rig().run(hang, [flags, flags], { indices: [40, 50] });
    await raised(flags, STARTED);
    await rig().close();
    const ends = await run.ends;
    expect(kindsOf(ends)).toEqual(['WorkerCrashedError', 'unstarted']);
    expect(reasonOf(ends[0])).toBeInstanceOf(WorkerCrashedError);
    expect(reasonOf(ends[0])).toMatchObject({ index: 40 });
  });

  it('a slot whose batch was aborted and does not stop', async () => {
    await rig().open();
    const flags = makeFlags();
    const run = rig().run(hang, [flags, flags]);
    await raised(flags, STARTED);
    rig().executor.abort(0, run.id);
    await rig().close();
    expect(kindsOf(await run.ends)).toEqual(['WorkerCrashedError', 'unstarted']);
  });

  it('without waiting for the function, whose late end is not told of', async () => {
    await rig().open();
    const flags = makeFlags();
    const run = rig().run(hearAbort, [flags]);
    await raised(flags, STARTED);
    await rig().close();
    expect(kindsOf(await run.ends)).toEqual(['WorkerCrashedError']);
    raise(flags, GO);
    // The late end would have come by the time that another slot has looked as often as this.
    await rig().open(1);
    const takeTurns = async (turns: number): Promise<void> => {
      for (let turn = 0; turn < turns; turn++) await new Promise((next) => setTimeout(next, 1));
    };
    await rig().run(takeTurns, [20], { slot: 1 }).ends;
    expect(rig().said).toEqual(['returned 0', 'returned 0']);
  });

  it('a slot right after a batch was handed over: it returns', async () => {
    await rig().open();
    const flags = makeFlags();
    const run = rig().run(hang, [flags, flags]);
    await rig().close();
    // The first may or may not have been started by then; the second was not.
    expect(['WorkerCrashedError', 'unstarted']).toContain(kindsOf(await run.ends)[0]);
    expect(kindsOf(await run.ends)[1]).toBe('unstarted');
  });

  it.each([['one after the other'], ['at the same time']])('twice, %s', async (how) => {
    await rig().open();
    const flags = makeFlags();
    const run = rig().run(hang, [flags]);
    await raised(flags, STARTED);
    const first = rig().close();
    if (how === 'one after the other') await first;
    await rig().close();
    expect(await rig().leftovers()).toEqual([]);
    await first;
    expect(kindsOf(await run.ends)).toEqual(['WorkerCrashedError']);
    expect(rig().said).toEqual(['returned 0']);
  });

  it('one slot while the others go on', async () => {
    await Promise.all([rig().open(0), rig().open(1)]);
    const flags = [makeFlags(), makeFlags()] as const;
    const closed = rig().run(hang, [flags[0]], { slot: 0 });
    const other = rig().run(hearAbort, [flags[1], flags[1]], { slot: 1 });
    await Promise.all(flags.map((own) => raised(own, STARTED)));
    await rig().close(0);
    expect(kindsOf(await closed.ends)).toEqual(['WorkerCrashedError']);
    raise(flags[1], GO);
    expect(kindsOf(await other.ends)).toEqual(['value', 'value']);
    expect(Atomics.load(flags[1], 2)).toBe(0);
  });
}
