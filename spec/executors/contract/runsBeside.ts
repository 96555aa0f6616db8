/** The contract: a slot runs several batches of a call beside each other, each as if it were alone. */
import { MOST_BESIDE } from '../../../lib/executors/Executor.js';
import type { TaskContext } from '../../../lib/task/task.js';
import { makeFlags, raise, raised, until } from '../../support/handshake.js';
import { kindsOf, reasonOf, type Rig, type Run } from './Rig.js';

const STARTED = 0;
const GO = 1;
const SHORT = 20;

/** Counts its starts, and tells once the test lets it whether it was aborted. */
const waitForGo = async (
  flags: Int32Array,
  index: number,
  { signal }: TaskContext,
): Promise<string> => {
  Atomics.add(flags, 0, 1);
  while (Atomics.load(flags, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  return `${index}${signal.aborted ? ' aborted' : ''}`;
};

/** Ends once all of so many have started. */
const meet = async ({ flags, count }: { flags: Int32Array; count: number }): Promise<void> => {
  Atomics.add(flags, 0, 1);
  while (Atomics.load(flags, 0) < count) await new Promise((resolve) => setTimeout(resolve, 1));
};

/** Hangs if it is not given flags, in spite of its signal. */
const hangOrWait = async (flags: Int32Array | undefined): Promise<string> => {
  if (!flags) return new Promise(() => undefined);
  Atomics.add(flags, 0, 1);
  while (Atomics.load(flags, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  return 'went';
};

export function runsBeside(rig: () => Rig): void {
  const wait = (flags: Int32Array, index: number): Run =>
    rig().run(waitForGo, [flags], { indices: [index], isBeside: true });

  it('several that wait, each of which returns when it has ended', async () => {
    await rig().open();
    const flags = [makeFlags(), makeFlags(), makeFlags()];
    const runs = flags.map(wait);
    await Promise.all(flags.map((one) => raised(one, STARTED)));
    for (const nth of [1, 2, 0]) {
      raise(flags[nth]!, GO);
      expect(await runs[nth]!.ends).toEqual([{ value: String(nth) }]);
    }
    // And one after the other again.
    expect(await rig().run((value: number) => value, [1, 2]).ends).toHaveLength(2);
  });

  it('as many as may be, also while their function is being loaded', async () => {
    await rig().open();
    const flags = makeFlags();
    const values = Array.from({ length: MOST_BESIDE }, () => ({ flags, count: MOST_BESIDE }));
    const runs = values.map((value) => rig().run(meet, [value], { isBeside: true }));
    for (const { ends } of runs) expect(kindsOf(await ends)).toEqual(['value']);
  });

  it('those that do not wait, one after the other', async () => {
    await rig().open();
    const runs = Array.from({ length: MOST_BESIDE }, (_, nth) =>
      rig().run((value: number) => value, [nth], { isBeside: true }),
    );
    const ends = await Promise.all(runs.map((run) => run.ends));
    expect(ends.flat()).toEqual(runs.map((_, value) => ({ value })));
  });

  it('and aborts one of them only', async () => {
    await rig().open();
    const flags = [makeFlags(), makeFlags()];
    const [first, second] = flags.map(wait);
    await Promise.all(flags.map((one) => raised(one, STARTED)));
    rig().executor.abort(0, first!.id);
    for (const one of flags) raise(one, GO);
    expect(await first!.ends).toEqual([{ value: '0 aborted' }]);
    expect(await second!.ends).toEqual([{ value: '1' }]);
  });

  it('and fails one of them only', async () => {
    await rig().open();
    const flags = makeFlags();
    const other = wait(flags, 0);
    const fail = async (): Promise<never> => Promise.reject(new RangeError('no'));
    const failing = rig().run(fail, [0], { isBeside: true });
    expect(kindsOf(await failing.ends)).toEqual(['TaskError']);
    raise(flags, GO);
    expect(kindsOf(await other.ends)).toEqual(['value']);
  });

  it('and refuses one that cannot be cloned, and no other that was handed over with it', async () => {
    await rig().open();
    const fn = (value: unknown): unknown => value;
    await rig().run(fn, [0], { isBeside: true }).ends;
    const runs = [1, () => 2, 3].map((value) => rig().run(fn, [value], { isBeside: true }));
    const ends = await Promise.all(runs.map((run) => run.ends));
    expect(kindsOf(ends.flat())).toEqual(['value', 'UncloneableError', 'value']);
  });

  it('and refuses one result that cannot be cloned, and no other that ended with it', async () => {
    await rig().open();
    const fn = async (value: number): Promise<unknown> => (value === 2 ? () => value : value);
    const runs = [1, 2, 3].map((value) => rig().run(fn, [value], { isBeside: true }));
    const ends = await Promise.all(runs.map((run) => run.ends));
    expect(kindsOf(ends.flat())).toEqual(['value', 'UncloneableError', 'value']);
  });

  it('and is lost for one that does not stop when its time is over, once the others have ended', async () => {
    await rig().open();
    const flags = makeFlags();
    const options = { isBeside: true, timeout: 60_000 };
    const other = rig().run(hangOrWait, [flags], options);
    await raised(flags, STARTED);
    const late = rig().run(hangOrWait, [undefined], { ...options, indices: [7], timeout: SHORT });
    await until(() => rig().said.includes('overdue'));
    expect(rig().losses).toEqual([]);
    raise(flags, GO);
    expect(await other.ends).toEqual([{ value: 'went' }]);
    const reason = reasonOf((await late.ends)[0]);
    expect(reason).toMatchObject({ name: 'TaskTimeoutError', index: 7, workerEnded: true });
    expect(rig().said).toEqual(['overdue', 'returned 0', 'lost', 'returned 0']);
  });

  it('and goes on if that one ends after all before the others do', async () => {
    await rig().open();
    const [flags, lateFlags] = [makeFlags(), makeFlags()];
    const options = { isBeside: true, timeout: 60_000 };
    const other = rig().run(hangOrWait, [flags], options);
    const late = rig().run(hangOrWait, [lateFlags], { ...options, timeout: SHORT });
    await until(() => rig().said.includes('overdue'));
    raise(lateFlags, GO);
    const reason = reasonOf((await late.ends)[0]);
    expect(reason).toMatchObject({ name: 'TaskTimeoutError', workerEnded: false });
    raise(flags, GO);
    expect(await other.ends).toEqual([{ value: 'went' }]);
    expect(rig().losses).toEqual([]);
  });

  it('and loses all that it ran when it is closed', async () => {
    await rig().open();
    const flags = [makeFlags(), makeFlags()];
    const runs = flags.map(wait);
    await Promise.all(flags.map((one) => raised(one, STARTED)));
    await rig().close();
    for (const { ends } of runs) expect(kindsOf(await ends)).toEqual(['WorkerCrashedError']);
    // In this thread they would go on, and keep it from ending.
    for (const one of flags) raise(one, GO);
  });

  it('and has room again for each that has returned', async () => {
    await rig().open();
    const ended = new Set<number>();
    const runNext = (value: number): void => {
      if (value >= 300) return;
      rig().run((given: number) => given, [value], {
        isBeside: true,
        onReturned: () => {
          ended.add(value);
          runNext(value + 3);
        },
      });
    };
    for (const first of [0, 1, 2]) runNext(first);
    await until(() => ended.size === 300);
  });
}

const exitOnGo = async (flags: Int32Array): Promise<void> => {
  Atomics.add(flags, 0, 1);
  while (Atomics.load(flags, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  process.exit(5);
};

/** Computes without an end if it is not given flags. */
const loopOrWait = (flags: Int32Array | undefined): Promise<string> => {
  while (!flags);
  Atomics.add(flags, 0, 1);
  return new Promise(() => undefined);
};

export function crashesBeside(rig: () => Rig): void {
  describe('of several that a slot runs at once', () => {
    it('all are lost that ran, and each says that another may be the cause', async () => {
      await rig().open();
      const flags = [makeFlags(), makeFlags(), makeFlags()];
      const runs = flags.map((one, nth) =>
        rig().run(exitOnGo, [one], { indices: [nth], isBeside: true }),
      );
      await Promise.all(flags.map((one) => raised(one, STARTED)));
      raise(flags[1]!, GO);
      for (const [index, { ends }] of runs.entries()) {
        const reason = reasonOf((await ends)[0]);
        expect(reason).toMatchObject({ name: 'WorkerCrashedError', index, exitCode: 5 });
        expect(reason.message).toContain(
          'It ran 2 others at the same time, each of which may be the cause.',
        );
      }
    });

    it('what had ended is kept, and what had not started comes back', async () => {
      await rig().open();
      const flags = makeFlags();
      const ended = rig().run((value: number) => value, [1], { isBeside: true });
      expect(await ended.ends).toEqual([{ value: 1 }]);
      raise(flags, GO);
      const exits = rig().run(exitOnGo, [flags], { isBeside: true });
      const behind = rig().run(exitOnGo, [flags], { isBeside: true });
      const reason = reasonOf((await exits.ends)[0]);
      expect(reason.message).toMatch(/^The worker that ran element 0 ended: exit code 5. The elem/);
      expect(await behind.ends).toEqual(['unstarted']);
    });

    it('one that is overdue ends with its worker, whatever ends that', async () => {
      await rig().open();
      const flags = makeFlags();
      const options = { isBeside: true, timeout: 60_000 };
      const exits = rig().run(exitOnGo, [flags], options);
      await raised(flags, STARTED);
      const late = rig().run(hangOrWait, [undefined], { ...options, timeout: SHORT });
      await until(() => rig().said.includes('overdue'));
      raise(flags, GO);
      expect(kindsOf(await exits.ends)).toEqual(['WorkerCrashedError']);
      expect(reasonOf((await late.ends)[0])).toMatchObject({
        name: 'TaskTimeoutError',
        workerEnded: true,
      });
    });

    it('one that computes without an end over its time takes its slot along, and those that it held up', async () => {
      await rig().open();
      const flags = makeFlags();
      const options = { isBeside: true, timeout: 10 * SHORT };
      const other = rig().run(loopOrWait, [flags], { ...options, indices: [1] });
      await raised(flags, STARTED);
      const late = rig().run(loopOrWait, [undefined], options);
      for (const { ends } of [late, other]) {
        const reason = reasonOf((await ends)[0]);
        expect(reason).toMatchObject({ name: 'TaskTimeoutError', workerEnded: true });
      }
    });
  });
}
