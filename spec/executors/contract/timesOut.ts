/** The contract: an element that runs for longer than it may is ended, and nothing else with it. */
import type { TaskContext } from '../../../lib/task/task.js';
import { makeFlags, raise, raised } from '../../support/handshake.js';
import { kindsOf, reasonOf, type Rig } from './Rig.js';

const STARTED = 0;
const GO = 1;
const TOLD_WHY = 2;

/** Milliseconds: shorter than anything that a test waits for. */
const SHORT = 20;

/** Longer than any test takes. */
const LONG = 60_000;

/** Ends once its signal is aborted, and tells whether that was for the time. */
const waitForAbort = async (
  flags: Int32Array | undefined,
  _: number,
  { signal }: TaskContext,
): Promise<string> => {
  if (!flags) return 'quick';
  Atomics.add(flags, 0, 1);
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  if ((signal.reason as Error).name === 'TimeoutError') Atomics.store(flags, 2, 1);
  return 'too late';
};

const waitForGo = async (flags: Int32Array): Promise<string> => {
  Atomics.add(flags, 0, 1);
  while (Atomics.load(flags, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  return 'went';
};

/** Never ends if it is given flags. */
const hang = (flags: Int32Array | undefined): unknown => {
  if (!flags) return 'quick';
  Atomics.add(flags, 0, 1);
  return new Promise(() => undefined);
};

export function timesOut(rig: () => Rig): void {
  it('an element over time, by its signal, whatever it gives then', async () => {
    await rig().open();
    const flags = makeFlags();
    const run = rig().run(waitForAbort, [flags], { indices: [7], timeout: SHORT });
    const [end] = await run.ends;
    expect(reasonOf(end)).toMatchObject({
      name: 'TaskTimeoutError',
      index: 7,
      timeout: SHORT,
      workerEnded: false,
    });
    expect(Atomics.load(flags, TOLD_WHY)).toBe(1);
  });

  it.each([0, 1, 2])('only position %i of a batch, which goes on where it is', async (late) => {
    await rig().open();
    const values = [0, 1, 2].map((position) => (position === late ? makeFlags() : undefined));
    const ends = await rig().run(waitForAbort, values, { timeout: SHORT, settled: true }).ends;
    expect(kindsOf(ends)).toEqual(values.map((flags) => (flags ? 'TaskTimeoutError' : 'value')));
    expect(rig().losses).toEqual([]);
  });

  it('each of several, one after the other', async () => {
    await rig().open();
    const ends = await rig().run(waitForAbort, [makeFlags(), makeFlags()], { timeout: SHORT }).ends;
    expect(kindsOf(ends)).toEqual(['TaskTimeoutError', 'TaskTimeoutError']);
    expect(rig().losses).toEqual([]);
  });

  it('an element that fails once it is over time', async () => {
    await rig().open();
    const giveUp = (_: number, __: number, { signal }: TaskContext): Promise<never> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    const [end] = await rig().run(giveUp, [0], { timeout: SHORT }).ends;
    expect(reasonOf(end)).toMatchObject({ name: 'TaskTimeoutError', index: 0 });
  });

  it('none that ends in time, however it ends', async () => {
    await rig().open();
    const fn = async (value: number): Promise<number> => {
      await Promise.resolve();
      if (value === 1) throw new RangeError('no');
      return value;
    };
    const ends = await rig().run(fn, [0, 1, 2], { timeout: LONG, settled: true }).ends;
    expect(kindsOf(ends)).toEqual(['value', 'TaskError', 'value']);
  });

  it('none for the time that it was queued', async () => {
    await Promise.all([rig().open(0), rig().open(1)]);
    const flags = makeFlags();
    const first = rig().run(waitForGo, [flags], { slot: 0 });
    const queued = rig().run(waitForAbort, [undefined, undefined], { slot: 0, timeout: SHORT });
    await raised(flags, STARTED);
    // By then the time of the queued ones would be over, too.
    await rig().run(waitForAbort, [makeFlags()], { slot: 1, timeout: 2 * SHORT }).ends;
    raise(flags, GO);
    expect(kindsOf(await first.ends)).toEqual(['value']);
    expect(kindsOf(await queued.ends)).toEqual(['value', 'value']);
  });

  it('an element that does not end for it, by losing its slot: its neighbours were not started', async () => {
    await rig().open();
    const flags = makeFlags();
    const run = rig().run(hang, [flags, flags, undefined], { timeout: SHORT });
    const next = rig().run(hang, [flags], { timeout: SHORT });
    const [end, ...neighbours] = await run.ends;
    expect(reasonOf(end)).toMatchObject({
      name: 'TaskTimeoutError',
      index: 0,
      timeout: SHORT,
      workerEnded: true,
    });
    expect(neighbours).toEqual(['unstarted', 'unstarted']);
    expect(await next.ends).toEqual(['unstarted']);
    expect(Atomics.load(flags, STARTED)).toBe(1);
    expect(rig().said).toEqual(['lost', 'returned 0', 'returned']);
  });

  it('nothing more once it is closed', async () => {
    await rig().open();
    const flags = makeFlags();
    const run = rig().run(hang, [flags, undefined], { timeout: LONG });
    await raised(flags, STARTED);
    await rig().close();
    expect(kindsOf(await run.ends)).toEqual(['WorkerCrashedError', 'unstarted']);
  });

  it('an element whose batch is being aborted, which returns all the same', async () => {
    await rig().open();
    const flags = makeFlags();
    const run = rig().run(hang, [flags, undefined], { timeout: SHORT });
    await raised(flags, STARTED);
    rig().executor.abort(0, run.id);
    expect(kindsOf(await run.ends)).toEqual(['TaskTimeoutError', 'unstarted']);
  });
}
