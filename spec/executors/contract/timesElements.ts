/** The contract: when elements ran, where that is wanted, by the clock of who asks. */
import type { Rig, Run } from './Rig.js';

const later = (value: number): number | Promise<number> => {
  if (value === 1) throw new Error('one');
  return value === 2 ? Promise.resolve(value) : value;
};

/** Start and end of each element. */
function spansOf({ starts, durations }: Run): [number, number][] {
  return starts.map((start, nth) => [start!, start! + durations[nth]!]);
}

export function timesElements(rig: () => Rig): void {
  it('each element one after the other, between the run and the return', async () => {
    await rig().open();
    // By then the function is known, and the clocks have been compared.
    await rig().run(later, [0], { wantsTimes: true }).ends;
    const before = performance.now();
    const run = rig().run(later, [0, 1, 2, 3], { wantsTimes: true });
    await run.ends;
    const moments = [before, ...spansOf(run).flat(), performance.now()];
    for (const [nth, moment] of moments.entries()) {
      // A start and a duration do not always add up to the last digit.
      expect(moment).toBeGreaterThanOrEqual(moments[Math.max(0, nth - 1)]! - 1e-6);
    }
  });

  it('nothing of those that nobody asks about', async () => {
    await rig().open();
    const run = rig().run(later, [0, 1, 2]);
    await run.ends;
    expect(run.starts).toEqual([undefined, undefined, undefined]);
    expect(run.durations).toEqual([undefined, undefined, undefined]);
  });
}
