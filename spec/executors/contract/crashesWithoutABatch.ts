/** The contract: a slot that ends by itself while it opens, or while it holds no batch. */
import { WorkerCrashedError } from '../../../lib/errors.js';
import type { CrashCapabilities } from '../contract.js';
import { makeFlags, raise } from '../../support/handshake.js';
import { Rig } from './Rig.js';

/** Ends the slot as soon as the test raises the flag, which may be long after the element ended. */
const exitOnFlag = (flags: Int32Array): string => {
  setInterval(() => {
    if (Atomics.load(flags, 0) === 1) process.exit(4);
  }, 1);
  return 'armed';
};

export function crashesWithoutABatch(
  rig: () => Rig,
  { broken }: Pick<CrashCapabilities, 'broken'>,
): void {
  describe.each(Object.entries(broken))('while it opens: %s', (_, makeExecutor) => {
    it('rejects with the reason, does not say that it was lost, and leaves nothing', async () => {
      const own = new Rig(makeExecutor());
      const [first, second] = await Promise.allSettled([own.open(0), own.open(1)]);
      for (const opening of [first, second]) {
        expect(opening).toMatchObject({ status: 'rejected', reason: { index: undefined } });
        expect((opening as PromiseRejectedResult).reason).toBeInstanceOf(WorkerCrashedError);
      }
      expect(own.said).toEqual([]);
      expect(await own.leftovers()).toEqual([]);
    });

    it('can be closed all the same', async () => {
      const own = new Rig(makeExecutor());
      const opening = Promise.allSettled([own.open()]);
      await own.close();
      await opening;
      await own.close();
      expect(own.said).toEqual([]);
      expect(await own.leftovers()).toEqual([]);
    });
  });

  it('on an idle slot: says once that it was lost, with the exit code', async () => {
    await rig().open();
    const flags = makeFlags();
    await rig().run(exitOnFlag, [flags]).ends;
    const loss = rig().loss();
    raise(flags, 0);
    await loss;
    await rig().close();
    expect(rig().said).toEqual(['returned 0', 'lost']);
    expect(rig().losses[0]).toBeInstanceOf(WorkerCrashedError);
    expect(rig().losses[0]).toMatchObject({ index: undefined, exitCode: 4 });
  });

  it('on one idle slot, while the others stay', async () => {
    const flags = makeFlags();
    await Promise.all([rig().open(0), rig().open(1)]);
    await rig().run(exitOnFlag, [flags], { slot: 1 }).ends;
    const loss = rig().loss();
    raise(flags, 0);
    await loss;
    expect(await rig().run((value: number) => value, [1], { slot: 0 }).ends).toEqual([
      { value: 1 },
    ]);
    expect(rig().losses).toHaveLength(1);
  });

  it('on an idle slot that is closed at that moment: says at most that it was lost', async () => {
    await rig().open();
    const flags = makeFlags();
    await rig().run(exitOnFlag, [flags]).ends;
    raise(flags, 0);
    await rig().close();
    expect(rig().said.filter((said) => said !== 'lost')).toEqual(['returned 0']);
    expect(rig().losses.length).toBeLessThanOrEqual(1);
  });
}
