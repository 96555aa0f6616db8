/** The contract: a slot that ends by itself while it holds two batches, or one whose values it was given. */
import { makeFlags, raise, raised } from '../../support/handshake.js';
import { kindsOf, reasonOf, type Rig } from './Rig.js';

const STARTED = 0;
const GO = 1;

/** Counts its starts, and ends the worker once the test lets it. */
const exitOnGo = async (flags: Int32Array): Promise<void> => {
  Atomics.add(flags, 0, 1);
  while (Atomics.load(flags, 1) === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  process.exit(5);
};

/** Ends the worker at its third element, which has the index 12. */
const exitAtThird = (bytes: Uint8Array, index: number): number =>
  index === 12 ? process.exit(5) : bytes.length;

const makeBytes = (count: number): Uint8Array<ArrayBuffer>[] =>
  Array.from({ length: count }, () => new Uint8Array(2));
const buffersOf = (values: readonly Uint8Array<ArrayBuffer>[]): ArrayBuffer[] =>
  values.map(({ buffer }) => buffer);

export function crashesOnTwoBatches(rig: () => Rig): void {
  describe('of the two batches on a slot', () => {
    it('only the element that runs is lost: all else comes back, that of the second too', async () => {
      await rig().open();
      const [first, second] = [makeFlags(), makeFlags()];
      const running = rig().run(exitOnGo, [first, first, first], { indices: [10, 11, 12] });
      const waiting = rig().run(exitOnGo, [second, second], { indices: [20, 21] });
      await raised(first, STARTED);
      raise(first, GO);
      const ends = await running.ends;
      expect(kindsOf(ends)).toEqual(['WorkerCrashedError', 'unstarted', 'unstarted']);
      expect(reasonOf(ends[0])).toMatchObject({ index: 10, exitCode: 5 });
      expect(await waiting.ends).toEqual(['unstarted', 'unstarted']);
      expect(Atomics.load(second, STARTED)).toBe(0);
      expect(rig().said).toEqual(['lost', 'returned 0', 'returned']);
    });

    it('what the first had ended is kept, and the element that runs of the second is lost', async () => {
      await rig().open();
      const flags = makeFlags();
      const first = rig().run((value: number) => value, [1, 2]);
      const second = rig().run(exitOnGo, [flags, flags], { indices: [20, 21] });
      expect(await first.ends).toEqual([{ value: 1 }, { value: 2 }]);
      await raised(flags, STARTED);
      raise(flags, GO);
      const ends = await second.ends;
      expect(kindsOf(ends)).toEqual(['WorkerCrashedError', 'unstarted']);
      expect(reasonOf(ends[0])).toMatchObject({ index: 20 });
    });

    it('what was taken back before is lost with neither', async () => {
      await rig().open();
      const [first, second] = [makeFlags(), makeFlags()];
      const running = rig().run(exitOnGo, [first, first]);
      const waiting = rig().run(exitOnGo, [second, second]);
      await raised(first, STARTED);
      expect(rig().executor.reclaim!(0, running.id)).toBe(1);
      expect(rig().executor.reclaim!(0, waiting.id)).toBe(0);
      raise(first, GO);
      expect(kindsOf(await running.ends)).toEqual(['WorkerCrashedError', 'unstarted']);
      expect(await waiting.ends).toEqual(['unstarted', 'unstarted']);
      expect(rig().said).toEqual(['lost', 'returned 0', 'returned']);
    });
  });

  describe('of a batch whose values were moved to the slot', () => {
    it('each element that had not ended is lost, since nobody has it any more', async () => {
      await rig().open();
      const values = makeBytes(4);
      const indices = [10, 11, 12, 13];
      const run = rig().run(exitAtThird, values, { indices, transfer: buffersOf(values) });
      const ends = await run.ends;
      expect(kindsOf(ends)).toEqual(['value', 'value', 'WorkerCrashedError', 'WorkerCrashedError']);
      expect(reasonOf(ends[2])).toMatchObject({ index: 12, exitCode: 5 });
      expect(reasonOf(ends[3])).toMatchObject({ index: 13, exitCode: 5 });
    });

    it('it is lost also behind one that was copied, which comes back', async () => {
      await rig().open();
      const flags = makeFlags();
      const values = makeBytes(2);
      const copied = rig().run(exitOnGo, [flags, flags]);
      const moved = rig().run(exitAtThird, values, { transfer: buffersOf(values) });
      await raised(flags, STARTED);
      raise(flags, GO);
      expect(kindsOf(await copied.ends)).toEqual(['WorkerCrashedError', 'unstarted']);
      expect(kindsOf(await moved.ends)).toEqual(['WorkerCrashedError', 'WorkerCrashedError']);
    });
  });
}
